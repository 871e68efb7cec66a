/** Finds the same value written in several ways: case and spacing, yes/no words, and misspelt values of a short list. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asPercent, cell, derived, finding } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { shown } from '../shown.ts';
import { cellsOf } from './facts.ts';
import * as patterns from './patterns.ts';
import { problem, weights, type Check, type Problem } from './problem.ts';
import { fact, filled, isWords, type ColumnFacts, type KnownSubject } from './subject.ts';

/** Values must repeat this often on average: spellings of one-off texts (titles, comments) are their author's affair. */
const minRepeats = 2;

/** Most values compared letter by letter; the number of pairs grows with the square. */
const maxComparedValues = 1500;

/** A usual value stands in at least this many cells and this many times as many as its misspelling. */
const usualCells = 10;

/** Usual values must cover this share of the column, else rare values are its nature. */
const usualShare = 0.9;

/** More ways than this do not fit a sentence. */
const maxYesNoWords = 12;

const yes = ['yes', 'y', 'true', 't', '1', 'on'];
const no = ['no', 'n', 'false', 'f', '0', 'off'];

export function spellingChecks(subject: KnownSubject): Check[] {
  const repeating = subject.facts.filter(
    (column) => column.group === 'text' && fact(column, 'distinct_values') * minRepeats <= filled(column),
  );
  const words = repeating.filter(isWords);
  return [
    ...(words.length > 0 ? [variantCheck(subject, words)] : []),
    ...repeating.filter(mayBeYesNo).map((column) => yesNoCheck(subject, column)),
    ...paddingChecks(subject),
  ];
}

/** Case and spacing variants of all text columns at once. */
function variantCheck(subject: KnownSubject, columns: readonly ColumnFacts[]): Check {
  return {
    about: `spelling variants in ${shown(subject.name)}`,
    sql:
      `WITH cells AS (${cellsOf(
        subject.source,
        columns.map(({ name }) => name),
      )}), keyed AS (SELECT p, c, v, n, lower(regexp_replace(trim(v), '[\\s_-]+', ' ', 'g')) AS k ` +
      `FROM cells WHERE regexp_matches(v, '\\pL') AND NOT ${patterns.isMissingWord}), same AS (SELECT p, c, k, sum(n) AS cells, max(n) AS usual, ` +
      `arg_max(v, (n, v)) AS often, arg_min(v, (n, v)) AS seldom FROM keyed GROUP BY ALL HAVING count(*) > 1) ` +
      `SELECT c AS "column", count(*) AS variants, sum(cells - usual)::BIGINT AS cells, arg_max(often, (cells, k)) AS often, arg_max(seldom, (cells, k)) AS seldom ` +
      `FROM same GROUP BY p, c ORDER BY p LIMIT 30`,
    read: (reply) => variants(columns, reply),
  };
}

function variants(columns: readonly ColumnFacts[], reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  return table.rows.flatMap((_, row) => {
    const column = columns.find(({ name }) => name === cellAt(table, row, 'column'));
    if (column === undefined || isYesNoColumn(column)) return [];
    const cells = cell(reply, row, 'cells', asCount);
    const rows = cell(column.reply, column.row, 'rows', asCount);
    const statement =
      `${column.title} writes the same value in several ways: {0} of {1} cells ({2}) differ only in case or spacing from the usual writing ` +
      `(values concerned: {3}), e.g. ${shown(cellAt(table, row, 'seldom'))} beside ${shown(cellAt(table, row, 'often'))}. Bring them to one writing before grouping.`;
    const share = (numberAt(table, row, 'cells') ?? 0) / Math.max(1, fact(column, 'rows'));
    const quantities = [cells, rows, derived('share', [cells, rows], asPercent), cell(reply, row, 'variants', asCount)];
    return problem(
      `spelling variants in ${column.title}`,
      weights.contradicting,
      share,
      finding('key', statement, quantities),
    );
  });
}

/** A column that may hold only words for yes and no; case variants alone make the list longer than two. */
function mayBeYesNo(column: ColumnFacts): boolean {
  return isYesNoColumn(column) && fact(column, 'distinct_values') > 2;
}

function isYesNoColumn(column: ColumnFacts): boolean {
  return (
    fact(column, 'distinct_values') <= 4 * (yes.length + no.length) && fact(column, 'longest') <= 'false'.length + 1
  );
}

function isIn(words: readonly string[]): string {
  return `lower(trim(v)) IN (${words.map((word) => `'${word}'`).join(',')})`;
}

function yesNoCheck(subject: KnownSubject, column: ColumnFacts): Check {
  return {
    about: `words for yes and no in ${column.title}`,
    sql:
      `WITH cells AS (${cellsOf(subject.source, [column.name])}) SELECT CASE WHEN ${isIn(yes)} THEN 'yes' WHEN ${isIn(no)} THEN 'no' ELSE 'else' END AS meaning, ` +
      `v AS value, n AS cells FROM cells WHERE trim(v) <> '' AND NOT ${patterns.isMissingWord} ORDER BY meaning DESC, n DESC, v LIMIT ${maxYesNoWords + 1}`,
    read: (reply) => yesNo(column, reply),
  };
}

function yesNo(column: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  const rows = table.rows.map((_, row) => ({
    row,
    meaning: String(cellAt(table, row, 'meaning')),
    text: shown(cellAt(table, row, 'value')),
  }));
  const count = (meaning: string) => rows.filter((entry) => entry.meaning === meaning).length;
  if (count('else') > 0 || count('yes') === 0 || count('no') === 0 || rows.length <= 2 || rows.length > maxYesNoWords)
    return [];
  const list = rows.map(({ text }, i) => `${text} ({${i}})`).join(', ');
  const statement = `${column.title} says yes and no in several ways: ${list}. Map them to true and false before counting.`;
  return problem(
    `words for yes and no in ${column.title}`,
    weights.contradicting,
    0,
    finding(
      'key',
      statement,
      rows.map(({ row }) => cell(reply, row, 'cells', asCount)),
    ),
  );
}

/** Cells with blanks around the value, straight from the facts. */
function paddingChecks(subject: KnownSubject): Check[] {
  return subject.facts
    .filter((column) => column.group === 'text' && fact(column, 'padded') > 0)
    .map((column) => ({
      about: `blanks around the values of ${column.title}`,
      sql: `WITH cells AS (${cellsOf(subject.source, [column.name])}) SELECT sum(n)::BIGINT AS cells, arg_max(trim(v), (n, v)) AS example FROM cells WHERE v <> trim(v) AND trim(v) <> ''`,
      read: (reply) => {
        const table = tableOf(reply);
        const cells = cell(reply, 0, 'cells', asCount);
        const rows = cell(column.reply, column.row, 'rows', asCount);
        const statement = `${column.title} has blanks before or after the value in {0} of {1} cells ({2}), e.g. around ${shown(table && cellAt(table, 0, 'example'))}. Trim them: joins and groupings treat them as other values.`;
        const share = fact(column, 'padded') / Math.max(1, fact(column, 'rows'));
        return problem(
          `blanks around values of ${column.title}`,
          weights.untidy,
          share,
          finding('supporting', statement, [cells, rows, derived('share', [cells, rows], asPercent)]),
        );
      },
    }));
}

/** Misspelt values of short lists; columns whose faults another check explains better are left out by name. */
export function typoChecks(subject: KnownSubject, explained: ReadonlySet<string>): Check[] {
  return subject.facts
    .filter((column) => isWords(column) && !explained.has(column.name))
    .filter(
      (column) =>
        fact(column, 'distinct_values') > 2 &&
        fact(column, 'distinct_values') <= maxComparedValues &&
        fact(column, 'most_common') >= usualCells,
    )
    .map((column) => ({
      about: `misspelt values in ${column.title}`,
      sql: typoSql(subject.source, column.name),
      read: (reply) => typos(column, reply),
    }));
}

/** A text with its digits made equal, so that two codes that differ in a number are the same. */
function codeless(v: string): string {
  return `regexp_replace(lower(${v}), '\\d', '0', 'g')`;
}

/**
 * A typo: a value seen at most twice, one or two letters from a usual one, not merely another number or code, with a
 * word that stands nowhere else in the column.
 */
function typoSql(source: string, column: string): string {
  return (
    `WITH cells AS (${cellsOf(source, [column])}), good AS (SELECT v, n FROM cells WHERE trim(v) <> '' AND NOT ${patterns.isMissingWord}), ` +
    `usual AS (SELECT v, n FROM good WHERE n >= ${usualCells}), word AS (SELECT w, sum(n) AS n FROM (SELECT unnest(regexp_split_to_array(lower(v), '[^\\pL\\pN]+')) AS w, n FROM good) GROUP BY w), ` +
    `pair AS (SELECT r.v AS seldom, r.n AS cells, arg_max(u.v, (u.n, u.v)) AS often FROM good r JOIN usual u ON r.n <= 2 AND abs(length(r.v) - length(u.v)) <= 2 AND length(u.v) >= 5 ` +
    `AND ${codeless('r.v')} <> ${codeless('u.v')} AND levenshtein(lower(r.v), lower(u.v)) <= CASE WHEN length(u.v) >= 10 THEN 2 ELSE 1 END GROUP BY ALL), ` +
    `sure AS (SELECT * FROM pair WHERE EXISTS (SELECT 1 FROM word WHERE word.n <= 2 AND list_contains(regexp_split_to_array(lower(seldom), '[^\\pL\\pN]+'), w))) ` +
    `SELECT coalesce(sum(cells), 0)::BIGINT AS cells, arg_min(seldom, seldom) AS seldom, arg_min(often, seldom) AS often, ` +
    `(SELECT coalesce(sum(n), 0) FROM usual)::BIGINT AS usual_cells, (SELECT sum(n) FROM good)::BIGINT AS all_cells FROM sure`
  );
}

function typos(column: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined || (numberAt(table, 0, 'cells') ?? 0) === 0) return [];
  if ((numberAt(table, 0, 'usual_cells') ?? 0) < usualShare * (numberAt(table, 0, 'all_cells') ?? 0)) return [];
  const cells = cell(reply, 0, 'cells', asCount);
  const all = cell(reply, 0, 'all_cells', asCount);
  const statement =
    `${column.title} holds rare values one or two letters away from a usual one, most likely misspelt, in {0} of {1} filled cells ({2}), ` +
    `e.g. ${shown(cellAt(table, 0, 'seldom'))} for ${shown(cellAt(table, 0, 'often'))}. Check them against a list of allowed values.`;
  const share = (numberAt(table, 0, 'cells') ?? 0) / Math.max(1, fact(column, 'rows'));
  return problem(
    `misspelt values in ${column.title}`,
    weights.contradicting,
    share,
    finding('key', statement, [cells, all, derived('share', [cells, all], asPercent)]),
  );
}
