/** The patterns of dirty cells, as SQL conditions on a text `v`: what reads as a number, a date, or as "missing". */
import { literal } from '../sql.ts';

/** Words nobody uses for a real value. */
const surelyMissing = [
  'n/a', '#n/a', 'n.a.', 'n.a', 'null', '(null)', '<null>', 'nan', '#null!', '#value!', '#ref!', 'missing', 'not available',
  'not applicable', 'empty', '(empty)', '<empty>', '(blank)', 'undefined', '?', '??', '???', '-', '--', '---', '.', '\\n',
]; // prettier-ignore

/** Words that can be a category of their own (`none` of three kinds of discount, `na` for Namibia). */
const perhapsMissing = [
  'none',
  'unknown',
  'unspecified',
  'na',
  'nil',
  'tbd',
  'to be determined',
  'not known',
  'not set',
  'blank',
];

const asList = (words: readonly string[]) => `(${words.map(literal).join(',')})`;

export const isSurelyMissing = `lower(trim(v)) IN ${asList(surelyMissing)}`;
export const isMissingWord = `lower(trim(v)) IN ${asList([...surelyMissing, ...perhapsMissing])}`;

export const isPlainNumber = full(String.raw`\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*`);

/** Digits with at least one comma: a decimal comma or commas between thousands. */
export const isCommaNumber = full(String.raw`\s*[-+]?\d[\d.]*(,\d+)+(\.\d+)?\s*`);

/** A number whose comma is the decimal sign: not followed by exactly three digits, or preceded by points between thousands. */
export const hasDecimalComma = full(String.raw`\s*[-+]?(\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d+)\s*`);

/** Signs and words that stand before an amount. */
const before = String.raw`(?:[$€£¥₹]|[A-Z]{2}\$|(?:USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK|BRL)\b)?`;

/** What may stand behind a number as its unit: short, without digits, not an ordinal. */
const behind = String.raw`(?:[^\s\d.,:;/+\-()'"#@_][^\d:;@#_]{0,14})?`;

/** Prefix, number and suffix of a number that carries something. */
export const markedNumber = String.raw`^\s*(${before})\s*[-+]?\d[\d.,]*\s*(${behind})$`;

export const isMarkedNumber =
  `(regexp_matches(v, ${literal(markedNumber)}) AND NOT ${isPlainNumber} AND NOT ${isCommaNumber}` +
  ` AND NOT regexp_matches(lower(trim(v)), '^\\d+ ?(st|nd|rd|th|am|pm|[a-z])$'))`;

const yearFirstDay = String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}`;
const yearLastDay = String.raw`\d{1,2}[-/.]\d{1,2}[-/.]\d{4}`;
const yearFirst = String.raw`\s*(\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})([T ].*)?`;
const yearLast = String.raw`\s*(\d{1,2}-\d{1,2}-\d{4}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4})( .*)?`;

/** Date shapes by the name they are reported under. */
export const dateShapes = [
  { name: 'year first with hyphens', condition: full(String.raw`\s*\d{4}-\d{1,2}-\d{1,2}([T ].*)?`) },
  { name: 'year first with slashes', condition: full(String.raw`\s*\d{4}/\d{1,2}/\d{1,2}( .*)?`) },
  { name: 'year first with points', condition: full(String.raw`\s*\d{4}\.\d{1,2}\.\d{1,2}( .*)?`) },
  { name: 'slashes', condition: full(String.raw`\s*\d{1,2}/\d{1,2}/(\d{2}|\d{4})( .*)?`) },
  { name: 'points', condition: full(String.raw`\s*\d{1,2}\.\d{1,2}\.(\d{2}|\d{4})( .*)?`) },
  { name: 'day or month first with hyphens', condition: full(String.raw`\s*\d{1,2}-\d{1,2}-\d{4}( .*)?`) },
  {
    name: 'month as a word',
    condition: full(
      String.raw`\s*(\d{1,2}[. -]+)?(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[. -]+(\d{1,2},? +)?\d{2,4}\s*`,
    ),
  },
] as const;

export const isDate = `(${dateShapes.map(({ condition }) => condition).join(' OR ')})`;

/** Written like a date with numbers, but no such day exists. */
export const isImpossibleDate =
  `((${full(yearFirst)} AND ${day(yearFirstDay, '%Y-%m-%d')} IS NULL) OR (${full(yearLast)} AND ` +
  `${day(yearLastDay, '%d-%m-%Y')} IS NULL AND ${day(yearLastDay, '%m-%d-%Y')} IS NULL))`;

/** The day in a text by a format, NULL when there is none; separators are made equal first. */
function day(pattern: string, format: string): string {
  return `try_strptime(regexp_replace(regexp_extract(v, ${literal(pattern)}), '[/.]', '-', 'g'), '${format}')`;
}

function full(pattern: string): string {
  return `regexp_full_match(v, ${literal(pattern)})`;
}
