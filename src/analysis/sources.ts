/** What a source of a number comes to on given results, and which results it leans on. */
import { derive, derivations } from './derivations.ts';
import type { Source } from './evidence.ts';
import { cellAt, numberAt, type Table } from './table.ts';

export type Evaluation =
  { readonly kind: 'number'; readonly value: number } | { readonly kind: 'problem'; readonly problem: string };

/** Computes a source; `tableOf` gives the result of a call. */
export function evaluateSource(source: Source, tableOf: (call: string) => Table | undefined): Evaluation {
  if (source.kind === 'cell') return evaluateCell(source, tableOf(source.call));
  const values: number[] = [];
  for (const operand of source.of) {
    const evaluation = evaluateSource(operand, tableOf);
    if (evaluation.kind === 'problem') return evaluation;
    values.push(evaluation.value);
  }
  const value = derive(source.op, values);
  if (value !== undefined) return { kind: 'number', value };
  return problem(
    `\`${source.op}\` (${derivations[source.op].meaning}) has no finite value for ${values.length} operands: ${values.join(', ')}`,
  );
}

/** The calls a source leans on, each once, in order of appearance. */
export function callsOf(source: Source): string[] {
  return source.kind === 'cell' ? [source.call] : [...new Set(source.of.flatMap(callsOf))];
}

/** All cells a source is computed from. */
export function cellsOf(source: Source): Extract<Source, { kind: 'cell' }>[] {
  return source.kind === 'cell' ? [source] : source.of.flatMap(cellsOf);
}

function evaluateCell(source: Extract<Source, { kind: 'cell' }>, table: Table | undefined): Evaluation {
  const { call, row, column } = source;
  if (table === undefined) return problem(`there is no result of a call \`${call}\``);
  const value = numberAt(table, row, column);
  if (value !== undefined) return { kind: 'number', value };
  const cell = cellAt(table, row, column);
  if (cell !== undefined) {
    return problem(
      `expected a number in row ${row}, column \`${column}\` of \`${call}\`, found ${JSON.stringify(cell)}`,
    );
  }
  const columns = table.columns.map(({ name }) => `\`${name}\``).join(', ');
  return problem(
    `\`${call}\` has no row ${row}, column \`${column}\`: it has ${table.rows.length} rows (counted from 0) and the columns ${columns}`,
  );
}

function problem(text: string): Evaluation {
  return { kind: 'problem', problem: text };
}
