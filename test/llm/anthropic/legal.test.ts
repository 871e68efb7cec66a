/** Whatever the conversation was, the request made of it is one the provider takes. */
import * as fc from 'fast-check';
import { planShape } from '../../../src/agents/plan-shape.ts';
import { reportShape } from '../../../src/agents/report-shape.ts';
import type { Message } from '../../../src/analysis/conversation.ts';
import { createAnswer } from '../../../src/llm/anthropic/answer.ts';
import { wireRequest } from '../../../src/llm/anthropic/request.ts';
import { prefixHashes } from '../../../src/llm/prefix-hash.ts';
import { knownRefs, profileOf } from '../../../src/llm/profiles.ts';
import type { ModelReply, ModelRequest } from '../../../src/llm/provider.ts';
import { neutralIds, neutralNames } from '../../../src/llm/wire-names.ts';
import { arbitraryTools, brokenOffConversations } from '../../support/arbitrary-conversations.ts';
import { apiVersion, checkMessagesRequest } from '../../support/anthropic-rules.ts';
import { fakeMessagesRoute } from '../../support/fake-anthropic.ts';
import type { FakeTurn } from '../../support/fake-model-server.ts';

const profile = profileOf('anthropic/claude-sonnet-5-5')!;
const headers = { authorization: 'Bearer key', 'anthropic-version': apiVersion };
const base = { session: 's', turn: 1, model: profile.ref, system: 'Be right.', tools: [], messages: [] };
const tools = [{ name: 'lake__query', description: 'Ask.', inputSchema: { type: 'object' } }];

function wireOf(request: ModelRequest): { messages: { content: { type: string }[] }[] } {
  return JSON.parse(JSON.stringify(wireRequest(request, profile))) as ReturnType<typeof wireOf>;
}

function refusalOf(request: ModelRequest): unknown {
  return checkMessagesRequest(wireOf(request), headers)?.body;
}

test('every conversation, also one that began elsewhere, makes a legal request', () => {
  fc.assert(
    fc.property(brokenOffConversations, arbitraryTools, fc.boolean(), (messages, offered, strict) => {
      const output = { name: 'plan', schema: { type: 'object', properties: {}, additionalProperties: false } };
      expect(refusalOf({ ...base, tools: offered, messages, ...(strict ? { output } : {}) })).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test.each([...knownRefs.filter((ref) => ref.startsWith('anthropic/')), 'anthropic/claude-house-1'])(
  'and for %s, whatever effort and room are wished for',
  (ref) => {
    const one = profileOf(ref)!;
    const efforts = fc.constantFrom('none', 'minimal', 'low', 'high', 'xhigh', 'max');
    fc.assert(
      fc.property(brokenOffConversations, efforts, fc.integer({ min: 1, max: 1_000_000 }), (messages, effort, room) => {
        const wire = wireRequest({ ...base, tools, messages, effort, maxOutputTokens: room }, one);
        expect(checkMessagesRequest(JSON.parse(JSON.stringify(wire)), headers)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  },
);

test.each([planShape, reportShape])('the shape of a $name is legal beside tools', (output) => {
  const request = { ...base, tools, messages: [], output };
  expect(wireRequest(request, profile).output_config?.format).toMatchObject({ schema: output.schema });
  expect(refusalOf(request)).toBeUndefined();
});

test('each call has exactly one result, and every result its call', () => {
  fc.assert(
    fc.property(brokenOffConversations, (messages) => {
      const blocks = wireOf({ ...base, messages }).messages.flatMap(({ content }) => content) as Record<
        string,
        string
      >[];
      const calls = blocks.filter(({ type }) => type === 'tool_use').map((block) => block['id']);
      const results = blocks.filter(({ type }) => type === 'tool_result').map((block) => block['tool_use_id']);
      expect(results).toEqual(calls);
    }),
  );
});

test.each<[string, Message[]]>([
  ['nothing', []],
  ['an answer first', [{ role: 'assistant', parts: [{ kind: 'text', text: 'Hello' }] }]],
  [
    'two answers in a row',
    Array.from({ length: 2 }, () => ({ role: 'assistant', parts: [{ kind: 'text', text: 'A' }] })),
  ],
])('a conversation with %s is legal too', (_, messages) => {
  expect(refusalOf({ ...base, messages })).toBeUndefined();
});

/** The answer of the fake to this request, put together as the provider does, without a network. */
function answerTo(request: ModelRequest, turn: FakeTurn, number: number): ModelReply {
  const answer = createAnswer({
    where: { endpoint: 'fake', model: profile.model },
    tokens: profile.tokens,
    prefixHash: prefixHashes(request).at(-1)!,
    neutralName: neutralNames(request.tools),
    neutralId: neutralIds([], { session: 's', turn: number }),
    emit: () => undefined,
  });
  const events = fakeMessagesRoute().events(turn, wireOf(request), number);
  for (const { data } of events) answer.read(JSON.parse(data));
  return answer.reply(undefined);
}

const anyTurn: fc.Arbitrary<FakeTurn> = fc.record({
  reasoning: fc.constantFrom('Hm.', 'First this, then that.'),
  text: fc.array(fc.string(), { maxLength: 3 }),
  calls: fc.array(fc.constant({ name: 'lake__query', arguments: { sql: 'SELECT 1' } }), { maxLength: 3 }),
  finish: fc.constantFrom('toolCalls', 'length', 'paused', 'stop'),
  quirk: fc.constantFrom('redacted thinking', 'none'),
});

test('reasoning goes back as long as its beginning stands, and the provider takes it', () => {
  fc.assert(
    fc.property(fc.array(anyTurn, { minLength: 1, maxLength: 6 }), fc.boolean(), (turns, redirected) => {
      let messages: Message[] = [{ role: 'user', parts: [{ kind: 'text', text: 'Count.' }] }];
      let replayable = 0;
      for (const [index, turn] of turns.entries()) {
        const request = { ...base, tools, messages };
        expect(refusalOf(request)).toBeUndefined();
        const { message } = answerTo(request, turn, index + 1);
        const shown = message.parts.some(
          (part) => part.kind !== 'opaque' && (part.kind !== 'text' || part.text.trim()),
        );
        if (shown) replayable += 1;
        messages = [...messages, message, ...resultsOf(message)];
        if (redirected) messages.push({ role: 'user', parts: [{ kind: 'text', text: 'By region, please.' }] });
      }
      const wire = wireOf({ ...base, tools, messages });
      const thinking = wire.messages.flatMap(({ content }) => content).filter(({ type }) => type.endsWith('thinking'));
      expect(thinking).toHaveLength(replayable);
      expect(refusalOf({ ...base, tools, messages })).toBeUndefined();
    }),
  );
});

function resultsOf(message: ModelReply['message']): Message[] {
  const calls = message.parts.filter((part) => part.kind === 'toolCall');
  if (calls.length === 0) return [];
  return [{ role: 'tool', parts: calls.map(({ id }) => ({ kind: 'toolResult', callId: id, ok: true, text: '1' })) }];
}

test.each<[string, Partial<ModelRequest>]>([
  ['the system text', { system: 'Be quick.' }],
  ['a tool', { tools: [{ name: 'other', description: '', inputSchema: {} }] }],
  ['an earlier message', { messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Something else.' }] }] }],
])('reasoning is dropped when %s has changed', (_, change) => {
  const request: ModelRequest = {
    ...base,
    tools,
    messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Count.' }] }],
  };
  const { message } = answerTo(request, { reasoning: 'Hm.', text: 'Three.' }, 1);
  const later = { ...request, ...change, messages: [...(change.messages ?? request.messages), message] };
  expect(JSON.stringify(wireOf(later))).not.toContain('Hm.');
  expect(JSON.stringify(wireOf({ ...request, messages: [...request.messages, message] }))).toContain('Hm.');
  expect(refusalOf(later)).toBeUndefined();
});

test('reasoning is dropped for another model of the same provider', () => {
  const request: ModelRequest = { ...base, messages: [] };
  const { message } = answerTo(request, { reasoning: 'Hm.', text: 'Three.' }, 1);
  const wire = wireRequest({ ...request, messages: [message] }, profileOf('anthropic/claude-opus-5-5')!);
  expect(JSON.stringify(wire)).not.toContain('Hm.');
});
