/** Proposes what single columns say of themselves: filled, unique, in which range and length, without words for nothing. */
import { confidence, counted, ownRule, percent, type Suggestion } from './suggestion.ts';
import type { ColumnStudy, Study } from './study.ts';
import type { TypeGuess } from './types.ts';
import { isPlaceholder } from './value-kinds.ts';

const FEW_ROWS = 20;
/** Longer values are texts, not keys. */
const MAX_KEY_CHARACTERS = 100;
/** Longer texts have no length worth a rule. */
const MAX_LENGTH = 500;
const PLACEHOLDERS_SHOWN = 5;

/** A column full of words for nothing is not filled. */
export function suggestFilled(column: ColumnStudy, rows: number): Suggestion[] {
  if (column.nulls > 0 || rows < FEW_ROWS || column.values.some(({ value }) => isPlaceholder(value))) return [];
  return [
    {
      column: column.name,
      proposal: { kind: 'attribute', keys: { required: true } },
      evidence: `none of ${counted(rows)} rows is empty`,
      confidence: confidence(rows, rows),
    },
  ];
}

/** Whole numbers, dates and short texts that never repeat; measures that happen not to are no keys. */
export function isUnique(column: ColumnStudy, rows: number): boolean {
  if (rows < FEW_ROWS || column.distinct !== rows || column.longest > MAX_KEY_CHARACTERS) return false;
  return !/^(?:DOUBLE|FLOAT|DECIMAL|TIMESTAMP|DATE|TIME|STRUCT|MAP)|\[\d*\]$/i.test(column.type);
}

export function suggestUnique(column: ColumnStudy, rows: number, isKey: boolean): Suggestion {
  return {
    column: column.name,
    proposal: {
      kind: 'attribute',
      keys: isKey ? { primaryKey: true, primaryKeyPosition: 1, unique: true } : { unique: true },
    },
    evidence: `${counted(rows)} rows have ${counted(column.distinct)} different values`,
    confidence: confidence(rows, rows),
  };
}

/** Of the columns that are unique the one most like a key: named so, else the first. */
export function keyAmong(columns: readonly ColumnStudy[]): ColumnStudy | undefined {
  const named = (pattern: RegExp) => columns.find(({ name }) => pattern.test(name));
  return named(/^id$/i) ?? named(/(?:^|[_\s-])(?:id|key|uuid|number|no|nr)$/i) ?? named(/Id$/) ?? columns[0];
}

/** The length all values have, or room for twice the longest. */
export function suggestLength(column: ColumnStudy): Suggestion[] {
  if (!column.isText || column.filled < FEW_ROWS || column.longest > MAX_LENGTH || column.longest === 0) return [];
  const fixed = column.shortest === column.longest;
  const roomy = Math.ceil((column.longest * 2) / 10) * 10;
  return [
    {
      column: column.name,
      proposal: {
        kind: 'attribute',
        keys: {
          logicalTypeOptions: fixed ? { minLength: column.shortest, maxLength: column.longest } : { maxLength: roomy },
        },
      },
      evidence: fixed
        ? `all ${counted(column.filled)} values have ${column.longest} characters`
        : `the longest of ${counted(column.filled)} values has ${column.longest} characters`,
      confidence: confidence(column.filled, column.filled),
    },
  ];
}

/**
 * Where some columns leave cells empty, a word for "nothing" in another is a second way to say the same.
 * A set that never leaves a cell empty has made the word its habit.
 */
export function suggestNoPlaceholders(column: ColumnStudy, study: Study): Suggestion[] {
  const isHabit = study.columns.every(({ nulls }) => nulls === 0);
  const words = column.values.filter(({ value }) => isPlaceholder(value));
  const count = words.reduce((sum, word) => sum + word.count, 0);
  if (isHabit || !column.isText || count === 0 || count === column.filled) return [];
  const shown = words.slice(0, PLACEHOLDERS_SHOWN).map(({ value }) => `\`${value}\``);
  return [
    {
      column: column.name,
      proposal: ownRule(`${column.name} has no word for nothing`, {
        check: 'acceptedValues',
        values: words.map(({ value }) => value),
        refused: true,
      }),
      evidence: `${shown.join(', ')} stand${words.length === 1 ? 's' : ''} in ${percent(count, column.filled)} of the values, where other columns leave the cell empty`,
      confidence: confidence(column.filled - count, column.filled) / 2 + 0.4,
    },
  ];
}

const DAY_MS = 86_400_000;
/** Older data is not kept fresh. */
const MAX_AGE_DAYS = 60;

/** `now` in milliseconds since 1970. */
export function suggestFresh(column: ColumnStudy, type: TypeGuess['logicalType'], now: number): Suggestion[] {
  if ((type !== 'date' && type !== 'timestamp') || column.maximum === null) return [];
  const newest = Date.parse(
    /[zZ]|[+-]\d{2}(?::?\d{2})?$/.test(column.maximum)
      ? column.maximum
      : `${column.maximum.replace(' ', 'T')}Z`.replace(/^(\d{4}-\d{2}-\d{2})Z$/, '$1'),
  );
  const age = (now - newest) / DAY_MS;
  if (!Number.isFinite(age) || age < 0 || age > MAX_AGE_DAYS) return [];
  const days = Math.ceil(age) + 1;
  return [
    {
      column: column.name,
      proposal: { kind: 'latency', days },
      evidence: `the newest of ${counted(column.filled)} values is ${column.maximum}`,
      confidence: 0.5,
    },
  ];
}
