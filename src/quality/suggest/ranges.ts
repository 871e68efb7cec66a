/** Proposes the range of numbers: never below zero, a share of one, or up to a gap beyond which single values stand far off. */
import type { Ask, Cell } from '../ask.ts';
import { suggestDigits } from './masks.ts';
import { asText, identifier } from './sql-text.ts';
import { confidence, counted, type Suggestion } from './suggestion.ts';
import { rowsOf, type ColumnStudy, type Study } from './study.ts';
import { guessType } from './types.ts';

const FEW_ROWS = 20;
/** Of the rows, what may lie outside. */
const RARE_SHARE = 0.03;
/** Widths of the middle half that a value must lie away from it. */
const FAR = 3;
/** How many times farther from the middle than the last value inside. */
const GAP = 2;
/** Different values at either end that are looked at. */
const ENDS = 300;
/** Whole numbers that hardly ever repeat count or name things: they have no far end. */
const NAMING = 0.98;

/** None for columns that hold no numbers, and for codes of digits. */
export async function suggestRange(ask: Ask, study: Study, column: ColumnStudy): Promise<Suggestion[]> {
  const type = guessType(column)?.logicalType;
  if ((type !== 'integer' && type !== 'number') || column.filled < FEW_ROWS) return [];
  const numbers = await numbersOf(ask, study, column);
  if (numbers.looked < FEW_ROWS) return [];
  const isCode = type === 'integer' && suggestDigits(column, study.rows) !== undefined;
  const isNaming = type === 'integer' && column.distinct > study.rows * NAMING;
  const none = { rows: 0, last: undefined };
  const above =
    isCode || isNaming ? none : outside(numbers.greatest, numbers.middle, numbers.upperFence, numbers.looked);
  const below = isCode || isNaming ? none : outside(numbers.least, numbers.middle, numbers.lowerFence, numbers.looked);
  return proposal(column, type, numbers, below, above);
}

function proposal(
  column: ColumnStudy,
  type: 'integer' | 'number',
  numbers: Numbers,
  below: End,
  above: End,
): Suggestion[] {
  const { looked, negative } = numbers;
  const isSigned = negative > looked * RARE_SHARE;
  const low = below.last ?? numbers.lowest;
  const high = above.last ?? numbers.highest;
  const isShare = type === 'number' && !isSigned && high <= 1 && (below.last === undefined || low >= 0);
  const limits = {
    ...(below.last === undefined ? (isSigned ? {} : { minimum: 0 }) : { minimum: low }),
    ...(isShare ? { maximum: 1 } : above.last === undefined ? {} : { maximum: high }),
  };
  if (Object.keys(limits).length === 0) return [];
  const wrong = below.rows + above.rows + (below.last === undefined && !isSigned ? negative : 0);
  const said = wrong === 0 ? '' : `; ${counted(wrong)} stand far outside`;
  return [
    {
      column: column.name,
      proposal: { kind: 'attribute', keys: { logicalTypeOptions: limits } },
      evidence: `${counted(looked - wrong)} numbers lie between ${isSigned ? low : Math.max(low, 0)} and ${high}${said}`,
      confidence: confidence(looked - wrong, looked),
    },
  ];
}

interface Numbers {
  readonly looked: number;
  readonly middle: number;
  readonly lowest: number;
  readonly highest: number;
  readonly lowerFence: number;
  readonly upperFence: number;
  readonly negative: number;
  /** Different values from each end inwards, with how often. */
  readonly least: readonly (readonly Cell[])[];
  readonly greatest: readonly (readonly Cell[])[];
}

async function numbersOf(ask: Ask, study: Study, column: ColumnStudy): Promise<Numbers> {
  const number = column.isText
    ? `TRY_CAST(replace(${asText(column.name)}, ',', '') AS DOUBLE)`
    : `CAST(${identifier(column.name)} AS DOUBLE)`;
  const finite = 'v IS NOT NULL AND NOT isnan(v) AND NOT isinf(v)';
  const source = `(SELECT ${number} AS v FROM ${identifier(study.dataset)}) AS numbers WHERE ${finite}`;
  const facts =
    'count(*), median(v), quantile_cont(v, 0.25), quantile_cont(v, 0.75), min(v), max(v), count(*) FILTER (WHERE v < 0)';
  const [row = []] = await rowsOf(ask, `SELECT ${facts} FROM ${source}`, 1);
  const [looked = 0, middle = 0, q1 = 0, q3 = 0, lowest = 0, highest = 0, negative = 0] = row.map(Number);
  const ends = (direction: 'ASC' | 'DESC') =>
    rowsOf(ask, `SELECT v, count(*) FROM ${source} GROUP BY v ORDER BY v ${direction} LIMIT ${ENDS}`, ENDS);
  // Where the middle half is one value, a twentieth of it stands for the width.
  const width = Math.max(q3 - q1, Math.abs(middle) / 20, Number.MIN_VALUE);
  return {
    looked,
    middle,
    lowest,
    highest,
    negative,
    lowerFence: q1 - FAR * width,
    upperFence: q3 + FAR * width,
    least: await ends('ASC'),
    greatest: await ends('DESC'),
  };
}

interface End {
  /** The last value inside; absent when none lies outside. */
  readonly last: number | undefined;
  readonly rows: number;
}

/** What lies beyond the fence and beyond a gap. */
function outside(ends: Numbers['least'], middle: number, fence: number, looked: number): End {
  let rows = 0;
  let found: End = { last: undefined, rows: 0 };
  const isBeyond = (value: number) => (fence >= middle ? value > fence : value < fence);
  for (const [index, [cell, count]] of ends.entries()) {
    const value = Number(cell);
    const next = ends[index + 1];
    rows += Number(count);
    if (!isBeyond(value) || next === undefined || rows > looked * RARE_SHARE) break;
    const inner = Number(next[0]);
    if (Math.abs(value - middle) >= Math.abs(inner - middle) * GAP) found = { last: inner, rows };
  }
  return found;
}
