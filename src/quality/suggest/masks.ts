/** Proposes a pattern for columns of codes, numbers with a unit and the like: the few forms that nearly all values have. */
import { confidence, counted, ownRule, percent, type Suggestion } from './suggestion.ts';
import type { ColumnStudy } from './study.ts';
import { isPlaceholder, knownFormats } from './value-kinds.ts';
import { total } from './types.ts';

/** Of all values, by the forms that are taken for right. */
const NEARLY_ALL = 0.9;
/** A form that fewer values have is no form, but what is wrong. */
const FORM_SHARE = 0.02;
const FORM_ROWS = 5;
const MAX_FORMS = 6;
/** Against the most frequent form: a second way to write, not a slip. */
const RIVAL = 0.2;
const FEW_ROWS = 20;
/** Runs of digits whose lengths all values agree on keep that length. */
const MAX_FIXED = 20;

/** Numbers of so many digits, nearly all of the same, are codes: years, postcodes, article numbers. */
const CODE_DIGITS = 4;
const SAME_LENGTH = 0.95;

/** For whole numbers that do not grow from row to row. */
export function suggestDigits(column: ColumnStudy, rows: number): Suggestion | undefined {
  if (column.filled < FEW_ROWS || column.distinct > rows * SAME_LENGTH) return undefined;
  const looked = total(column.values);
  const lengths = new Map<number, number>();
  for (const { value, count } of column.values)
    if (/^[0-9]+$/.test(value)) lengths.set(value.length, (lengths.get(value.length) ?? 0) + count);
  const [length, agreeing] = [...lengths].toSorted(([, m], [, n]) => n - m)[0] ?? [0, 0];
  if (length < CODE_DIGITS || agreeing < looked * SAME_LENGTH) return undefined;
  return {
    column: column.name,
    proposal: ownRule(`${column.name} has ${length} digits`, { check: 'pattern', pattern: `^[0-9]{${length}}$` }),
    evidence: `${percent(agreeing, looked)} of ${counted(looked)} values have ${length} digits`,
    confidence: confidence(agreeing, looked),
  };
}

interface Form {
  /** Pieces: literal text, or a run of digits or letters. */
  readonly pattern: string;
  readonly count: number;
  readonly hasDigits: boolean;
}

/** Absent for free text, and where the values show no form. */
export function suggestForm(column: ColumnStudy): Suggestion | undefined {
  if (!column.isText || column.filled < FEW_ROWS) return undefined;
  const looked = total(column.values);
  return suggestFormat(column, looked) ?? suggestLetters(column, looked) ?? suggestPattern(column, looked);
}

function suggestFormat(column: ColumnStudy, looked: number): Suggestion | undefined {
  for (const [format, look] of Object.entries(knownFormats)) {
    const agreeing = total(column.values.filter(({ value }) => look.test(value)));
    if (agreeing < looked * NEARLY_ALL) continue;
    return {
      column: column.name,
      proposal: { kind: 'attribute', keys: { logicalType: 'string', logicalTypeOptions: { format } } },
      evidence: `${percent(agreeing, looked)} of ${counted(looked)} values are written as ${format}`,
      confidence: confidence(agreeing, looked),
    };
  }
  return undefined;
}

/** Codes of two or three letters, as of countries and languages. */
function suggestLetters(column: ColumnStudy, looked: number): Suggestion | undefined {
  for (const letters of ['[A-Z]', '[a-z]']) {
    for (const length of [2, 3]) {
      const pattern = `^${letters}{${length}}$`;
      const agreeing = total(column.values.filter(({ value }) => new RegExp(pattern).test(value)));
      if (agreeing < looked * SAME_LENGTH) continue;
      return {
        column: column.name,
        proposal: ownRule(`${column.name} has its form`, { check: 'pattern', pattern }),
        evidence: `${percent(agreeing, looked)} of ${counted(looked)} values are codes of ${length} letters`,
        confidence: confidence(agreeing, looked),
      };
    }
  }
  return undefined;
}

function suggestPattern(column: ColumnStudy, looked: number): Suggestion | undefined {
  for (const level of ['letters', 'words'] as const) {
    const forms = formsOf(column, level);
    const kept = believed(forms, looked);
    const agreeing = kept.reduce((sum, { count }) => sum + count, 0);
    // Without digits, values are words: those may have any form.
    if (kept.length === 0 || agreeing < looked * NEARLY_ALL) continue;
    if (!kept.every(({ hasDigits, pattern }) => hasDigits || isWordOfAbsence(pattern))) continue;
    if (!kept.some(({ hasDigits }) => hasDigits)) continue;
    // Words between spaces are free text, however many of them begin with a number.
    if (level === 'words' && kept.some((form) => /\][+] .*\][+]/.test(form.pattern))) continue;
    const pattern = `^(?:${kept.map((form) => form.pattern).join('|')})$`;
    return {
      column: column.name,
      proposal: ownRule(`${column.name} has its form`, { check: 'pattern', pattern }),
      evidence: `${percent(agreeing, looked)} of ${counted(looked)} values have ${kept.length === 1 ? 'this form' : `one of these ${kept.length} forms`}`,
      confidence: confidence(agreeing, looked),
    };
  }
  return undefined;
}

/** The most frequent forms until nearly all values are covered, and those nearly as frequent; what is rarer is what is wrong. */
function believed(forms: readonly Form[], looked: number): Form[] {
  const least = Math.max(FORM_ROWS, looked * FORM_SHARE);
  const frequent = forms.filter(({ count }) => count >= least);
  const most = frequent[0]?.count ?? 0;
  let covered = 0;
  return frequent
    .filter(({ count, pattern }) => {
      const needed = covered < looked * NEARLY_ALL || count >= most * RIVAL || isWordOfAbsence(pattern);
      if (needed) covered += count;
      return needed;
    })
    .slice(0, MAX_FORMS);
}

function isWordOfAbsence(pattern: string): boolean {
  return isPlaceholder(pattern.replaceAll('\\', ''));
}

/** `letters` keeps letters as they are; `words` keeps of a run of letters only its case. */
function formsOf(column: ColumnStudy, level: 'letters' | 'words'): Form[] {
  const found = new Map<string, { count: number; hasDigits: boolean; lengths: Map<string, number>[] }>();
  for (const { value, count } of column.values) {
    const pieces = piecesOf(value.trim(), level);
    const key = pieces.map(({ mask }) => mask).join('');
    const form = found.get(key) ?? { count: 0, hasDigits: pieces.some(({ isRun }) => isRun), lengths: [] };
    form.count += count;
    pieces
      .filter(({ isRun }) => isRun)
      .forEach(({ length }, index) => {
        const lengths = (form.lengths[index] ??= new Map());
        lengths.set(String(length), (lengths.get(String(length)) ?? 0) + count);
      });
    found.set(key, form);
  }
  return [...found]
    .map(([key, { count, hasDigits, lengths }]) => ({ pattern: withLengths(key, lengths, count), count, hasDigits }))
    .toSorted((a, b) => b.count - a.count || (a.pattern < b.pattern ? -1 : 1));
}

interface Piece {
  readonly mask: string;
  readonly isRun: boolean;
  readonly length: number;
}

/** Stands for a run of digits until its length is known; no regular expression has it. */
const DIGITS = '\u0001';

function piecesOf(value: string, level: 'letters' | 'words'): Piece[] {
  return [...value.matchAll(/\d+|\p{Lu}+|\p{Ll}+|\s+|./gsu)].map(([text]) => {
    if (/^\d/.test(text)) return { mask: DIGITS, isRun: true, length: text.length };
    if (level === 'words' && /^\p{Lu}/u.test(text)) return { mask: '[A-Z]+', isRun: false, length: text.length };
    if (level === 'words' && /^\p{Ll}/u.test(text)) return { mask: '[a-z]+', isRun: false, length: text.length };
    return { mask: escaped(text), isRun: false, length: text.length };
  });
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function withLengths(key: string, lengths: readonly Map<string, number>[], count: number): string {
  let run = 0;
  return key.replaceAll(DIGITS, () => {
    const seen = [...(lengths[run++] ?? new Map<string, number>())].toSorted(([, m], [, n]) => n - m);
    const [length, times] = seen[0] ?? ['1', 0];
    const isFixed = times >= count * 0.99 && Number(length) <= MAX_FIXED && count >= FEW_ROWS;
    return isFixed ? (length === '1' ? '[0-9]' : `[0-9]{${length}}`) : '[0-9]+';
  });
}
