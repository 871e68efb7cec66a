/** Arguments are read strictly: an object as JSON, or a problem that tells the model what to send. */
import * as fc from 'fast-check';
import { readToolArguments } from '../../src/llm/tool-arguments.ts';

test('every object comes back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = JSON.stringify(value);
      expect(readToolArguments(text)).toEqual({ arguments: JSON.parse(text) as unknown });
    }),
  );
});

test('no beginning of an object is taken for the whole', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, at) => {
      const text = JSON.stringify(value);
      const read = readToolArguments(text.slice(0, 1 + (at % (text.length - 1))));
      expect(read).toMatchObject({ arguments: {}, problem: expect.stringContaining('not valid JSON') });
    }),
  );
});

test.each(['', ' \n'])('no text (%j) means no arguments', (text) => {
  expect(readToolArguments(text)).toEqual({ arguments: {} });
});

test.each([
  ['[]', 'an array'],
  ['null', 'null'],
  ['"SELECT 1"', 'a string'],
  ['7', 'a number'],
])('%s is named', (text, found) => {
  expect(readToolArguments(text)).toMatchObject({ arguments: {}, problem: expect.stringContaining(found) });
});

test('a long text is shown by its beginning', () => {
  expect(readToolArguments(`{"sql": ${'x'.repeat(10_000)}`).problem!.length).toBeLessThan(600);
});
