/** What reading a contract gathers on its way: drafts of checks, rules left unchecked, faults; with the words for where things stand. */
import { nearest } from '../../analysis/nearest.ts';
import type { CheckDraft } from '../check-id.ts';
import type { Comparison, Dimension, Severity } from '../check.ts';
import type { Table, Unchecked } from '../contract.ts';
import type { Path, Problem } from './shape.ts';

export interface Findings {
  readonly drafts: CheckDraft[];
  readonly unchecked: Unchecked[];
  readonly problems: Problem[];
  /** The contract's own ids of rules, by where they stand. */
  readonly ids: Map<string, string>;
  /** A number as it stands in the document; absent where it is not a plain number. */
  writtenAt(path: Path): string | undefined;
}

/** Where a rule stands. */
export interface Site {
  readonly tables: readonly Table[];
  readonly table: Table;
  /** As the source calls it; absent for a rule of the table. */
  readonly column?: string;
  readonly path: Path;
}

/** What a draft has from where its rule stands and what the rule says of itself. */
export interface DraftBase {
  readonly name: string;
  readonly table: string;
  readonly severity: Severity;
  readonly dimension: Dimension;
  readonly tags: readonly string[];
  readonly source: string;
  readonly filter?: string;
  readonly owner?: string;
  readonly description?: string;
}

export const never: readonly Comparison[] = [{ kind: 'equal', value: '0' }];

/** `schema[0].properties[2].quality[0]` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** Digits as they were written, where that is a plain decimal. */
export function decimalAt(findings: Findings, path: Path, value: number): string {
  const written = findings.writtenAt(path)?.replace(/^\+/, '');
  return written !== undefined && /^-?\d+(?:\.\d+)?$/.test(written) ? written : String(value);
}

/** The column as the source calls it; a name the table does not have is a fault. A table that lists no columns may have any. */
export function knownColumn(findings: Findings, table: Table, name: string, path: Path): string {
  const found = table.columns.find((column) => column.name === name || column.physicalName === name);
  if (found !== undefined) return found.physicalName;
  if (table.columns.length > 0) {
    const [close] = nearest(
      name,
      table.columns.map((column) => column.name),
    );
    const hint = close === undefined ? '' : ` Did you mean ${close}?`;
    findings.problems.push({ path, message: `table ${table.name} has no column ${JSON.stringify(name)}.${hint}` });
  }
  return name;
}

export function knownTable(findings: Findings, tables: readonly Table[], name: string, path: Path): Table | undefined {
  const found = tables.find((table) => table.name === name || table.physicalName === name);
  if (found !== undefined) return found;
  const [close] = nearest(
    name,
    tables.map((table) => table.name),
  );
  const hint = close === undefined ? '' : ` Did you mean ${close}?`;
  findings.problems.push({ path, message: `the contract has no table ${JSON.stringify(name)}.${hint}` });
  return undefined;
}
