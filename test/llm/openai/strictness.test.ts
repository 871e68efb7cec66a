/** The fake is worth its tests only while it refuses: one illegal request for each of its rules. */
import { chatProblem } from '../../support/fake-openai-chat.ts';
import { responsesProblem } from '../../support/fake-openai-responses.ts';

const user = { type: 'message', role: 'user', content: 'Go.' };
const called = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
const answered = { type: 'function_call_output', call_id: 'c1', output: '1' };
const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'sealed:gpt-6.1-sol:1' };
const tool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false };
const responses = { model: 'gpt-6.1-sol', stream: true, store: false, input: [user] };

test('Responses takes what is legal', () => {
  expect(responsesProblem(responses)).toBeUndefined();
  expect(responsesProblem({ ...responses, input: [user, thought, called, answered], tools: [tool] })).toBeUndefined();
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['an unknown field', { seed: 1 }, /Unknown parameter: 'seed'/],
  ['an unknown model', { model: 'gpt-2' }, /does not exist/],
  ['a temperature', { temperature: 0.1 }, /temperature/],
  ['an unknown effort', { reasoning: { effort: 'none' } }, /reasoning.effort/],
  [
    'sealed reasoning of a model without any',
    { model: 'gpt-4.1', include: ['reasoning.encrypted_content'] },
    /Encrypted content is not supported/,
  ],
  ['state at the provider', { store: true }, /store/],
  ['too little room', { max_output_tokens: 5 }, /at least 16/],
  ['an orphan result', { input: [user, answered] }, /No tool call found/],
  ['a result before its call', { input: [user, answered, called] }, /No tool call found/],
  ['a second result', { input: [user, called, answered, answered] }, /No tool call found/],
  ['a missing result', { input: [user, called] }, /No tool output found/],
  ['one id twice', { input: [user, called, answered, called, answered] }, /Duplicate/],
  ['reasoning at the end', { input: [user, thought] }, /without its required following item/],
  ['reasoning before a question', { input: [thought, user] }, /without its required following item/],
  [
    'reasoning of another model',
    { input: [user, { ...thought, encrypted_content: 'sealed:gpt-5.6:1' }, called, answered] },
    /verified/,
  ],
  ['arguments that are no object', { input: [user, { ...called, arguments: '[]' }, answered] }, /JSON object/],
  ['a long id', { input: [user, { ...called, call_id: 'x'.repeat(65) }] }, /call_id/],
  ['a bad name', { input: [user, { ...called, name: 'a.b' }, answered] }, /name/],
  ['a tool without properties', { tools: [{ ...tool, parameters: { type: 'object' } }] }, /missing properties/],
  [
    'a tool held to a loose schema',
    { tools: [{ ...tool, strict: undefined, parameters: { type: 'object', properties: { a: {} } } }] },
    /additionalProperties/,
  ],
  ['two tools of one name', { tools: [tool, tool] }, /one name/],
  ['parallel calls without tools', { parallel_tool_calls: false }, /parallel/],
  ['nothing to answer', { input: [] }, /empty/],
])('Responses refuses %s', (_, change, message) => {
  expect(responsesProblem({ ...responses, ...change })?.message).toMatch(message);
});

const ask = { role: 'user', content: 'Go.' };
const calls = {
  role: 'assistant',
  content: '',
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
};
const result = { role: 'tool', tool_call_id: 'c1', content: '1' };
const chat = { model: 'local-model', stream: true, messages: [ask] };
const chatTool = { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } };

test('Chat takes what is legal', () => {
  expect(chatProblem(chat)).toBeUndefined();
  expect(chatProblem({ ...chat, messages: [ask, calls, result], tools: [chatTool], temperature: 0.1 })).toBeUndefined();
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['an unknown field', { top_k: 1 }, /Unknown parameter: 'top_k'/],
  [
    'tools with reasoning',
    { model: 'gpt-5.6', tools: [chatTool], reasoning_effort: 'high' },
    /Function tools with reasoning_effort/,
  ],
  ['tools with reasoning by default', { model: 'gpt-5.6', tools: [chatTool] }, /Function tools with reasoning_effort/],
  ['a temperature with reasoning', { model: 'gpt-5.6', temperature: 0.1 }, /temperature/],
  ['the old name of the limit', { model: 'gpt-4.1', max_tokens: 5 }, /max_completion_tokens/],
  ['an orphan result', { messages: [ask, result] }, /must be a response/],
  ['a result too late', { messages: [ask, calls, ask, result] }, /did not have response/],
  ['a missing result', { messages: [ask, calls] }, /did not have response/],
  ['a second result', { messages: [ask, calls, result, result] }, /must be a response/],
  ['a bad name', { tools: [{ type: 'function', function: { name: 'a b', parameters: {} } }] }, /name/],
])('Chat refuses %s', (_, change, message) => {
  expect(chatProblem({ ...chat, ...change })?.message).toMatch(message);
});
