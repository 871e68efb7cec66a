/** Proposes the logical type of each column: what nearly all of its values are, whatever they are wrapped in. */
import { confidence, counted, percent, type Suggestion } from './suggestion.ts';
import type { ColumnStudy, ValueCount } from './study.ts';
import { dateLook, isCodeOfDigits, isPlaceholder, isWhole, numberLook, timestampLook } from './value-kinds.ts';

/** Of the values that are no placeholders. */
const NEARLY_ALL = 0.9;
/** One spelling of a unit that nearly all values have is how the column is written; several are a column of numbers in disarray. */
const ONE_SPELLING = 0.9;
/** So few numbers with something around them are slips, no second way to write. */
const RARELY = 0.05;
/** Fewer rows than this tell no type. */
const FEW_ROWS = 10;

export interface TypeGuess {
  readonly logicalType: 'string' | 'integer' | 'number' | 'date' | 'timestamp' | 'time' | 'boolean';
  readonly suggestion: Suggestion;
}

export function guessType(column: ColumnStudy): TypeGuess | undefined {
  const own = engineType(column.type);
  if (own !== undefined) {
    const evidence = `the column has the type ${column.type}`;
    return guess(column, own, evidence, confidence(column.filled, column.filled));
  }
  if (!column.isText || column.filled < FEW_ROWS) return undefined;
  const values = column.values.filter(({ value }) => !isPlaceholder(value));
  const looked = total(values);
  if (looked < FEW_ROWS) return undefined;
  return guessNumber(column, values, looked) ?? guessMoment(column, values, looked);
}

function engineType(type: string): TypeGuess['logicalType'] | undefined {
  if (/^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/i.test(type)) return 'integer';
  if (/^(?:DECIMAL|DOUBLE|FLOAT)/i.test(type)) return 'number';
  if (/^TIMESTAMP/i.test(type)) return 'timestamp';
  if (/^DATE$/i.test(type)) return 'date';
  if (/^TIME/i.test(type)) return 'time';
  return /^BOOLEAN$/i.test(type) ? 'boolean' : undefined;
}

function guessNumber(column: ColumnStudy, values: readonly ValueCount[], looked: number): TypeGuess | undefined {
  let plain = 0;
  let whole = 0;
  const units = new Map<string, number>();
  for (const { value, count } of values) {
    const look = numberLook(value);
    if (look.kind === 'plain') plain += count;
    if (look.kind === 'plain' && isWhole(value)) whole += count;
    if (look.kind === 'unit') units.set(look.unit, (units.get(look.unit) ?? 0) + count);
  }
  const wrapped = [...units.values()].reduce((sum, count) => sum + count, 0);
  if (plain + wrapped < looked * NEARLY_ALL) return undefined;
  const largest = Math.max(0, ...units.values());
  // `97%` throughout is text with a fixed form: its pattern says more than a type would.
  if (largest >= looked * ONE_SPELLING || isScattered(units, plain, looked)) return undefined;
  const type = whole >= looked * NEARLY_ALL && wrapped <= looked * RARELY ? 'integer' : 'number';
  const evidence = [
    `${percent(plain, looked)} of ${counted(looked)} values are plain numbers`,
    ...(wrapped === 0 ? [] : [`${percent(wrapped, looked)} are numbers with ${unitWords(units)} around them`]),
  ].join(', ');
  return guess(column, type, evidence, confidence(plain + wrapped, looked));
}

/** Many different words behind numbers are no units: `12 Monkeys`, `7 Days`. */
function isScattered(units: ReadonlyMap<string, number>, plain: number, looked: number): boolean {
  const spellings = new Set(
    [...units.keys()].map((unit) =>
      unit
        .toLowerCase()
        .replaceAll(/[^\p{L}%]/gu, '')
        .slice(0, 1),
    ),
  );
  return plain < looked / 2 && spellings.size > 3;
}

function unitWords(units: ReadonlyMap<string, number>): string {
  const listed = [...units].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 5);
  return listed.map(([unit, count]) => `\`${unit}\` (${counted(count)})`).join(', ');
}

function guessMoment(column: ColumnStudy, values: readonly ValueCount[], looked: number): TypeGuess | undefined {
  const dates = total(values.filter(({ value }) => dateLook.test(value)));
  const moments = total(values.filter(({ value }) => timestampLook.test(value)));
  const [type, agreeing] = dates >= moments ? (['date', dates] as const) : (['timestamp', moments] as const);
  if (agreeing < looked * NEARLY_ALL) return undefined;
  const evidence = `${percent(agreeing, looked)} of ${counted(looked)} values are written as ISO ${type}s`;
  return guess(column, type, evidence, confidence(agreeing, looked));
}

function guess(column: ColumnStudy, logicalType: TypeGuess['logicalType'], evidence: string, sure: number): TypeGuess {
  const codes = total(column.values.filter(({ value }) => isCodeOfDigits(value)));
  // A number would lose the zeros it begins with.
  if (
    (logicalType === 'integer' || logicalType === 'number') &&
    codes > 0 &&
    column.isText &&
    codes > column.filled / 100
  ) {
    const said = `${counted(codes)} values begin with a zero, as codes do`;
    return guess({ ...column, values: [] }, 'string', said, sure);
  }
  return {
    logicalType,
    suggestion: {
      column: column.name,
      proposal: { kind: 'attribute', keys: { logicalType } },
      evidence,
      confidence: sure,
    },
  };
}

export function total(values: readonly ValueCount[]): number {
  return values.reduce((sum, { count }) => sum + count, 0);
}
