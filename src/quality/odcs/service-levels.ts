/** `slaProperties`: how fresh data must be, as checks; what only people can promise is listed. */
import { knownColumn, knownTable, pathText, type Findings } from './findings.ts';
import type { Table } from '../contract.ts';
import { isMap, type Path } from './shape.ts';

const unitSeconds: Readonly<Record<string, number>> = {
  s: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
  y: 31_557_600,
  yr: 31_557_600,
  year: 31_557_600,
};

/** Words of the standard, and what becomes of them; years are 365.25 days. */
const ages = new Map<string, 'freshness' | 'retention'>([
  ['latency', 'freshness'],
  ['ly', 'freshness'],
  ['freshness', 'freshness'],
  ['fr', 'freshness'],
  ['retention', 'retention'],
  ['re', 'retention'],
]);

/** `latency` (also `freshness`) of a date or timestamp column becomes a check of its newest value, `retention` one of its oldest. */
export function readServiceLevels(
  findings: Findings,
  tables: readonly Table[],
  contract: Record<string, unknown>,
): void {
  const levels = Array.isArray(contract['slaProperties']) ? (contract['slaProperties'] as unknown[]) : [];
  for (const [index, level] of levels.entries()) {
    if (!isMap(level)) continue;
    const path: Path = ['slaProperties', index];
    const element = level['element'] ?? contract['slaDefaultElement'];
    const property = level['property'] as string;
    if (typeof level['id'] === 'string') findings.ids.set(pathText(path), level['id']);
    const kind = ages.get(property.toLowerCase());
    if (kind !== undefined && typeof element === 'string' && element.includes('.'))
      readAge(findings, tables, kind, level, element, path);
    else
      findings.unchecked.push({
        name: `${property}: ${JSON.stringify(level['value'])}${typeof level['unit'] === 'string' ? ` ${level['unit']}` : ''}`,
        source: pathText(path),
        reason:
          kind !== undefined
            ? 'no element says which column (table.column) tells how old the data is'
            : 'it is a promise about the service, which the data does not show',
      });
  }
}

function readAge(
  findings: Findings,
  tables: readonly Table[],
  kind: 'freshness' | 'retention',
  level: Record<string, unknown>,
  element: string,
  path: Path,
): void {
  const dot = element.indexOf('.');
  const table = knownTable(findings, tables, element.slice(0, dot), [...path, 'element']);
  if (table === undefined) return;
  const column = knownColumn(findings, table, element.slice(dot + 1), [...path, 'element']);
  const unit = typeof level['unit'] === 'string' ? level['unit'] : 'd';
  const seconds = unitSeconds[unit.toLowerCase()] ?? unitSeconds[unit.toLowerCase().replace(/s$/, '')];
  const amount = Number(level['value']);
  if (seconds === undefined || !Number.isFinite(amount) || amount < 0) {
    const found = `${JSON.stringify(level['value'])} ${unit}`;
    findings.problems.push({ path, message: `expected a time such as value: 2 with unit: h, found ${found}` });
    return;
  }
  findings.drafts.push({
    kind,
    name: `${kind === 'freshness' ? 'newest' : 'oldest'} ${column} is at most ${amount} ${unit} old`,
    table: table.name,
    column,
    must: [{ kind: 'lessOrEqual', value: String(amount * seconds) }],
    severity: 'error',
    dimension: 'timeliness',
    tags: [],
    source: pathText(path),
  });
}
