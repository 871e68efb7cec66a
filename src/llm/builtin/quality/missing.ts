/** Finds what is missing: empty cells, words that stand for "missing", and columns that say nothing at all. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asPercent, cell, derived, finding } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { shown, shownAll } from '../shown.ts';
import { cellsOf } from './facts.ts';
import * as patterns from './patterns.ts';
import { problem, weights, type Check, type Problem } from './problem.ts';
import { dateShare, fact, filled, mostlyShare, numberShare, type ColumnFacts, type KnownSubject } from './subject.ts';

/** Most columns named in one sentence about empty cells. */
const maxEmptyColumns = 6;

/** From this share of empty cells on, a column hardly says anything. */
const almostEmptyShare = 0.95;

/** A word such as `none` is a category of its own in a short list of values, and a stand-in for "missing" in a long one. */
const shortListOfValues = 20;

/** Fewest rows before "all the same" is worth a word. */
const enoughRows = 10;

/** One check per subject: all words that stand for "missing", by column. */
export function missingWordChecks(subject: KnownSubject): Check[] {
  const columns = subject.facts.filter((column) => column.group === 'text' && fact(column, 'null_words') > 0);
  return columns
    .filter((column) => isConvincing(column))
    .map((column) => ({
      about: `words for "missing" in ${column.title}`,
      sql:
        `WITH cells AS (${cellsOf(subject.source, [column.name])}) SELECT trim(v) AS word, sum(n)::BIGINT AS cells, ` +
        `(sum(sum(n)) OVER ())::BIGINT AS all_cells FROM cells WHERE ${patterns.isMissingWord} GROUP BY 1 ORDER BY cells DESC, word LIMIT 8`,
      read: (reply) => missingWords(column, reply),
    }));
}

/** Words count when nobody uses them otherwise, when the rest of the column are numbers or dates, or the column is no list of kinds. */
function isConvincing(column: ColumnFacts): boolean {
  if (fact(column, 'sure_words') > 0) return true;
  if (numberShare(column) >= mostlyShare || dateShare(column) >= mostlyShare) return true;
  return fact(column, 'distinct_values') > shortListOfValues;
}

function missingWords(column: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  const words = table?.rows.map((_, row) => shown(cellAt(table, row, 'word'))) ?? [];
  if (table === undefined || words.length === 0) return [];
  const all = cell(reply, 0, 'all_cells', asCount);
  const rows = cell(column.reply, column.row, 'rows', asCount);
  const quantities = [all, rows, derived('share', [all, rows], asPercent)];
  const list = words.map((word, i) => (words.length > 1 ? `${word} ({${i + 3}})` : word)).join(', ');
  if (words.length > 1) quantities.push(...words.map((_, row) => cell(reply, row, 'cells', asCount)));
  const kind = numberShare(column) >= mostlyShare ? 'number' : dateShare(column) >= mostlyShare ? 'date' : 'text';
  const consequence =
    kind === 'text'
      ? 'Count them as missing: read them as NULL when loading.'
      : `They keep the column from being read as ${kind}s: read them as NULL when loading.`;
  const statement =
    filled(column) <= 0
      ? `${column.title} says nothing: {0} of {1} cells ({2}) hold only ${list}, the rest is empty. Drop the column or find out what should be there.`
      : `${column.title} holds a word for "missing" in {0} of {1} cells ({2}): ${list}. ${consequence}`;
  const weight = filled(column) <= 0 ? weights.untidy : kind === 'text' ? weights.missing : weights.notComputable;
  const severity = weight >= weights.missing ? 'key' : 'supporting';
  const share = numberAt(table, 0, 'all_cells')! / Math.max(1, fact(column, 'rows'));
  return problem(
    `the text ${shown(cellAt(table, 0, 'word'))} in ${column.title}`,
    weight,
    share,
    finding(severity, statement, quantities),
  );
}

function holes(column: ColumnFacts): number {
  return fact(column, 'nulls') + fact(column, 'blanks');
}

/** Empty cells of a subject in one sentence; columns without any are not mentioned. */
export function emptyCells(subject: KnownSubject): Problem[] {
  const withHoles = subject.facts.filter((column) => holes(column) > 0).sort((a, b) => holes(b) - holes(a));
  if (withHoles.length === 0) return [];
  const first = withHoles.slice(0, maxEmptyColumns);
  const quantities = first.flatMap((column) => {
    const nulls = cell(column.reply, column.row, 'nulls', asCount);
    const blanks = cell(column.reply, column.row, 'blanks', asCount);
    const count = blanks !== undefined && blanks.value > 0 ? derived('sum', [nulls, blanks], asCount) : nulls;
    return [count, derived('share', [count, cell(column.reply, column.row, 'rows', asCount)], asPercent)];
  });
  const parts = first.map((column, i) => `${shown(column.name)} in {${i * 2}} ({${i * 2 + 1}})`);
  const more =
    withHoles.length > first.length
      ? `; fewer in ${shownAll(
          withHoles.slice(maxEmptyColumns).map(({ name }) => name),
          12,
        )}`
      : '';
  const statement =
    `Empty cells in ${shown(subject.name)}, as rows and as share of all rows: ${parts.join(', ')}${more}. ` +
    'Make sure each may be empty, and keep averages and joins from dropping these rows unseen.';
  const share = holes(withHoles[0]!) / Math.max(1, subject.rows);
  return problem(
    `empty cells in ${shown(withHoles[0]!.name)}`,
    weights.missing - 1,
    share,
    finding('supporting', statement, quantities),
  );
}

/** Columns with one value in all rows, and columns that are nearly empty. */
export function sayingNothing(subject: KnownSubject): Problem[] {
  if (subject.rows < enoughRows) return [];
  const constant = subject.facts.filter(
    (column) =>
      fact(column, 'distinct_values') === 1 && fact(column, 'nulls') === 0 && fact(column, 'null_words') === 0,
  );
  const empty = subject.facts.filter((column) => fact(column, 'nulls') >= almostEmptyShare * subject.rows);
  const one = constant[0];
  const rows = one && cell(one.reply, one.row, 'rows', asCount);
  const constants =
    one === undefined
      ? []
      : finding(
          'caveat',
          `${shownAll(
            constant.map(({ name }) => name),
            12,
          )} of ${shown(subject.name)} ${constant.length > 1 ? 'hold' : 'holds'} the same value in all {0} rows: nothing can be learned from ${constant.length > 1 ? 'them' : 'it'}.`,
          [rows],
        );
  const empties = empty.flatMap((column) => {
    const nulls = cell(column.reply, column.row, 'nulls', asCount);
    const all = cell(column.reply, column.row, 'rows', asCount);
    return finding(
      'caveat',
      `${shown(column.name)} of ${shown(subject.name)} is almost or wholly empty: {0} of {1} rows ({2}). Leave it out of analyses, or fill it.`,
      [nulls, all, derived('share', [nulls, all], asPercent)],
    );
  });
  return problem('columns that say nothing', weights.remark, 0, [...constants, ...empties]);
}
