/** Asks for the facts every check starts from: counts of nulls, distinct values, numbers and dates in each column. */
import { numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import type { Question } from '../rounds.ts';
import type { Reply } from '../script.ts';
import { shown } from '../shown.ts';
import { ident, literal } from '../sql.ts';
import * as patterns from './patterns.ts';
import type { ColumnFacts, KnownSubject, Subject } from './subject.ts';

/** Columns per query: the query and its result together stay well below what a model is shown at once. */
const columnsPerQuery = 12;

/** From this many rows on each column is asked for alone, so that one that takes too long does not cost the others. */
const largeRows = 500_000;

type FactQuestion = Question & { readonly columns: readonly Subject['columns'][number][] };

/** The questions of a subject: its size first, then its columns in small groups. */
export function factQuestions(subject: Subject): { size: Question; facts: FactQuestion[] } {
  const size = {
    about: `the number of rows of ${shown(subject.name)}`,
    sql: `SELECT count(*) AS "rows", (SELECT len(json_keys(to_json(t))) FROM ${ident(subject.name)} t LIMIT 1) AS "columns" FROM ${subject.source}`,
  };
  const step = (subject.expectedRows ?? 0) >= largeRows ? 1 : columnsPerQuery;
  const facts: FactQuestion[] = [];
  for (const [group, sqlOf] of [
    ['text', textSql],
    ['number', numberSql],
    ['date', dateSql],
    ['other', otherSql],
  ] as const) {
    const columns = subject.columns.filter((column) => column.group === group);
    for (let at = 0; at < columns.length; at += step) {
      const some = columns.slice(at, at + step);
      facts.push({
        about: `the columns ${some.map(({ name }) => shown(name)).join(', ')} of ${shown(subject.name)}`,
        sql: sqlOf(
          subject.source,
          some.map(({ name }) => name),
        ),
        columns: some,
      });
    }
  }
  return { size, facts };
}

/** The subject with what was answered; columns whose query failed are left out. */
export function knownSubject(
  subject: Subject,
  size: Reply,
  asked: readonly FactQuestion[],
  replies: readonly Reply[],
): KnownSubject {
  const sizeTable = tableOf(size);
  const facts = asked.flatMap((question, i): ColumnFacts[] => {
    const reply = replies[i];
    if (reply === undefined || tableOf(reply) === undefined) return [];
    return question.columns.map((column, row) => ({ ...column, title: titleOf(subject, column.name), reply, row }));
  });
  const inOrder = subject.columns.flatMap(({ name }) => facts.filter((column) => column.name === name).slice(0, 1));
  return { ...subject, rows: (sizeTable && numberAt(sizeTable, 0, 'rows')) ?? 0, facts: inOrder };
}

function titleOf(subject: Subject, column: string): string {
  return subject.isAlone ? shown(column) : `${shown(column)} of ${shown(subject.name)}`;
}

/** The distinct values `v` of some columns with their counts `n`; `p` is the place of the column in the list. */
export function cellsOf(source: string, columns: readonly string[]): string {
  return columns
    .map(
      (name, p) =>
        `SELECT ${p} AS p, ${literal(name)} AS c, CAST(${ident(name)} AS VARCHAR) AS v, count(*) AS n FROM ${source} GROUP BY ALL`,
    )
    .join(' UNION ALL ');
}

/** Number of cells for which a condition on `v` holds. */
export function cellsWhere(condition: string): string {
  return `coalesce(sum(n) FILTER (WHERE ${condition}), 0)::BIGINT`;
}

function textSql(source: string, columns: readonly string[]): string {
  return (
    `WITH cells AS (${cellsOf(source, columns)}) SELECT c AS "column", sum(n)::BIGINT AS "rows", ${cellsWhere('v IS NULL')} AS nulls, ` +
    `count(v) AS distinct_values, ${cellsWhere("trim(v) = ''")} AS blanks, ${cellsWhere(patterns.isSurelyMissing)} AS sure_words, ` +
    `${cellsWhere(patterns.isMissingWord)} AS null_words, ${cellsWhere(patterns.isPlainNumber)} AS plain_numbers, ` +
    `${cellsWhere(patterns.isCommaNumber)} AS comma_numbers, ${cellsWhere(patterns.isMarkedNumber)} AS marked_numbers, ` +
    `${cellsWhere(patterns.isDate)} AS dates, ${cellsWhere("v <> trim(v) AND trim(v) <> ''")} AS padded, ` +
    `max(n)::BIGINT AS most_common, min(length(v)) AS shortest, max(length(v)) AS longest ` +
    `FROM cells GROUP BY p, c ORDER BY p`
  );
}

function numberSql(source: string, columns: readonly string[]): string {
  const one = (name: string, p: number) => {
    const c = ident(name);
    return (
      `SELECT ${p} AS p, ${literal(name)} AS "column", count(*) AS "rows", count(*) - count(${c}) AS nulls, count(DISTINCT ${c}) AS distinct_values, ` +
      `min(${c})::DOUBLE AS lowest, quantile_cont(${c}::DOUBLE, 0.25) AS q1, quantile_cont(${c}::DOUBLE, 0.5) AS median, ` +
      `quantile_cont(${c}::DOUBLE, 0.75) AS q3, max(${c})::DOUBLE AS highest, count(*) FILTER (WHERE ${c} < 0) AS negatives FROM ${source}`
    );
  };
  return `SELECT * EXCLUDE (p) FROM (${columns.map(one).join(' UNION ALL ')}) ORDER BY p`;
}

function dateSql(source: string, columns: readonly string[]): string {
  const one = (name: string, p: number) => {
    const c = ident(name);
    return (
      `SELECT ${p} AS p, ${literal(name)} AS "column", count(*) AS "rows", count(*) - count(${c}) AS nulls, count(DISTINCT ${c}) AS distinct_values, ` +
      `min(${c})::VARCHAR AS earliest, max(${c})::VARCHAR AS latest, quantile_disc(year(${c}), 0.5) AS middle_year, ` +
      `count(*) FILTER (WHERE year(${c}) < 1900 OR year(${c}) > 2100) AS far_years FROM ${source}`
    );
  };
  return `SELECT * EXCLUDE (p) FROM (${columns.map(one).join(' UNION ALL ')}) ORDER BY p`;
}

function otherSql(source: string, columns: readonly string[]): string {
  const one = (name: string, p: number) =>
    `SELECT ${p} AS p, ${literal(name)} AS "column", count(*) AS "rows", count(*) - count(${ident(name)}) AS nulls, ` +
    `count(DISTINCT CAST(${ident(name)} AS VARCHAR)) AS distinct_values FROM ${source}`;
  return `SELECT * EXCLUDE (p) FROM (${columns.map(one).join(' UNION ALL ')}) ORDER BY p`;
}
