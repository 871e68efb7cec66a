/** Which cells a contract holds for wrong, and which are: a dirty file beside its clean twin, row by row. */
import { readFileSync } from 'node:fs';
import type { Cell } from '../../src/quality/ask.ts';
import type { Contract } from '../../src/quality/contract.ts';
import { columnsOf } from '../../src/quality/check-columns.ts';
import { duckdbDialect } from '../../src/quality/duckdb-dialect.ts';
import { failingRows } from '../../src/quality/failing-rows.ts';
import { withLake, type AskedLake } from './lake-ask.ts';

export type Cells = ReadonlySet<string>;

export type Score = {
  readonly wrong: number;
  readonly accused: number;
  readonly right: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
};

const pageRows = 5_000;

/** `row|column`, rows by the value of the file's first column. A cell is wrong where the two differ after trimming. */
export function wrongCells(dirtyFile: string, cleanFile: string): Cells {
  const [header = [], ...dirty] = csvRows(readFileSync(dirtyFile, 'utf8'));
  const [, ...clean] = csvRows(readFileSync(cleanFile, 'utf8'));
  const wrong = dirty.flatMap((row, index) =>
    row.flatMap((cell, place) =>
      cell.trim() === (clean[index]?.[place] ?? '').trim() ? [] : [`${row[0]}|${header[place]}`],
    ),
  );
  return new Set(wrong);
}

/** The cells that break a rule of the contract's only table, asked of the engine: a file whose first column names the row. */
export async function accusedCells(contract: Contract, file: string): Promise<Cells> {
  return withLake([file], async (lake) => {
    const [dataset = ''] = await lake.datasets();
    const columns = await lake.columns(dataset);
    const rowName = columns[0]?.name ?? '';
    const [stated] = contract.tables;
    if (stated === undefined) throw new Error('Expected a contract with a table, found none.');
    // The failing rows come with what the contract calls unique: the row's name and nothing else.
    const plain = stated.columns.map(({ primaryKeyPosition: _, ...column }) => ({
      ...column,
      unique: column.name === rowName,
    }));
    const context = {
      table: { ...stated, columns: plain },
      dataset,
      columns,
      dialect: duckdbDialect,
      others: new Map(),
    };
    const accused = new Set<string>();
    for (const check of contract.checks) {
      const failing = failingRows(context, check);
      if (failing === undefined || check.severity !== 'error') continue;
      const about = check.kind === 'functionalDependency' ? [check.column] : columnsOf(check);
      for (const [name] of await allRows(lake, failing.statement))
        for (const column of about) accused.add(`${String(name)}|${column}`);
    }
    return accused;
  });
}

export function scoreOf(wrong: Cells, accused: Cells): Score {
  const right = [...accused].filter((cell) => wrong.has(cell)).length;
  const precision = accused.size === 0 ? 1 : right / accused.size;
  const recall = wrong.size === 0 ? 1 : right / wrong.size;
  const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { wrong: wrong.size, accused: accused.size, right, precision, recall, f1 };
}

async function allRows(lake: AskedLake, statement: string): Promise<(readonly Cell[])[]> {
  const rows: (readonly Cell[])[] = [];
  for (let from = 0; ; from += pageRows) {
    const paged = `SELECT * FROM (${statement}) AS failing ORDER BY ALL LIMIT ${pageRows} OFFSET ${from}`;
    const answer = await lake.ask(paged, { maxRows: pageRows, purpose: 'failing rows' });
    if (answer.kind === 'refused') throw new Error(answer.reason);
    rows.push(...answer.rows);
    if (answer.rows.length < pageRows) return rows;
  }
}

/** Fields in quotes may hold commas, quotes and line ends. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}
