/** What a part of a document must look like, as data, and the comparison of a document with it: every difference with its place. */
import { nearest } from '../../analysis/nearest.ts';

/** From the top of the document: keys and, in lists, places from 0. */
export type Path = readonly (string | number)[];

/** Something in a document that cannot stay. `message` says what was expected and what was found. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** The fault is the key itself, not its value. */
  readonly atKey?: boolean;
}

export type Shape =
  | { readonly kind: 'any' | 'scalar' | 'boolean' }
  | {
      readonly kind: 'text';
      readonly pattern?: RegExp;
      readonly likeness?: string;
      readonly oneOf?: readonly string[];
    }
  | { readonly kind: 'number'; readonly whole?: boolean; readonly atLeast?: number; readonly above?: number }
  | {
      readonly kind: 'list';
      readonly of: Shape;
      readonly atLeast?: number;
      readonly atMost?: number;
      readonly different?: boolean;
    }
  | MapShape
  /** The shape depends on the value; also how a shape holds itself. */
  | { readonly kind: 'choice'; choose(value: unknown): Shape };

export interface MapShape {
  readonly kind: 'map';
  readonly keys: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  /** Any other key is welcome too. */
  readonly open?: boolean;
  /** Exactly one of these keys must be there. */
  readonly exactlyOne?: readonly string[];
}

const FOUND_SHOWN = 40;

export const any: Shape = { kind: 'any' };
export const scalar: Shape = { kind: 'scalar' };
export const boolean: Shape = { kind: 'boolean' };
export const text: Shape = { kind: 'text' };
export const number: Shape = { kind: 'number' };
export const whole: Shape = { kind: 'number', whole: true };
export const count: Shape = { kind: 'number', whole: true, atLeast: 0 };

export function oneOf(...words: readonly string[]): Shape {
  return { kind: 'text', oneOf: words };
}

export function listOf(of: Shape, limits: { atLeast?: number; atMost?: number; different?: boolean } = {}): Shape {
  return { kind: 'list', of, ...limits };
}

/** `keys` that are not `required` may be left out. */
export function map(keys: Readonly<Record<string, Shape>>, required: readonly string[] = []): MapShape {
  return { kind: 'map', keys, required };
}

/** Every difference between the value and its shape, in the document's order. */
export function problemsOf(value: unknown, shape: Shape, path: Path = []): Problem[] {
  switch (shape.kind) {
    case 'any':
      return [];
    case 'choice':
      return problemsOf(value, shape.choose(value), path);
    case 'scalar':
      return typeof value === 'object' && value !== null
        ? [expected(path, 'text, a number, true or false', value)]
        : [];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [expected(path, 'true or false', value)];
    case 'text':
      return problemsOfText(value, shape, path);
    case 'number':
      return problemsOfNumber(value, shape, path);
    case 'list':
      return problemsOfList(value, shape, path);
    case 'map':
      return problemsOfMap(value, shape, path);
  }
}

function problemsOfText(value: unknown, shape: Shape & { kind: 'text' }, path: Path): Problem[] {
  if (shape.oneOf !== undefined) {
    if (typeof value === 'string' && shape.oneOf.includes(value)) return [];
    const [close] = typeof value === 'string' ? nearest(value, shape.oneOf) : [];
    const hint = close === undefined ? '' : `. Did you mean ${close}?`;
    const words = shape.oneOf.length > 12 ? `a known word` : `one of ${shape.oneOf.join(', ')}`;
    return [{ path, message: `expected ${words}, found ${shown(value)}${hint}` }];
  }
  if (typeof value !== 'string') {
    const quote = typeof value === 'number' || typeof value === 'boolean' ? '. Put it in quotes' : '';
    return [{ path, message: `expected text, found ${shown(value)}${quote}` }];
  }
  if (shape.pattern === undefined || shape.pattern.test(value)) return [];
  return [expected(path, shape.likeness ?? `text like ${shape.pattern.source}`, value)];
}

function problemsOfNumber(value: unknown, shape: Shape & { kind: 'number' }, path: Path): Problem[] {
  const kind = shape.whole === true ? 'a whole number' : 'a number';
  const limits = [
    ...(shape.atLeast === undefined ? [] : [`of at least ${shape.atLeast}`]),
    ...(shape.above === undefined ? [] : [`above ${shape.above}`]),
  ];
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (shape.whole !== true || Number.isInteger(value)) &&
    (shape.atLeast === undefined || value >= shape.atLeast) &&
    (shape.above === undefined || value > shape.above);
  return fits ? [] : [expected(path, [kind, ...limits].join(' '), value)];
}

function problemsOfList(value: unknown, shape: Shape & { kind: 'list' }, path: Path): Problem[] {
  if (!Array.isArray(value)) return [expected(path, 'a list', value)];
  const { atLeast = 0, atMost = Infinity } = shape;
  const own: Problem[] = [];
  if (value.length < atLeast || value.length > atMost) {
    const wanted = atLeast === atMost ? `${atLeast}` : `${atLeast} or more`;
    own.push({ path, message: `expected a list of ${wanted}, found ${value.length}` });
  }
  if (shape.different === true) {
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      const same = stable(item);
      if (seen.has(same)) own.push({ path: [...path, index], message: `${shown(item)} stands here a second time` });
      seen.add(same);
    }
  }
  return [...own, ...value.flatMap((item: unknown, index) => problemsOf(item, shape.of, [...path, index]))];
}

function problemsOfMap(value: unknown, shape: MapShape, path: Path): Problem[] {
  if (!isMap(value)) return [expected(path, 'keys with values', value)];
  const known = Object.keys(shape.keys);
  const inside = Object.entries(value).flatMap(([key, member]): Problem[] => {
    const at = [...path, key];
    const own = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
    if (own !== undefined) return problemsOf(member, own, at);
    return shape.open === true ? [] : [{ path: at, atKey: true, message: unknownKey(key, known) }];
  });
  const missing = (shape.required ?? [])
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => ({ path, message: `the key ${key} is missing` }));
  const { exactlyOne } = shape;
  const found = exactlyOne?.filter((key) => Object.hasOwn(value, key)) ?? [];
  const choice =
    exactlyOne === undefined || found.length === 1
      ? []
      : [{ path, message: `expected one of ${exactlyOne.join(', ')}, found ${found.join(' and ') || 'none'}` }];
  return [...missing, ...choice, ...inside];
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownKey(key: string, known: readonly string[]): string {
  const [close] = nearest(key, known);
  const hint = close === undefined ? `Known here: ${known.toSorted().join(', ')}` : `Did you mean ${close}?`;
  return `unknown key ${JSON.stringify(key)}. ${hint}`;
}

function expected(path: Path, what: string, value: unknown): Problem {
  return { path, message: `expected ${what}, found ${shown(value)}` };
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  const written = JSON.stringify(value) ?? 'nothing';
  return written.length > FOUND_SHOWN ? `${written.slice(0, FOUND_SHOWN)}…` : written;
}

/** Equal values, equal text, whatever the order of keys. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stable(value[key])}`).join(',')}}`;
}
