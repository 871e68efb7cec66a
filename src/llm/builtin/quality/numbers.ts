/** Finds numbers that are stored as text: with units, percent or currency signs, decimal commas, or strays among them. */
import { cellAt, numberAt, type Table } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asDecimal, asPercent, cell, derived, finding } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { shown } from '../shown.ts';
import { literal } from '../sql.ts';
import { cellsOf } from './facts.ts';
import * as patterns from './patterns.ts';
import { problem, weights, type Check, type Problem } from './problem.ts';
import { fact, filled, mostlyShare, numberShare, type ColumnFacts, type KnownSubject } from './subject.ts';

/** More different marks than this are words behind a house number, not units. */
const maxMarks = 12;

/** Marks shown one by one in a sentence. */
const shownMarks = 6;

/** A column with at least this share of numbers is a number column with strays; below, the strays may be its nature. */
const clearlyNumbers = 0.8;

/** Two medians within this factor of each other are of the same scale; a percent sign that counts would make it 100. */
const sameScale = 5;

/** Marks in fewer of the filled cells than this are slips among the numbers, not a way of writing. */
const habitShare = 0.02;

/** Checks for each text column that is mostly numbers. */
export function numberChecks(subject: KnownSubject): Check[] {
  return subject.facts
    .filter((column) => column.group === 'text' && numberShare(column) >= mostlyShare)
    .flatMap((column) => [
      ...markCheck(subject, column),
      ...commaCheck(subject, column),
      ...strayCheck(subject, column),
    ]);
}

function markCheck(subject: KnownSubject, column: ColumnFacts): Check[] {
  if (!hasMarks(column)) return [];
  const value = String.raw`TRY_CAST(replace(regexp_extract(v, '[-+]?\d[\d.,]*'), ',', '') AS DOUBLE)`;
  return [
    {
      about: `units and signs in ${column.title}`,
      sql:
        `WITH cells AS (${cellsOf(subject.source, [column.name])}), marked AS (SELECT ${part(1)} || ${part(2)} AS mark, v, n, ${value} AS x, ` +
        `${patterns.isMarkedNumber} AS marked FROM cells WHERE ${patterns.isMarkedNumber} OR ${patterns.isPlainNumber}) ` +
        `SELECT marked, mark, sum(n)::BIGINT AS cells, (sum(sum(n)) OVER (PARTITION BY marked))::BIGINT AS all_cells, ` +
        `(count(*) OVER (PARTITION BY marked)) AS marks, min(trim(v)) AS example, quantile_cont(x, 0.5) AS median ` +
        `FROM marked GROUP BY marked, mark ORDER BY marked DESC, cells DESC, mark LIMIT ${maxMarks + 2}`,
      read: (reply) => marks(column, reply),
    },
  ];
}

/** Prefix or suffix of a marked number. */
function part(group: number): string {
  return `trim(regexp_extract(v, ${literal(patterns.markedNumber)}, ${group}))`;
}

function hasMarks(column: ColumnFacts): boolean {
  return fact(column, 'marked_numbers') > 0 && fact(column, 'marked_numbers') >= habitShare * filled(column);
}

function marks(column: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  const isMarked = (row: number) => /^(true|t|1)$/i.test(String(cellAt(table, row, 'marked')));
  const rows = table.rows.map((_, row) => row);
  const marked = rows.filter(isMarked);
  const plain = rows.find((row) => !isMarked(row));
  if (marked.length === 0 || marked.length > maxMarks || looksLikeCodes(table, marked) || looksLikeNames(table, marked))
    return [];
  const all = cell(reply, 0, 'all_cells', asCount);
  const total = cell(column.reply, column.row, 'rows', asCount);
  const quantities = [all, total, derived('share', [all, total], asPercent)];
  const names = marked.slice(0, shownMarks).map((row, i) => {
    if (marked.length === 1) return shown(cellAt(table, row, 'mark'));
    quantities.push(cell(reply, row, 'cells', asCount));
    return `${shown(cellAt(table, row, 'mark'))} ({${i + 3}})`;
  });
  if (marked.length > shownMarks) names.push('others');
  const isPercent = marked.every((row) => cellAt(table, row, 'mark') === '%');
  const what = isPercent
    ? 'a percent sign'
    : marked.length === 1
      ? 'a unit or sign'
      : 'a unit or sign, spelled in several ways,';
  let statement = `${column.title} carries ${what} behind or before the number in {0} of {1} cells ({2}): ${names.join(', ')}, e.g. ${shown(cellAt(table, marked[0]!, 'example'))}.`;
  if (plain !== undefined) {
    quantities.push(
      cell(reply, plain, 'cells', asCount),
      cell(reply, marked[0]!, 'median', asDecimal),
      cell(reply, plain, 'median', asDecimal),
    );
    const at = quantities.length;
    statement +=
      ` The other {${at - 3}} numbers carry none. ` +
      (isSameScale(table, marked[0]!, plain)
        ? `Both have the same scale (median {${at - 2}} with and {${at - 1}} without): strip the mark and store a number, do not convert.`
        : `The scales differ (median {${at - 2}} with and {${at - 1}} without): convert before you strip the mark.`);
  } else {
    statement +=
      ' Store the number alone and the unit in the name of the column, after bringing different units to one.';
  }
  const uneven = marked.length > 1 || plain !== undefined;
  const share = (numberAt(table, 0, 'all_cells') ?? 0) / Math.max(1, fact(column, 'rows'));
  const label = `${isPercent ? 'percent signs' : 'units'} in ${column.title}`;
  return problem(
    label,
    uneven ? weights.notComputable : weights.untidy,
    share,
    finding(uneven ? 'key' : 'supporting', statement, quantities),
  );
}

/** Several single letters glued to digits (`12A`, `12B`) are codes, not units. */
function looksLikeCodes(table: Table, rows: readonly number[]): boolean {
  return rows.length > 1 && rows.every((row) => /^\p{L}$/u.test(String(cellAt(table, row, 'mark'))));
}

/** A number before several capitalised words is that of a house in a street. */
function looksLikeNames(table: Table, rows: readonly number[]): boolean {
  const cells = (some: readonly number[]) => some.reduce((sum, row) => sum + (numberAt(table, row, 'cells') ?? 0), 0);
  const names = rows.filter((row) => /^\p{Lu}\p{Ll}+ \p{Lu}/u.test(String(cellAt(table, row, 'mark'))));
  return cells(names) * 2 > cells(rows);
}

function isSameScale(table: Table, marked: number, plain: number): boolean {
  const ratio = (numberAt(table, marked, 'median') ?? 0) / (numberAt(table, plain, 'median') ?? Number.NaN);
  return ratio > 1 / sameScale && ratio < sameScale;
}

function commaCheck(subject: KnownSubject, column: ColumnFacts): Check[] {
  if (fact(column, 'comma_numbers') === 0) return [];
  return [
    {
      about: `commas in the numbers of ${column.title}`,
      sql:
        `WITH cells AS (${cellsOf(subject.source, [column.name])}) SELECT CASE WHEN ${patterns.isPlainNumber} THEN 'without comma' ` +
        `WHEN ${patterns.hasDecimalComma} THEN 'decimal comma' ELSE 'commas between thousands' END AS writing, sum(n)::BIGINT AS cells, min(trim(v)) AS example ` +
        `FROM cells WHERE ${patterns.isPlainNumber} OR ${patterns.isCommaNumber} GROUP BY 1 ORDER BY cells DESC, writing`,
      read: (reply) => commas(column, reply),
    },
  ];
}

function commas(column: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined || table.rows.length === 0) return [];
  const quantities = table.rows.map((_, row) => cell(reply, row, 'cells', asCount));
  const parts = table.rows.map(
    (_, row) =>
      `${String(cellAt(table, row, 'writing'))} in {${row}} cells (e.g. ${shown(cellAt(table, row, 'example'))})`,
  );
  const mixed = table.rows.length > 1;
  const statement = mixed
    ? `${column.title} writes numbers in different ways: ${parts.join(', ')}. A plain conversion would lose or misread some: convert each form by its own rule.`
    : `${column.title} is text because its numbers are written with ${parts[0]}. Convert it to numbers with that rule when loading.`;
  const share = (fact(column, 'comma_numbers') || 1) / Math.max(1, fact(column, 'rows'));
  return problem(
    `commas in the numbers of ${column.title}`,
    mixed ? weights.silentlyWrong : weights.notComputable,
    share,
    finding('key', statement, quantities),
  );
}

function strayCheck(subject: KnownSubject, column: ColumnFacts): Check[] {
  const numbers = numberShare(column);
  const strayMarks = fact(column, 'marked_numbers') > 0 && !hasMarks(column);
  if (numbers < clearlyNumbers || (numbers >= 1 && !strayMarks) || filled(column) <= 0) return [];
  const isStray = `trim(v) <> '' AND NOT ${patterns.isMissingWord} AND NOT ${patterns.isPlainNumber} AND NOT ${patterns.isCommaNumber}${hasMarks(column) ? ` AND NOT ${patterns.isMarkedNumber}` : ''}`;
  return [
    {
      about: `cells of ${column.title} that are no numbers`,
      sql:
        `WITH cells AS (${cellsOf(subject.source, [column.name])}) SELECT v AS value, n AS cells, (sum(n) OVER ())::BIGINT AS all_cells ` +
        `FROM cells WHERE ${isStray} ORDER BY n DESC, v LIMIT 4`,
      read: (reply) => strays(column, reply),
    },
  ];
}

function strays(column: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined || table.rows.length === 0) return [];
  const all = cell(reply, 0, 'all_cells', asCount);
  const rows = cell(column.reply, column.row, 'rows', asCount);
  const examples = table.rows.map((_, row) => shown(cellAt(table, row, 'value'))).join(', ');
  const statement = `${column.title} is a column of numbers, yet {0} of {1} cells ({2}) are none, e.g. ${examples}. Correct them at the source, or set them aside before converting.`;
  const share = (numberAt(table, 0, 'all_cells') ?? 0) / Math.max(1, fact(column, 'rows'));
  return problem(
    `cells of ${column.title} that are no numbers`,
    weights.notComputable,
    share,
    finding('key', statement, [all, rows, derived('share', [all, rows], asPercent)]),
  );
}
