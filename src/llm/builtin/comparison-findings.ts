/** The sentences of a comparison: the difference with its interval, the sizes of the sides, the segments that moved most. */
import type { Finding } from '../../analysis/evidence.ts';
import { cellAt, numberAt } from '../../analysis/table.ts';
import { tableOf } from './catalog.ts';
import type { Sides } from './comparison-sql.ts';
import { asCount, asDecimal, asPercent, asPoints, cell, derived, finding } from './quantities.ts';
import type { Reply } from './script.ts';
import { shown } from './shown.ts';

/** A column with more values has names, not segments. */
const maxSegments = 100;

/** Fewer rows on a side leave most to chance. */
const smallSample = 30;

export function meanFindings(sides: Sides, reply: Reply): Finding[] {
  const rows = [0, 1].map((row) => cell(reply, row, 'rows', asCount));
  const table = tableOf(reply);
  const range = (row: number) =>
    `from ${shown(table && cellAt(table, row, 'earliest'))} to ${shown(table && cellAt(table, row, 'latest'))}`;
  const read = sides.isPeriod
    ? finding(
        'supporting',
        `Read as: ${shown(sides.a)} is ${range(0)} ({0} rows), ${shown(sides.b)} is ${range(1)} ({1} rows), by ${shown(sides.column)} of ${shown(sides.dataset.name)}.`,
        rows,
      )
    : [];
  const size = finding('supporting', `${shown(sides.a)} has {0} rows, ${shown(sides.b)} {1} ({2} as many).`, [
    rows[0],
    rows[1],
    derived('ratio', [rows[1], rows[0]], asPercent),
  ]);
  if (sides.value === undefined) {
    const change = finding(
      'key',
      `Rows: {0} in ${shown(sides.a)} against {1} in ${shown(sides.b)}, a change of {2} from the first to the second.`,
      [rows[0], rows[1], derived('percentChange', [rows[1], rows[0]], asPercent)],
    );
    return [...change, ...read, ...small(sides, reply)];
  }
  const of = [1, 0].flatMap((row) => ['mean', 'stddev', 'filled'].map((column) => cell(reply, row, column, asDecimal)));
  const totals = [0, 1].map((row) => cell(reply, row, 'total', asDecimal));
  const low = derived('meanDifferenceLow', of, asDecimal);
  const high = derived('meanDifferenceHigh', of, asDecimal);
  const sure = low !== undefined && high !== undefined && (low.value > 0 || high.value < 0);
  const verdict = sure ? 'clearly different' : 'not clearly different: the interval contains zero';
  const value = shown(sides.value);
  return [
    ...finding(
      'key',
      `The average ${value} is {0} in ${shown(sides.a)} and {1} in ${shown(sides.b)}: a difference of {2} (confidence interval {3} to {4}), ${verdict}.`,
      [of[3], of[0], derived('difference', [of[0], of[3]], asDecimal), low, high],
    ),
    ...finding(
      'key',
      `The total ${value} is {0} in ${shown(sides.a)} and {1} in ${shown(sides.b)}, a change of {2} from the first to the second.`,
      [totals[0], totals[1], derived('percentChange', [totals[1], totals[0]], asPercent)],
    ),
    ...(sides.isPeriod ? read : size),
    ...small(sides, reply),
  ];
}

export function shareFindings(sides: Sides, reply: Reply): Finding[] {
  const of = [1, 0].flatMap((row) => [cell(reply, row, 'hits', asCount), cell(reply, row, 'filled', asCount)]);
  const [k2, n2, k1, n1] = of;
  const low = derived('shareDifferenceLow', of, asPoints);
  const high = derived('shareDifferenceHigh', of, asPoints);
  const sure = low !== undefined && high !== undefined && (low.value > 0 || high.value < 0);
  const statement =
    `${shown(sides.outcome)} is true for {0} of ${shown(sides.a)} ({1} of {2} rows) and {3} of ${shown(sides.b)} ({4} of {5} rows): a difference of {6} ` +
    `(confidence interval {7} to {8}), ${sure ? 'clearly different' : 'not clearly different: the interval contains zero'}.`;
  const quantities = [
    derived('share', [k1, n1], asPercent),
    k1,
    n1,
    derived('share', [k2, n2], asPercent),
    k2,
    n2,
    derived('shareDifference', of, asPoints),
    low,
    high,
  ];
  return [...finding('key', statement, quantities), ...small(sides, reply)];
}

function small(sides: Sides, reply: Reply): Finding[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  return [sides.a, sides.b].flatMap((side, row) =>
    (numberAt(table, row, 'rows') ?? 0) < smallSample
      ? finding('caveat', `${shown(side)} has too few rows to lean on ({0}): its numbers may be chance.`, [
          cell(reply, row, 'rows', asCount),
        ])
      : [],
  );
}

/** The segment of each column that moved most, biggest move first. */
export function segmentFindings(sides: Sides, segments: readonly string[], replies: readonly Reply[]): Finding[] {
  const format = sides.value === undefined ? asCount : asDecimal;
  const what =
    sides.outcome !== undefined
      ? `rows with ${shown(sides.outcome)}`
      : sides.value === undefined
        ? 'rows'
        : shown(sides.value);
  const found = replies.flatMap((reply, i) => {
    const table = tableOf(reply);
    if (table === undefined || table.rows.length < 2 || (numberAt(table, 0, 'moved') ?? 0) === 0) return [];
    if ((numberAt(table, 0, 'segments') ?? 0) > maxSegments) return [];
    const quantities = [cell(reply, 0, 'a', format), cell(reply, 0, 'b', format), cell(reply, 0, 'change', format)];
    const statement = `By ${shown(segments[i])}, the largest part of the difference lies in ${shown(cellAt(table, 0, 'segment'))}: ${what} {0} in ${shown(sides.a)}, {1} in ${shown(sides.b)}, a difference of {2}.`;
    const chart = {
      kind: 'bars',
      title: `Difference by ${shown(segments[i])}`,
      call: reply.call,
      label: 'segment',
      value: 'change',
      format,
    } as const;
    return finding('supporting', statement, quantities, chart).map((one) => ({
      one,
      moved: numberAt(table, 0, 'moved') ?? 0,
    }));
  });
  return found.sort((x, y) => y.moved - x.moved).map(({ one }) => one);
}
