/** The fake is as strict as what it stands for: each of these the real API refuses. */
import { apiVersion, checkMessagesRequest } from '../../support/anthropic-rules.ts';

const headers = { authorization: 'Bearer key', 'anthropic-version': apiVersion };
const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const text = { type: 'text', text: 'Hello.' };
const call = (id: string, input: unknown = {}) => ({ type: 'tool_use', id, name: 'query', input });
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: '1' });
const tool = { name: 'query', input_schema: { type: 'object' } };
const legal = { model: 'claude-sonnet-5-5', max_tokens: 100, stream: true, messages: [user(text)] };

test('what is legal passes', () => {
  const messages = [user(text), assistant(text, call('a'), call('b')), user(result('b'), result('a'), text)];
  expect(checkMessagesRequest({ ...legal, tools: [tool], messages }, headers)).toBeUndefined();
});

test.each<[string, object, RegExp]>([
  ['a temperature', { temperature: 1 }, /temperature/],
  ['a field nobody knows', { seed: 1 }, /Extra inputs/],
  ['no streaming', { stream: false }, /streamed/],
  ['a forced tool', { tools: [tool], tool_choice: { type: 'any' } }, /forced/],
  ['two tools of one name', { tools: [tool, tool] }, /unique/],
  ['a tool without a schema', { tools: [{ name: 'query', input_schema: {} }] }, /input_schema/],
  ['a schema with a choice at its top', { tools: [{ ...tool, input_schema: { type: 'object', anyOf: [] } }] }, /anyOf/],
  ['a budget for thinking', { thinking: { type: 'enabled', budget_tokens: 2_000 } }, /thinking/],
  ['an effort nobody knows', { output_config: { effort: 'none' } }, /effort/],
  [
    'an effort that this model does not know',
    { model: 'claude-haiku-5-5', output_config: { effort: 'max' } },
    /effort/,
  ],
  ['an effort of a model without any', { model: 'claude-house-1', output_config: { effort: 'low' } }, /effort/],
  ['thinking of a model that does not', { model: 'claude-house-1', thinking: { type: 'adaptive' } }, /thinking/],
  ['no thinking between', { model: 'claude-opus-5-5', thinking: { type: 'between_tools' } }, /thinking/],
  ['more room than this model has', { model: 'claude-haiku-5-5', max_tokens: 64_001 }, /max_tokens/],
  ['a beginning of the answer', { messages: [user(text), assistant(text)] }, /prefill/],
  ['two users in a row', { messages: [user(text), user(text)] }, /alternate/],
  ['empty text', { messages: [user({ type: 'text', text: ' ' })] }, /empty/],
  ['a call without a result', { messages: [user(text), assistant(call('a')), user(text)] }, /without tool_result/],
  ['a result without a call', { messages: [user(result('a'))] }, /unexpected tool_use_id/],
  ['words before results', { messages: [user(text), assistant(call('a')), user(text, result('a'))] }, /come first/],
  ['words after a call', { messages: [user(text), assistant(call('a'), text), user(result('a'))] }, /may follow/],
  ['an input that is a text', { messages: [user(text), assistant(call('a', '{}')), user(result('a'))] }, /dictionary/],
  ['a bad id', { messages: [user(text), assistant(call('a|b')), user(result('a|b'))] }, /pattern/],
  [
    'thinking of another conversation',
    { messages: [user(text), assistant({ type: 'thinking', thinking: 'Hm.', signature: 'x' }, text), user(text)] },
    /bound to a different conversation/,
  ],
  [
    'redacted thinking of another conversation',
    { messages: [user(text), assistant({ type: 'redacted_thinking', data: 'redacted:x' }, text), user(text)] },
    /redacted_thinking block is bound to a different conversation/,
  ],
])('%s is refused', (_, change, message) => {
  const refusal = checkMessagesRequest({ ...legal, ...change }, headers);
  expect(refusal).toMatchObject({ status: 400, body: { error: { message: expect.stringMatching(message) } } });
});

test('a missing key and another version are refused', () => {
  expect(checkMessagesRequest(legal, { 'anthropic-version': apiVersion })?.status).toBe(401);
  expect(checkMessagesRequest(legal, { ...headers, 'anthropic-version': '2023-06-01' })?.status).toBe(400);
});

test('a model that is not there is not found', () => {
  const refusal = checkMessagesRequest({ ...legal, model: 'claude-nobody' }, headers);
  expect(refusal).toMatchObject({ status: 404, body: { error: { type: 'not_found_error' } } });
  expect(checkMessagesRequest({ ...legal, model: 'claude-opus-5-5-20260901' }, headers)).toBeUndefined();
});
