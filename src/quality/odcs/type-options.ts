/** `logicalTypeOptions`: what may be said about the values of a column, per logical type. */
import type { Standard } from './parts.ts';
import { boolean, count, listOf, map, number, oneOf, text, type Shape } from './shape.ts';

export function typeOptions(type: unknown, standard: Standard): Shape {
  switch (type) {
    case 'string':
      return map({ minLength: count, maxLength: count, pattern: text, format: text });
    case 'date':
      return map({ format: text, ...limits(text, standard) });
    case 'timestamp':
    case 'time':
      return map({ format: text, ...limits(text, standard), timezone: boolean, defaultTimezone: text });
    case 'integer':
      return map({ ...numeric(standard), format: oneOf(...integers) });
    case 'number':
      return map({ ...numeric(standard), format: oneOf('f32', 'f64') });
    case 'object':
      return map({
        maxProperties: count,
        minProperties: count,
        required: listOf(text, { atLeast: 1, different: true }),
      });
    case 'array':
      return map({ maxItems: count, minItems: count, uniqueItems: boolean });
    case 'vector':
      return vector;
    case undefined:
      return withoutType;
    default:
      return { kind: 'map', keys: {}, open: true };
  }
}

const integers = ['i8', 'i16', 'i32', 'i64', 'i128', 'u8', 'u16', 'u32', 'u64', 'u128'];

/** Until 3.1 an exclusive limit was a switch beside the limit. */
function limits(value: Shape, standard: Standard): Record<string, Shape> {
  const exclusive: Shape =
    standard === '3.0' ? { kind: 'choice', choose: (found) => (typeof found === 'boolean' ? boolean : value) } : value;
  return { minimum: value, maximum: value, exclusiveMinimum: exclusive, exclusiveMaximum: exclusive };
}

function numeric(standard: Standard): Record<string, Shape> {
  return { multipleOf: { kind: 'number', above: 0 }, ...limits(number, standard) };
}

/** Each type has other options, so that without a type none can stand. */
const withoutType: Shape = map({});

const vector: Shape = map(
  {
    dimensions: { kind: 'number', whole: true, atLeast: 1 },
    elementType: oneOf('bfloat16', 'binary', 'float16', 'float32', 'float64', 'int8', 'uint8'),
    distanceMetric: oneOf('cosine', 'dotProduct', 'euclidean', 'hamming', 'manhattan'),
    embeddingModel: text,
    embeddingModelVersion: text,
    normalized: boolean,
  },
  ['dimensions'],
);
