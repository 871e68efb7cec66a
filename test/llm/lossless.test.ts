/** What was said, called, answered and failed reaches every dialect's wire, and comes back from its answers, unchanged. */
import * as fc from 'fast-check';
import { toolCallsOf, type Message, type ToolResult } from '../../src/analysis/conversation.ts';
import { createAnswer } from '../../src/llm/anthropic/answer.ts';
import { wireRequest } from '../../src/llm/anthropic/request.ts';
import { toChatBody } from '../../src/llm/openai/chat-request.ts';
import { createChatReader } from '../../src/llm/openai/chat-stream.ts';
import { resultText } from '../../src/llm/openai/result-text.ts';
import { toResponsesBody } from '../../src/llm/openai/responses-request.ts';
import { createResponsesReader } from '../../src/llm/openai/responses-stream.ts';
import { prefixHashes } from '../../src/llm/prefix-hash.ts';
import { profileOf as knownProfile } from '../../src/llm/profiles.ts';
import type { ModelReply, ModelRequest } from '../../src/llm/provider.ts';
import { neutralIds, neutralNames, wireId, wireName } from '../../src/llm/wire-names.ts';
import { arbitraryRequests } from '../support/arbitrary-conversations.ts';
import { fakeMessagesRoute } from '../support/fake-anthropic.ts';
import type { FakeTurn } from '../support/fake-model-server.ts';
import { chatEvents } from '../support/fake-openai-chat.ts';
import { responsesEvents } from '../support/fake-openai-responses.ts';
import { profileOf, queryTool, requestOf } from '../support/openai-world.ts';

type Json = Readonly<Record<string, unknown>>;

/** A conversation as it stands on a wire, in no dialect's words; blank text may be left out. */
type Seen =
  | { readonly said: string; readonly by: string }
  | { readonly called: string; readonly id: string; readonly arguments: unknown }
  | { readonly answered: string; readonly text: string; readonly failed: boolean };

type Dialect = {
  wire(request: ModelRequest): unknown;
  seen(body: never): Seen[];
  /** How a result reads there. */
  result(result: ToolResult): Pick<Extract<Seen, { answered: string }>, 'text' | 'failed'>;
  /** The reply made of what the fake streams for this turn. */
  reply(turn: FakeTurn, request: ModelRequest): ModelReply;
};

const claude = knownProfile('anthropic/claude-sonnet-5-5')!;
const responses = profileOf('openai-responses');
const chat = profileOf('openai-chat');
const chatEndpoint = { name: 'local', baseUrl: '', apiKey: '', headers: {}, local: false };

/** In words only: nothing else says that a call failed. */
const inWords = (result: ToolResult) => ({ text: resultText(result), failed: !result.ok });
const saysFailed = (text: string) => /^This call failed:|^\s*\{\s*"ok"\s*:\s*false\b/.test(text);

const dialects: Readonly<Record<string, Dialect>> = {
  'anthropic-messages': {
    wire: (request) => wireRequest(request, claude),
    seen: ({ messages }: { messages: { role: string; content: Json[] }[] }) =>
      messages.flatMap(({ role, content }) =>
        content.map((block): Seen => {
          if (block['type'] === 'text') return { said: String(block['text']), by: role };
          if (block['type'] === 'tool_use')
            return { called: String(block['name']), id: String(block['id']), arguments: block['input'] };
          const text = typeof block['content'] === 'string' ? block['content'] : '';
          return { answered: String(block['tool_use_id']), text, failed: block['is_error'] === true };
        }),
      ),
    result: ({ ok, text }) => ({ text, failed: !ok }),
    reply(turn, request) {
      const answer = createAnswer({
        where: { endpoint: 'fake', model: claude.model },
        tokens: claude.tokens,
        prefixHash: prefixHashes(request).at(-1)!,
        neutralName: neutralNames(request.tools),
        neutralId: neutralIds([], request),
        emit: () => undefined,
      });
      for (const { data } of fakeMessagesRoute().events(turn, overWire(this.wire(request)), 1))
        answer.read(JSON.parse(data));
      return answer.reply(undefined);
    },
  },
  'openai-responses': {
    wire: (request) => toResponsesBody(request, responses),
    seen: ({ input }: { input: Json[] }) =>
      input.map((item): Seen => {
        if (item['type'] === 'function_call')
          return {
            called: String(item['name']),
            id: String(item['call_id']),
            arguments: JSON.parse(String(item['arguments'])),
          };
        const text = String(item['output']);
        if (item['type'] === 'function_call_output')
          return { answered: String(item['call_id']), text, failed: saysFailed(text) };
        const content = item['content'];
        const said = typeof content === 'string' ? content : (content as Json[]).map((part) => part['text']).join('\n');
        return { said, by: String(item['role']) };
      }),
    result: inWords,
    reply(turn, request) {
      const reader = createResponsesReader(request, responses, () => undefined);
      for (const { data } of responsesEvents(turn, overWire(this.wire(request)), 1)) reader.read(JSON.parse(data));
      return reader.reply();
    },
  },
  'openai-chat': {
    wire: (request) => toChatBody(request, chat, chatEndpoint),
    seen: ({ messages }: { messages: Json[] }) =>
      messages.slice(1).flatMap((message): Seen[] => {
        const text = String(message['content']);
        if (message['role'] === 'tool')
          return [{ answered: String(message['tool_call_id']), text, failed: saysFailed(text) }];
        const calls = (message['tool_calls'] ?? []) as { id: string; function: { name: string; arguments: string } }[];
        return [
          { said: text, by: String(message['role']) },
          ...calls.map(({ id, function: { name, arguments: given } }) => ({
            called: name,
            id,
            arguments: JSON.parse(given) as unknown,
          })),
        ];
      }),
    result: inWords,
    reply(turn, request) {
      const reader = createChatReader(request, chat, chatEndpoint, () => undefined);
      for (const { data } of chatEvents(turn, overWire(this.wire(request)), 1))
        if (data !== '[DONE]') reader.read(JSON.parse(data));
      return reader.reply();
    },
  },
};

function overWire<T>(body: T): T {
  return JSON.parse(JSON.stringify(body)) as T;
}

/** The same for all dialects: what of a conversation has to be read on the wire. */
function expected(messages: readonly Message[], { result }: Dialect) {
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.parts : []));
  const calls = messages.flatMap(toolCallsOf);
  return {
    users: wordsOf(messages, 'user'),
    answers: wordsOf(messages, 'assistant'),
    calls: calls.map(({ id, name, arguments: given }) => ({
      called: wireName(name),
      id: wireId(id),
      arguments: overWire(given),
    })),
    // In the order of the calls, as every dialect wants them.
    results: calls.map(({ id }) => {
      const given = results.find(({ callId }) => callId === id)!;
      return { answered: wireId(id), ...result(given) };
    }),
  };
}

function found(seen: readonly Seen[]) {
  const said = (by: string) => squeezed(seen.flatMap((one) => ('said' in one && one.by === by ? [one.said] : [])));
  return {
    users: said('user'),
    answers: said('assistant'),
    calls: seen.filter((one) => 'called' in one),
    results: seen.filter((one) => 'answered' in one),
  };
}

function wordsOf(messages: readonly Message[], role: string): string {
  return squeezed(
    messages.flatMap((message) =>
      message.role === role ? message.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])) : [],
    ),
  );
}

/** Dialects part and join texts in their own ways, and leave out blank ones; letters and their order stay. */
function squeezed(texts: readonly string[]): string {
  return texts.join('').replaceAll(/\s/g, '');
}

describe.each(Object.entries(dialects))('%s', (_, dialect) => {
  test('every text, call, argument, result and failure of a conversation is on the wire', () => {
    fc.assert(
      fc.property(arbitraryRequests, (request) => {
        const seen = found(dialect.seen(overWire(dialect.wire(request)) as never));
        const wanted = expected(request.messages, dialect);
        // Where nobody speaks between two answers one dialect has the user say so.
        expect({ ...seen, users: seen.users.replaceAll('Continue.', '') }).toEqual({
          ...wanted,
          users: wanted.users.replaceAll('Continue.', ''),
        });
      }),
      { numRuns: 200 },
    );
  });

  test('an answer goes back as it came: its words, and the arguments of its calls', () => {
    const calls = fc.array(
      fc.record({
        name: fc.constantFrom(queryTool.name, 'set_plan', 'nobody offered this'),
        arguments: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
      }),
      { maxLength: 3 },
    );
    const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 4 });
    fc.assert(
      fc.property(texts, calls, outcomes, (text, made, outcome) => {
        const request = requestOf();
        const turn: FakeTurn = { text, calls: made };
        const { message } = dialect.reply(turn, request);
        const results = toolCallsOf(message).map(({ id }): ToolResult => ({
          kind: 'toolResult',
          callId: id,
          ...outcome,
        }));
        const answered: Message[] = results.length === 0 ? [] : [{ role: 'tool', parts: results }];
        const next = { ...request, turn: 2, messages: [...request.messages, message, ...answered] };
        const seen = found(dialect.seen(overWire(dialect.wire(next)) as never));
        expect(seen.answers).toBe(squeezed(text));
        expect(seen.calls).toMatchObject(
          made.map(({ name, arguments: given }) => ({ called: wireName(name), arguments: overWire(given) })),
        );
        expect(seen.results).toMatchObject(results.map((result) => dialect.result(result)));
      }),
      { numRuns: 200 },
    );
  });
});

const outcomes = fc.constantFrom<Pick<ToolResult, 'ok' | 'text'>>(
  { ok: true, text: '{"ok":true}' },
  { ok: false, text: 'no such table: Füße' },
  { ok: false, text: '{"ok":false}' },
);

test('a failure is said where nothing else says it, and a success never reads like one', () => {
  expect(resultText({ ok: false, text: 'no such table' })).toBe('This call failed: no such table');
  expect(resultText({ ok: false, text: '{"ok":false,"error":{}}' })).toBe('{"ok":false,"error":{}}');
  expect(resultText({ ok: true, text: 'no such table' })).toBe('no such table');
});
