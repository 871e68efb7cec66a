/** What single values look like: numbers with or without a unit, dates, placeholders of what is missing. */

/** Words that people and programs write where nothing is known. Compared without case. */
const placeholders = new Set([
  'n/a',
  'na',
  'n.a.',
  'nan',
  'null',
  'none',
  'nil',
  'unknown',
  'missing',
  'empty',
  'not available',
  'not applicable',
  'undefined',
  'tbd',
  '?',
  '??',
  '-',
  '--',
  '.',
]);

export function isPlaceholder(value: string): boolean {
  return placeholders.has(value.trim().toLowerCase());
}

/** `12`, `-3.5`, `1,234.5`, `1e5` */
const plainNumber = /^[+-]?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A number with a currency before it, or a unit of at most a few letters behind it. */
const withUnit = /^([$€£¥]\s?)?([+-]?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+))(\s?(?:[%‰°]|[A-Za-zµ²³/]{1,10}\.?))?$/;

export type NumberLook =
  | { readonly kind: 'plain' }
  /** What stands around the number. */
  | { readonly kind: 'unit'; readonly unit: string }
  | { readonly kind: 'none' };

export function numberLook(value: string): NumberLook {
  const text = value.trim();
  if (plainNumber.test(text)) return { kind: 'plain' };
  const match = withUnit.exec(text);
  if (match === null) return { kind: 'none' };
  return { kind: 'unit', unit: `${(match[1] ?? '').trim()}${(match[3] ?? '').trim()}` };
}

export function isWhole(value: string): boolean {
  return /^\s*[+-]?\d+(?:\.0*)?\s*$/.test(value);
}

/** Digits with a leading zero say that the column holds codes, not quantities. */
export function isCodeOfDigits(value: string): boolean {
  return /^0\d+$/.test(value.trim());
}

export const knownFormats = {
  email: /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:\/\/\S+$/i,
  ipv4: /^(?:\d{1,3}\.){3}\d{1,3}$/,
} as const;

export const dateLook = /^\d{4}-\d{2}-\d{2}$/;
export const timestampLook = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
