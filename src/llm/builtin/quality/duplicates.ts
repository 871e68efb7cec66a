/** Finds rows that are there twice: wholly equal, equal in all but a running number, or sharing a key that should be unique. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asPercent, cell, derived, finding } from '../quantities.ts';
import { shown, shownAll } from '../shown.ts';
import { ident } from '../sql.ts';
import { isNamedKey } from '../wording.ts';
import { problem, weights, type Check } from './problem.ts';
import { fact, type ColumnFacts, type KnownSubject } from './subject.ts';

/** A column with at least this share of distinct values is meant to be unique; its repeats are faults. */
const almostUnique = 0.98;

/** Fewer rows say nothing about what is meant to be unique. */
const enoughRows = 20;

export function duplicateChecks(subject: KnownSubject): Check[] {
  if (subject.rows < 2 || subject.columns.length === 0) return [];
  const unique = subject.facts.filter((column) => isRunningNumber(column));
  const rest = subject.columns.filter(({ name }) => !unique.some((column) => column.name === name));
  const checks = unique.length === 0 ? [wholeRows(subject)] : [];
  if (unique.length > 0 && rest.some(({ name }) => isTelling(subject, name)))
    checks.push(
      butForKey(
        subject,
        unique,
        rest.map(({ name }) => name),
      ),
    );
  return [
    ...checks,
    ...subject.facts
      .filter((column) => isAlmostUniqueKey(column, unique.length > 0))
      .map((column) => keyCheck(subject, column)),
  ];
}

/** So many values that two equal rows are no coincidence. */
function isTelling(subject: KnownSubject, name: string): boolean {
  return subject.facts.some((column) => column.name === name && fact(column, 'distinct_values') * 2 >= subject.rows);
}

/** Unique in every row and no measure: with such a column two rows can never be wholly equal. */
function isRunningNumber(column: ColumnFacts): boolean {
  const rows = fact(column, 'rows');
  return rows > 1 && fact(column, 'distinct_values') === rows && (column.whole || column.group === 'text');
}

function isAlmostUniqueKey(column: ColumnFacts, hasOther: boolean): boolean {
  const present = fact(column, 'rows') - fact(column, 'nulls');
  const distinct = fact(column, 'distinct_values');
  if (present < enoughRows || distinct === present || distinct < almostUnique * present) return false;
  if (column.group !== 'text' && !column.whole) return false;
  return isNamedKey(column.name) || (!hasOther && isShapedKey(column));
}

/** By its cells: text of one length without blanks would be, as generated identifiers are. */
function isShapedKey(column: ColumnFacts): boolean {
  return (
    column.group === 'text' && fact(column, 'shortest') >= 6 && fact(column, 'shortest') === fact(column, 'longest')
  );
}

function wholeRows(subject: KnownSubject): Check {
  return {
    about: `repeated rows in ${shown(subject.name)}`,
    sql: `SELECT count(*) AS "rows", (SELECT count(*) FROM (SELECT DISTINCT * FROM ${subject.source})) AS different FROM ${subject.source}`,
    read: (reply) => {
      const table = tableOf(reply);
      const rows = cell(reply, 0, 'rows', asCount);
      const repeats = derived('difference', [rows, cell(reply, 0, 'different', asCount)], asCount);
      if (table === undefined || repeats === undefined || repeats.value === 0) return [];
      const statement = `${shown(subject.name)} repeats whole rows: {0} of {1} rows ({2}) are equal to an earlier one in every column. Remove them, and look for what loads them twice.`;
      return problem(
        `repeated rows in ${shown(subject.name)}`,
        weights.silentlyWrong,
        repeats.value / subject.rows,
        finding('key', statement, [repeats, rows, derived('share', [repeats, rows], asPercent)]),
      );
    },
  };
}

function butForKey(subject: KnownSubject, unique: readonly ColumnFacts[], rest: readonly string[]): Check {
  const columns = rest.map(ident).join(', ');
  return {
    about: `rows of ${shown(subject.name)} that differ only in their key`,
    sql: `SELECT count(*) AS "rows", (SELECT count(*) FROM (SELECT DISTINCT ${columns} FROM ${subject.source})) AS different FROM ${subject.source}`,
    read: (reply) => {
      const rows = cell(reply, 0, 'rows', asCount);
      const repeats = derived('difference', [rows, cell(reply, 0, 'different', asCount)], asCount);
      // In a narrow table of events or measurements most rows may rightly be equal but for the key.
      if (repeats === undefined || repeats.value === 0 || repeats.value > subject.rows * (1 - almostUnique)) return [];
      const statement = `{0} of {1} rows of ${shown(subject.name)} ({2}) equal another row in everything but ${shownAll(unique.map(({ name }) => name))}. Check whether the same thing was entered twice.`;
      return problem(
        `rows of ${shown(subject.name)} that differ only in their key`,
        weights.untidy,
        repeats.value / subject.rows,
        finding('supporting', statement, [repeats, rows, derived('share', [repeats, rows], asPercent)]),
      );
    },
  };
}

function keyCheck(subject: KnownSubject, column: ColumnFacts): Check {
  const c = ident(column.name);
  return {
    about: `repeated keys in ${shown(column.name)}`,
    sql:
      `SELECT count(*) AS keys, sum(n)::BIGINT AS cells, arg_max(v, (n, v)) AS example FROM (SELECT CAST(${c} AS VARCHAR) AS v, count(*) AS n ` +
      `FROM ${subject.source} WHERE ${c} IS NOT NULL GROUP BY ALL HAVING count(*) > 1)`,
    read: (reply) => {
      const table = tableOf(reply);
      if (table === undefined || (numberAt(table, 0, 'keys') ?? 0) === 0) return [];
      const cells = cell(reply, 0, 'cells', asCount);
      const rows = cell(column.reply, column.row, 'rows', asCount);
      const statement =
        `${shown(column.name)} of ${shown(subject.name)} looks like a key, yet {0} of {1} rows ({2}) share {3} of its values with another row, ` +
        `e.g. ${shown(cellAt(table, 0, 'example'))}. A join on it would multiply rows: find out which row is right.`;
      const quantities = [cells, rows, derived('share', [cells, rows], asPercent), cell(reply, 0, 'keys', asCount)];
      return problem(
        `repeated keys in ${shown(column.name)}`,
        weights.silentlyWrong,
        (numberAt(table, 0, 'cells') ?? 0) / subject.rows,
        finding('key', statement, quantities),
      );
    },
  };
}
