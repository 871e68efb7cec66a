import { APIError } from 'openai';
import { createAccepted, type Body } from '../../src/llm/refused-parameters.ts';

const droppable = ['include', 'temperature', 'reasoning.effort', 'reasoning_effort', 'store', 'prompt_cache_key'];

function refusing(status: number, message: string, more: { readonly param?: string; readonly code?: string } = {}) {
  return APIError.generate(status, { error: { message, ...more } }, undefined, new Headers());
}

/** Refuses as long as the body holds the parameter. */
function server(parameter: string, error: Error) {
  const bodies: Body[] = [];
  return {
    bodies,
    send: async (body: Body) => {
      bodies.push(body);
      if (parameter in body) throw error;
      return 'answered';
    },
  };
}

test.each([
  ['its name in a field', 'temperature', refusing(400, 'No.', { param: 'temperature', code: 'unsupported_value' })],
  [
    'its name in a field and no code',
    'include',
    refusing(400, 'Encrypted content is not supported with this model.', { param: 'include' }),
  ],
  [
    'words, another one after it',
    'temperature',
    refusing(400, "gpt-6.1-sol doesn't support temperature=0.1 unless reasoning_effort resolves to 'none'"),
  ],
  ['a list', 'prompt_cache_key', refusing(400, "does not support parameters: ['prompt_cache_key'], for model=m")],
  ['an English word in quotes', 'store', refusing(400, "Unknown parameter: 'store'.")],
])('refused by %s, a parameter is left out at once and from then on', async (_, parameter, error) => {
  const { bodies, send } = server(parameter, error);
  const accepted = createAccepted(droppable);
  const body = { [parameter]: 1, input: 'x' };
  expect(await accepted(body, send)).toBe('answered');
  expect(await accepted(body, send)).toBe('answered');
  expect(bodies).toEqual([body, { input: 'x' }, { input: 'x' }]);
});

test.each([
  ['of another kind', refusing(400, 'The temperature of the data is not supported by evidence', { param: 'input' })],
  ['of an English word', refusing(400, 'This model does not support a store of answers')],
  ['with another status', refusing(403, 'temperature is not supported')],
])('a refusal %s is handed on', async (_, error) => {
  const { bodies, send } = server('input', error);
  await expect(createAccepted(droppable)({ input: 'x', temperature: 0.1, store: false }, send)).rejects.toBe(error);
  expect(bodies).toHaveLength(1);
});

test('what is refused although it was left out is handed on', async () => {
  const error = refusing(400, 'temperature is not supported');
  const { send } = server('input', error);
  await expect(createAccepted(droppable)({ input: 'x', temperature: 0.1 }, send)).rejects.toBe(error);
});
