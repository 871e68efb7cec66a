/** Finds numbers that can hardly be right: far outside all others, stand-ins such as a row of nines, lone negatives. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asDecimal, asPercent, cell, derived, finding } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { shown } from '../shown.ts';
import { ident } from '../sql.ts';
import { isNamedKey } from '../wording.ts';
import { problem, weights, type Check, type Problem } from './problem.ts';
import { fact, type ColumnFacts, type KnownSubject } from './subject.ts';

/** How many interquartile ranges beyond the quartiles, on the plain and on the logarithmic scale: no usual skew reaches that. */
const farFences = 6;

/** More than this share is a second population, not a slip. */
const fewShare = 0.01;

/** Values a form or program puts where it has none. */
const standIns = [-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999];

/** A stand-in repeats. */
const minStandIns = 3;

/** Quartiles of fewer values are chance. */
const enoughRows = 30;

export function outlierChecks(subject: KnownSubject): Check[] {
  return subject.facts.filter(isMeasure).flatMap((column) => {
    const suspicious = standIns.filter(
      (value) => value === fact(column, 'lowest') || value === fact(column, 'highest'),
    );
    const range = fact(column, 'q3') - fact(column, 'q1');
    const low = lowFence(column, range);
    const high = highFence(column, range);
    const far = range > 0 && (fact(column, 'highest') > high || fact(column, 'lowest') < low);
    return [
      ...suspicious.map((value) => standInCheck(subject, column, value)),
      ...(far ? [farCheck(subject, column, low, high, suspicious)] : []),
      ...(isRarelyNegative(column, suspicious) ? [negativeCheck(subject, column)] : []),
    ];
  });
}

function isMeasure(column: ColumnFacts): boolean {
  return (
    column.group === 'number' &&
    !isNamedKey(column.name) &&
    fact(column, 'rows') - fact(column, 'nulls') >= enoughRows &&
    fact(column, 'distinct_values') > 2
  );
}

function highFence(column: ColumnFacts, range: number): number {
  const plain = fact(column, 'q3') + farFences * range;
  const ratio = fact(column, 'q1') > 0 ? fact(column, 'q3') / fact(column, 'q1') : 1;
  return Math.max(plain, fact(column, 'q3') * ratio ** farFences);
}

function lowFence(column: ColumnFacts, range: number): number {
  return fact(column, 'q1') - farFences * range;
}

function isRarelyNegative(column: ColumnFacts, suspicious: readonly number[]): boolean {
  const negatives = fact(column, 'negatives');
  return (
    negatives > 0 &&
    negatives <= fewShare * fact(column, 'rows') &&
    !suspicious.some((value) => value < 0) &&
    fact(column, 'q1') >= 0
  );
}

function standInCheck(subject: KnownSubject, column: ColumnFacts, value: number): Check {
  const c = ident(column.name);
  const extreme = value < 0 ? 'min' : 'max';
  return {
    about: `a stand-in value in ${column.title}`,
    sql: `SELECT count(*) FILTER (WHERE ${c} = ${value}) AS cells, count(${c}) AS all_cells, ${value} AS value, ${extreme}(${c}) FILTER (WHERE ${c} <> ${value})::DOUBLE AS next FROM ${subject.source}`,
    read: (reply) => {
      const table = tableOf(reply);
      const cells = cell(reply, 0, 'cells', asCount);
      const next = table && numberAt(table, 0, 'next');
      if (cells === undefined || next === undefined || cells.value < minStandIns) return [];
      // Convincing only with a wide gap: negative among none, or more than twice the next value.
      if (value < 0 ? next < 0 : value <= 2 * next) return [];
      const all = cell(reply, 0, 'all_cells', asCount);
      const statement =
        `${column.title} holds ${shown(String(value))} in {0} of {1} filled cells ({2}), far from the next value ({3}): a stand-in for "unknown". ` +
        'Averages and sums that include it are wrong: read it as NULL.';
      const quantities = [cells, all, derived('share', [cells, all], asPercent), cell(reply, 0, 'next', asDecimal)];
      return problem(
        `a stand-in for "unknown" in ${column.title}`,
        weights.silentlyWrong,
        cells.value / subject.rows,
        finding('key', statement, quantities),
      );
    },
  };
}

function farCheck(
  subject: KnownSubject,
  column: ColumnFacts,
  low: number,
  high: number,
  except: readonly number[],
): Check {
  const c = ident(column.name);
  const kept = except.length > 0 ? ` AND ${c} NOT IN (${except.join(', ')})` : '';
  return {
    about: `extreme values in ${column.title}`,
    sql: `SELECT count(*) AS cells, arg_max(${c}, abs(${c} - ${fact(column, 'median')}))::VARCHAR AS example FROM ${subject.source} WHERE (${c} > ${high} OR ${c} < ${low}) AND isfinite(${c}::DOUBLE)${kept}`,
    read: (reply) => {
      const table = tableOf(reply);
      const cells = cell(reply, 0, 'cells', asCount);
      if (table === undefined || cells === undefined || cells.value === 0 || cells.value > fewShare * subject.rows)
        return [];
      const rows = cell(column.reply, column.row, 'rows', asCount);
      const statement =
        `${column.title} has extreme values in {0} of {1} rows ({2}), e.g. ${shown(cellAt(table, 0, 'example'))}, while half of all values lie between {3} and {4}. ` +
        'Check the unit and the decimal sign of these rows; until then prefer the median to the mean.';
      return problem(
        `extreme values in ${column.title}`,
        weights.contradicting,
        cells.value / subject.rows,
        finding('supporting', statement, [cells, rows, derived('share', [cells, rows], asPercent), ...middle(column)]),
      );
    },
  };
}

function negativeCheck(subject: KnownSubject, column: ColumnFacts): Check {
  const c = ident(column.name);
  return {
    about: `negative values in ${column.title}`,
    sql: `SELECT count(*) AS cells, min(${c})::VARCHAR AS example FROM ${subject.source} WHERE ${c} < 0`,
    read: (reply: Reply): Problem[] => {
      const table = tableOf(reply);
      const cells = cell(reply, 0, 'cells', asCount);
      if (table === undefined || cells === undefined || cells.value === 0) return [];
      const rows = cell(column.reply, column.row, 'rows', asCount);
      const statement = `${column.title} is negative in {0} of {1} rows ({2}), e.g. ${shown(cellAt(table, 0, 'example'))}, and nowhere else. If it cannot be (a price, a duration, a count), these are slips; if it can (a refund), treat them apart.`;
      return problem(
        `lone negative values in ${column.title}`,
        weights.missing,
        cells.value / subject.rows,
        finding('supporting', statement, [cells, rows, derived('share', [cells, rows], asPercent)]),
      );
    },
  };
}

function middle(column: ColumnFacts) {
  return [cell(column.reply, column.row, 'q1', asDecimal), cell(column.reply, column.row, 'q3', asDecimal)];
}
