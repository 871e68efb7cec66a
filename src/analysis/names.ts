/** Names and values of the data as statements quote them, and whether such a name really occurs in the data. */
import type { Cell, Table } from './table.ts';

/** Longest name a statement quotes; a longer one is cut and ends in an ellipsis. */
export const maxNameChars = 80;

/** A cut name is recognised by what is left of it, if that is at least this long. */
const minCutChars = 20;

/** How a statement writes a value that has no letters of its own. */
export const emptyName = '(empty)';
export const nullName = 'NULL';

/** Writes a name or value for a statement: back-quoted, on one line, without characters that would end the quote. */
export function quoteName(value: Cell): string {
  return `\`${nameOf(value)}\``;
}

/** The names a text holds between back-quotes. */
export function quotedNames(text: string): string[] {
  return text.split('`').filter((_, position) => position % 2 === 1);
}

export type NameIndex = {
  /** True when the name is a value, or stands as a whole word in one. Numbers must be whole values (or days, months of dates). */
  readonly has: (name: string) => boolean;
};

/** Index over the cells and column names of results; JSON lists in cells count with each value in them. */
export function indexTable(table: Table): NameIndex {
  const cells = table.rows.flatMap((row) => row.flatMap(valuesIn).map((value) => nameOf(value, Infinity)));
  return indexNames([...table.columns.map(({ name }) => nameOf(name, Infinity)), ...cells]);
}

/**
 * Whether a text holds a name that one of these statements quotes, and so has to be kept for the check; it may be in vain,
 * never too little.
 */
export function namesLookedFor(statements: readonly string[]): (text: string) => boolean {
  const wanted = [...new Set(statements.flatMap(quotedNames).map((name) => nameOf(name, Infinity).toLowerCase()))];
  return (text) => {
    if (wanted.length === 0) return false;
    const plain = nameOf(text, Infinity).toLowerCase();
    return wanted.some((name) => plain.includes(name));
  };
}

/** Index over names, or sentences such as the task's, in which each word counts. */
export function indexWords(texts: Iterable<string>): NameIndex {
  const all = [...texts].map((text) => nameOf(text, Infinity).toLowerCase());
  return { has: (name) => all.some((text) => holdsWord(text, nameOf(name, Infinity).toLowerCase())) };
}

function indexNames(names: readonly string[]): NameIndex {
  const exact = new Set(names.map((name) => name.toLowerCase()));
  return {
    has: (name) => {
      const wanted = nameOf(name, Infinity).toLowerCase();
      if (exact.has(wanted)) return true;
      if (wanted.endsWith('…') && wanted.length > minCutChars) {
        return some(exact, (value) => value.startsWith(wanted.slice(0, -1).trimEnd()));
      }
      if (/^\d{4}(?:-\d\d){0,2}$/.test(wanted)) return some(exact, (value) => startsDate(value, wanted));
      // A number inside a longer value is no evidence for that number.
      if (/\p{N}/u.test(wanted) && !/\p{L}/u.test(wanted)) return false;
      return some(exact, (value) => holdsWord(value, wanted));
    },
  };
}

/** One line without back-quotes and braces, which mean something in statements, and without what nobody can see. */
function nameOf(value: Cell, limit = maxNameChars): string {
  if (value === null) return nullName;
  const text = String(value)
    .replaceAll(/[`{}\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  if (text === '') return emptyName;
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

function valuesIn(cell: Cell): Cell[] {
  if (typeof cell !== 'string' || !/^\s*[[{]/.test(cell)) return [cell];
  try {
    return [cell, ...leavesOf(JSON.parse(cell))];
  } catch {
    return [cell];
  }
}

function leavesOf(value: unknown): Cell[] {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [value];
  }
  return typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : [];
}

function startsDate(value: string, prefix: string): boolean {
  return value.startsWith(`${prefix}-`) || value.startsWith(`${prefix} `) || value.startsWith(`${prefix}t`);
}

/**
 * True when `word` stands in `text` as a whole: `oz` is in `12oz` but not in `doze`, `12` is neither in `12oz` nor in
 * `12.5`, so that no part of a number passes for a number.
 */
function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(end, end + 2);
    if (!runsOn(word.slice(0, 1), Array.from(before).toReversed().join('')) && !runsOn(word.slice(-1), after))
      return true;
  }
  return false;
}

/** True when what follows outwards from the edge of a word belongs to the same word or number. */
function runsOn(edge: string, outwards: string): boolean {
  if (/\p{L}/u.test(edge)) return /^\p{L}/u.test(outwards);
  if (/\p{N}/u.test(edge)) return /^(?:[\p{L}\p{N}]|[.,]\p{N})/u.test(outwards);
  return false;
}

function some<T>(values: Iterable<T>, accept: (value: T) => boolean): boolean {
  for (const value of values) if (accept(value)) return true;
  return false;
}
