/** The rows a question is about: a dataset, or the part of it in the period that the task names, with how that was read. */
import type { Finding } from '../../analysis/evidence.ts';
import { cellAt } from '../../analysis/table.ts';
import { tableOf, type DatasetInfo } from './catalog.ts';
import { periodsIn, type Period } from './period.ts';
import { asCount, cell, finding } from './quantities.ts';
import type { Reply } from './script.ts';
import { shown } from './shown.ts';
import { ident } from './sql.ts';
import { dateIn } from './target.ts';

export type Scope = {
  readonly dataset: DatasetInfo;
  /** What stands after FROM. */
  readonly source: string;
  /** Set when only a period was asked for and the dataset has a date to tell it by. */
  readonly period?: { readonly words: string; readonly column: string; readonly isRelative: boolean };
  /** What could not be applied. */
  readonly remarks: readonly string[];
};

export function scopeOf(task: string, dataset: DatasetInfo, period: Period | undefined = periodsIn(task)[0]): Scope {
  if (period === undefined) return { dataset, source: ident(dataset.name), remarks: [] };
  const column = dateIn(task, dataset);
  if (column === undefined) {
    const remark = `${shown(dataset.name)} has no date column, so all its rows were taken instead of those of ${shown(period.words)}.`;
    return { dataset, source: ident(dataset.name), remarks: [remark] };
  }
  const source = `(SELECT * FROM ${ident(dataset.name)} WHERE ${period.condition(column, dataset.name)})`;
  return { dataset, source, period: { words: period.words, column, isRelative: period.isRelative }, remarks: [] };
}

/** Which rows a period came to, so that a wrong reading is seen at once. */
export function scopeQuestion(scope: Scope): { about: string; sql: string }[] {
  if (scope.period === undefined) return [];
  const c = ident(scope.period.column);
  return [
    {
      about: `the rows of ${shown(scope.dataset.name)} in ${shown(scope.period.words)}`,
      sql: `SELECT count(*) AS "rows", min(${c})::DATE::VARCHAR AS earliest, max(${c})::DATE::VARCHAR AS latest FROM ${scope.source}`,
    },
  ];
}

export function scopeFinding(scope: Scope, reply: Reply | undefined): Finding[] {
  const table = reply && tableOf(reply);
  if (scope.period === undefined || reply === undefined || table === undefined) return [];
  const { words, column, isRelative } = scope.period;
  const earliest = cellAt(table, 0, 'earliest');
  const range = earliest === null ? '' : `, from ${shown(earliest)} to ${shown(cellAt(table, 0, 'latest'))}`;
  const latest = isRelative ? ', the latest one with data' : '';
  return finding(
    'supporting',
    `Read as: rows of ${shown(scope.dataset.name)} whose ${shown(column)} lies in ${shown(words)}${latest}. These are {0} rows${range}.`,
    [cell(reply, 0, 'rows', asCount)],
  );
}
