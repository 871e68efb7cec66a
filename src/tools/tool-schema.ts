/** Reads a tool's input schema: bounded, harmless to check against, clean to show. */
import { cleanText, capText } from './clean-text.ts';
import type { Limits } from './limits.ts';

type Schema = Readonly<Record<string, unknown>>;

export type ToolSchema =
  | {
      readonly kind: 'schema';
      /** For the model: all keywords, without invisible characters. */
      readonly shown: Schema;
      /** For the check: without the keywords that can freeze the process or reach the network. */
      readonly checked: Schema;
    }
  | { readonly kind: 'problem'; readonly problem: string };

export function readToolSchema(value: unknown, limits: Limits): ToolSchema {
  if (!isRecord(value)) return { kind: 'problem', problem: 'its inputSchema is not an object' };
  if (value['type'] !== 'object') return { kind: 'problem', problem: 'its inputSchema must have "type": "object"' };
  const size = { subschemas: 0 };
  try {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > limits.schemaBytes) {
      return { kind: 'problem', problem: `its inputSchema has ${bytes} bytes; at most ${limits.schemaBytes} are read` };
    }
    const shown = cleanStrings(value, limits, limits.schemaDepth * 2);
    return { kind: 'schema', shown, checked: harmless(shown, limits, limits.schemaDepth, size) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { kind: 'problem', problem: `its inputSchema cannot be used: ${error.message}` };
  }
}

const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SCHEMA_MAPS = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
const SCHEMAS = new Set(
  ['items', 'additionalProperties', 'contains', 'not', 'if', 'then', 'else', 'propertyNames'].concat([
    'unevaluatedItems',
    'unevaluatedProperties',
    'additionalItems',
  ]),
);
/**
 * Left out of the check: patterns, because one can take minutes on a short text; identifiers and dialects, because a
 * reference must stay inside the schema; formats, because they are notes.
 */
const LEFT_OUT = new Set(['pattern', 'patternProperties', 'format', '$schema', '$id', 'id', '$vocabulary']);

function harmless(value: Schema, limits: Limits, depth: number, size: { subschemas: number }): Schema {
  if (depth === 0) throw new RangeError(`it nests deeper than ${limits.schemaDepth} levels`);
  size.subschemas += 1;
  if (size.subschemas > limits.subschemas) throw new RangeError(`it has more than ${limits.subschemas} parts`);
  const below = (part: unknown): unknown => {
    if (typeof part === 'boolean') return part;
    if (!isRecord(part)) throw new RangeError('a part of it is no schema');
    return harmless(part, limits, depth - 1, size);
  };
  const kept: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    if (LEFT_OUT.has(key)) continue;
    if (key === '$ref' || key === '$dynamicRef') kept[key] = ownReference(part);
    else if (SCHEMA_LISTS.has(key) || (key === 'items' && Array.isArray(part))) kept[key] = listOf(part).map(below);
    else if (SCHEMA_MAPS.has(key)) kept[key] = mapOf(part, below);
    else if (SCHEMAS.has(key)) kept[key] = below(part);
    else kept[key] = part;
  }
  // Without its patterns a closed object would refuse the very properties the patterns allow.
  if ('patternProperties' in value) {
    delete kept['additionalProperties'];
    delete kept['unevaluatedProperties'];
  }
  return kept;
}

function ownReference(part: unknown): string {
  if (typeof part === 'string' && part.startsWith('#')) return part;
  throw new RangeError('it refers to a schema outside itself, and none is ever fetched');
}

function listOf(part: unknown): readonly unknown[] {
  if (Array.isArray(part)) return part;
  throw new RangeError('a list of schemas in it is no list');
}

function mapOf(part: unknown, below: (part: unknown) => unknown): Record<string, unknown> {
  if (!isRecord(part)) throw new RangeError('a map of schemas in it is no map');
  return Object.fromEntries(Object.entries(part).map(([name, schema]) => [name, below(schema)]));
}

function cleanStrings(value: Schema, limits: Limits, depth: number): Schema {
  if (depth === 0) throw new RangeError(`it nests deeper than ${limits.schemaDepth} levels`);
  const clean = (part: unknown): unknown => {
    if (typeof part === 'string') return capText(cleanText(part), limits.descriptionBytes);
    if (Array.isArray(part)) return part.map(clean);
    return isRecord(part) ? cleanStrings(part, limits, depth - 1) : part;
  };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [cleanText(key), clean(part)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
