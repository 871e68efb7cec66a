/** What a quality check looks at: a dataset (or the part of it that was asked for) and the facts of each of its columns. */
import { numberAt } from '../../../analysis/table.ts';
import { tableOf, type DatasetInfo } from '../catalog.ts';
import type { Reply } from '../script.ts';

export type ColumnGroup = 'text' | 'number' | 'date' | 'other';

/** A column with the row of the result that describes it. */
export type ColumnFacts = {
  readonly name: string;
  /** Its name for sentences, with the dataset where there are several. */
  readonly title: string;
  readonly group: ColumnGroup;
  readonly whole: boolean;
  readonly reply: Reply;
  readonly row: number;
};

export type Subject = {
  readonly name: string;
  /** No other dataset is looked at, so columns need no more than their name. */
  readonly isAlone: boolean;
  /** Rows by the catalogue, where it knows them. */
  readonly expectedRows: number | undefined;
  /** What stands after FROM: the dataset, or a selection of its rows in brackets. */
  readonly source: string;
  readonly columns: readonly { readonly name: string; readonly group: ColumnGroup; readonly whole: boolean }[];
};

export type KnownSubject = Subject & { readonly rows: number; readonly facts: readonly ColumnFacts[] };

/** The group of a column by its type, in the words of DuckDB, Arrow or SQL. */
export function groupOf(type: string): ColumnGroup {
  if (/\[|struct|map|list|union|blob|binary|interval/i.test(type)) return 'other';
  if (/char|text|string|utf8|enum|json/i.test(type)) return 'text';
  if (/date|timestamp/i.test(type)) return 'date';
  if (/int|double|float|real|decimal|numeric|number/i.test(type)) return 'number';
  return 'other';
}

/** True for types without a fraction: only these can be keys. */
export function isWhole(type: string): boolean {
  return /int/i.test(type) && !/interval|point/i.test(type);
}

export function subjectOf(dataset: DatasetInfo, source: string, isAlone: boolean): Subject {
  const columns = dataset.columns.map(({ name, type }) => ({ name, group: groupOf(type), whole: isWhole(type) }));
  return { name: dataset.name, isAlone, expectedRows: dataset.rows, source, columns };
}

/** A number of a column's facts; zero when it is missing, so that a check that needs it finds nothing. */
export function fact(column: ColumnFacts, name: string): number {
  const table = tableOf(column.reply);
  return (table && numberAt(table, column.row, name)) ?? 0;
}

/** Cells of a text column that hold something: neither NULL nor blank nor a word for "missing". */
export function filled(column: ColumnFacts): number {
  return fact(column, 'rows') - fact(column, 'nulls') - fact(column, 'blanks') - fact(column, 'null_words');
}

/** Share of the filled cells that read as numbers, with or without unit, sign or comma. */
export function numberShare(column: ColumnFacts): number {
  const numbers = fact(column, 'plain_numbers') + fact(column, 'comma_numbers') + fact(column, 'marked_numbers');
  return filled(column) > 0 ? numbers / filled(column) : 0;
}

/** Share of the filled cells that read as dates. */
export function dateShare(column: ColumnFacts): number {
  return filled(column) > 0 ? fact(column, 'dates') / filled(column) : 0;
}

/** True for a text column whose cells are words, not numbers or dates in disguise. */
export function isWords(column: ColumnFacts): boolean {
  return column.group === 'text' && numberShare(column) < mostlyShare && dateShare(column) < mostlyShare;
}

/** From this share on a text column is taken for a number or date column with faults: clearly more than half. */
export const mostlyShare = 0.6;
