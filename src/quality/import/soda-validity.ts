/** Soda's words for valid values (`valid_values`, `valid min length`, …) as checks. */
import { listOf, numberOf, textOf, wordsOf, type Words } from './words.ts';

/** Names of Soda's formats, where ours mean the same. */
const formats: Readonly<Record<string, string>> = {
  email: 'email',
  uuid: 'uuid',
  'ip address': 'ipv4',
  'ipv4 address': 'ipv4',
  'ipv6 address': 'ipv6',
  integer: 'integer',
  decimal: 'number',
  'date iso 8601': 'timestamp',
  'phone number': 'phone',
};

const known = new Set([
  'valid values',
  'invalid values',
  'valid regex',
  'invalid regex',
  'valid format',
  'invalid format',
  'valid min',
  'valid max',
  'valid length',
  'valid min length',
  'valid max length',
  'valid reference data',
]);

/** One check for each thing that is said; none when something is said that has no counterpart. Versions 3 and 4 differ by underscores. */
export function validityOf(written: Words): Record<string, unknown>[] {
  const said: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) said[key.replaceAll('_', ' ')] = value;
  const about = Object.keys(said).filter((key) => /^(?:in)?valid /.test(key));
  if (about.some((key) => !known.has(key))) return [];
  const found = about.map((key) => one(key, said)).filter((check) => check !== 'merged');
  return found.every((check) => check !== undefined) ? found : [];
}

/** `merged` when another key says it already. */
function one(key: string, said: Words): Record<string, unknown> | 'merged' | undefined {
  const value = said[key];
  switch (key) {
    case 'valid values':
    case 'invalid values':
      return listOf(value).length === 0
        ? undefined
        : { check: 'acceptedValues', values: value, ...(key === 'invalid values' ? { refused: true } : {}) };
    case 'valid regex':
    case 'invalid regex':
      return (
        (textOf(value) && {
          check: 'pattern',
          pattern: value,
          ...(key === 'invalid regex' ? { refused: true } : {}),
        }) ||
        undefined
      );
    case 'valid format':
    case 'invalid format': {
      const regex = textOf(wordsOf(value)['regex']);
      const format = formats[textOf(value) ?? ''];
      const refused = key === 'invalid format' ? { refused: true } : {};
      if (regex !== undefined) return { check: 'pattern', pattern: regex, ...refused };
      return format === undefined || key === 'invalid format' ? undefined : { check: 'format', format };
    }
    case 'valid min':
      return pair('range', 'minimum', value, 'maximum', said['valid max']);
    case 'valid max':
      return said['valid min'] === undefined ? pair('range', 'maximum', value) : 'merged';
    case 'valid length':
      return pair('length', 'minimum', value, 'maximum', value);
    case 'valid min length':
      return pair('length', 'minimum', value, 'maximum', said['valid max length']);
    case 'valid max length':
      return said['valid min length'] === undefined ? pair('length', 'maximum', value) : 'merged';
    case 'valid reference data': {
      const { dataset, column } = wordsOf(value);
      const [table, to] = [textOf(dataset), textOf(column)];
      if (table === undefined || to === undefined) return undefined;
      return { check: 'foreignKey', to: { table: table.split(/[/.]/).at(-1), columns: [to] } };
    }
    default:
      return undefined;
  }
}

function pair(check: string, a: string, first: unknown, b = '', second?: unknown): Record<string, unknown> | undefined {
  const [own, other] = [numberOf(first), numberOf(second)];
  if (own === undefined || (second !== undefined && other === undefined)) return undefined;
  return { check, [a]: own, ...(other === undefined ? {} : { [b]: other }) };
}
