/** Schemas of tools become what OpenAI takes and still mean what they meant. */
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { toolSchema } from '../../../src/llm/openai/tool-schema.ts';
import { parametersProblem } from '../../support/fake-openai-rules.ts';

test('what is missing is added, wherever it is missing', () => {
  expect(
    toolSchema({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { a: { type: ['array', 'null'] }, b: { $ref: '#/$defs/b' } },
      $defs: { b: { type: 'object', additionalProperties: { type: 'array' } } },
      required: ['a'],
    }),
  ).toEqual({
    type: 'object',
    properties: { a: { type: ['array', 'null'], items: {} }, b: { $ref: '#/$defs/b' } },
    $defs: { b: { type: 'object', properties: {}, additionalProperties: { type: 'array', items: {} } } },
    required: ['a'],
  });
});

test('values that only look like schemas stay as they are', () => {
  const properties = { a: { default: { type: 'array' }, enum: [{ type: 'object' }], examples: [{ type: 'array' }] } };
  expect(toolSchema({ type: 'object', properties })).toEqual({ type: 'object', properties });
  // A property may have the name of a keyword.
  expect(toolSchema({ type: 'object', properties: { type: { type: 'array' }, items: { type: 'string' } } })).toEqual({
    type: 'object',
    properties: { type: { type: 'array', items: {} }, items: { type: 'string' } },
  });
});

const inner = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom({ type: 'string' }, { type: 'array' }, { type: 'object' }, {}),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('schema') }),
    fc.record({
      type: fc.constant('object'),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema')),
    }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
  ),
})).schema;

test('any schema is taken, and the same arguments fit it', () => {
  const ajv = new Ajv({ strict: false });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), inner),
      fc.object({ maxDepth: 2, key: fc.constantFrom('a', 'b', 'c') }),
      (properties, value) => {
        const schema = { type: 'object', properties };
        const fitted = toolSchema(schema);
        expect(parametersProblem(fitted, 'parameters')).toBeUndefined();
        expect(ajv.validate(fitted, value)).toBe(ajv.validate(schema, value));
      },
    ),
  );
});
