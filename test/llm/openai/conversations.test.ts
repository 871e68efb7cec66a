/** Every valid conversation makes a request that the strict fake takes, in both dialects and for every model. */
import * as fc from 'fast-check';
import { toolCallsOf, type Message } from '../../../src/analysis/conversation.ts';
import { toChatBody } from '../../../src/llm/openai/chat-request.ts';
import { toResponsesBody } from '../../../src/llm/openai/responses-request.ts';
import { pairResults } from '../../../src/llm/pairing.ts';
import { prefixHashes } from '../../../src/llm/prefix-hash.ts';
import type { ModelProfile } from '../../../src/llm/profile.ts';
import type { ModelRequest } from '../../../src/llm/provider.ts';
import { neutralIds, wireId } from '../../../src/llm/wire-names.ts';
import { arbitraryRequests, brokenOffConversations } from '../../support/arbitrary-conversations.ts';
import { chatProblem } from '../../support/fake-openai-chat.ts';
import { responsesProblem } from '../../support/fake-openai-responses.ts';
import { profileOf, requestOf } from '../../support/openai-world.ts';

const gpt5 = ['none', 'low', 'medium', 'high', 'xhigh'] as const;

const responsesProfiles: readonly Partial<ModelProfile>[] = [
  {},
  { parallelTools: false },
  { model: 'gpt-5.6', efforts: gpt5 },
  { model: 'gpt-4.1', efforts: [], temperature: 'allowed', reasoningReplay: 'none' },
];

const chatProfiles: readonly Partial<ModelProfile>[] = [
  {},
  { parallelTools: false, structuredOutput: false },
  { model: 'gpt-5.6', efforts: gpt5, temperature: 'refused', endpoint: 'openai' },
];

const onWire = (body: object): unknown => JSON.parse(JSON.stringify(body));
const endpointOf = ({ endpoint }: ModelProfile) => ({
  name: endpoint,
  baseUrl: '',
  apiKey: '',
  headers: {},
  local: endpoint !== 'openai',
});

test.each(responsesProfiles)('Responses, %j', (more) => {
  const profile = profileOf('openai-responses', more);
  fc.assert(
    fc.property(arbitraryRequests, (request) => {
      expect(responsesProblem(onWire(toResponsesBody(request, profile)))).toBeUndefined();
    }),
  );
});

test.each(chatProfiles)('Chat, %j', (more) => {
  const profile = profileOf('openai-chat', more);
  fc.assert(
    fc.property(arbitraryRequests, (request) => {
      expect(chatProblem(onWire(toChatBody(request, profile, endpointOf(profile))))).toBeUndefined();
    }),
  );
});

test('a conversation that was broken off anywhere is legal too, in both dialects', () => {
  const [responses, chat] = [profileOf('openai-responses'), profileOf('openai-chat')];
  const asked: Message = { role: 'user', parts: [{ kind: 'text', text: 'Go on.' }] };
  fc.assert(
    fc.property(brokenOffConversations, (broken) => {
      const request = requestOf({ messages: [...broken, asked] });
      expect(responsesProblem(onWire(toResponsesBody(request, responses)))).toBeUndefined();
      expect(chatProblem(onWire(toChatBody(request, chat, endpointOf(chat))))).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

/** The same conversation as if all its reasoning were this model's own, over just what stands before it. */
function sealed(request: ModelRequest, profile: ModelProfile): ModelRequest {
  const messages: Message[] = [];
  for (const message of request.messages) {
    const prefixHash = prefixHashes({ ...request, messages }).at(-1)!;
    const payload = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: `sealed:${profile.model}:1` };
    const own = { dialect: profile.dialect, model: profile.ref, prefixHash, payload };
    if (message.role !== 'assistant') messages.push(message);
    else
      messages.push({
        ...message,
        parts: message.parts.map((part) => (part.kind === 'opaque' ? { ...part, ...own } : part)),
      });
  }
  return { ...request, messages };
}

test('own reasoning goes back wherever something followed it, and nowhere else', () => {
  const profile = profileOf('openai-responses');
  let sent = 0;
  fc.assert(
    fc.property(arbitraryRequests, (request) => {
      const body = onWire(toResponsesBody(sealed(request, profile), profile)) as { input: { type?: string }[] };
      expect(responsesProblem(body)).toBeUndefined();
      const items = body.input.filter(({ type }) => type === 'reasoning').length;
      const followed = request.messages.flatMap(({ parts }) =>
        parts.filter(
          ({ kind }, at) =>
            kind === 'opaque' &&
            parts.slice(at + 1).some((part) => part.kind === 'toolCall' || (part.kind === 'text' && part.text !== '')),
        ),
      );
      expect(items).toBe(followed.length);
      sent += items;
    }),
  );
  expect(sent).toBeGreaterThan(0);
});

/** Takes results away, doubles them, lets them stand elsewhere: what an interrupted analysis may leave. */
function damaged({ messages, ...rest }: ModelRequest, seed: number): ModelRequest {
  const kept = messages.filter((message, index) => message.role !== 'tool' || (index + seed) % 3 !== 0);
  const tools = messages.filter(({ role }) => role === 'tool');
  return { ...rest, messages: seed % 2 === 0 ? [...tools, ...kept] : [...kept, ...tools] };
}

test('also a conversation whose results are lost, doubled or out of place', () => {
  const responses = profileOf('openai-responses');
  const chat = profileOf('openai-chat');
  fc.assert(
    fc.property(arbitraryRequests, fc.nat(5), (request, seed) => {
      const broken = damaged(request, seed);
      expect(responsesProblem(onWire(toResponsesBody(broken, responses)))).toBeUndefined();
      expect(chatProblem(onWire(toChatBody(broken, chat, endpointOf(chat))))).toBeUndefined();
    }),
  );
});

test('each call has exactly one result, next to it, and pairing again changes nothing', () => {
  fc.assert(
    fc.property(arbitraryRequests, fc.nat(5), (request, seed) => {
      const paired = pairResults(damaged(request, seed).messages).map(({ message }) => message);
      const calls = paired.flatMap((message) => toolCallsOf(message).map(({ id }) => id));
      const results = paired.flatMap((message) =>
        message.role === 'tool' ? message.parts.map(({ callId }) => callId) : [],
      );
      expect(results).toEqual(calls);
      expect(pairResults(paired).map(({ message }) => message)).toEqual(paired);
    }),
  );
});

test('ids stay within the limits, stay apart, and stay what they are where they are legal', () => {
  const anyId = fc.string({ maxLength: 90 });
  fc.assert(
    fc.property(fc.uniqueArray(anyId), fc.array(anyId), fc.nat(99), (used, given, turn) => {
      const wire = used.map(wireId);
      expect(new Set(wire).size).toBe(used.length);
      const request = { session: 's', turn };
      const [first, second] = [neutralIds(used, request), neutralIds(used, request)];
      const made = given.map((id, position) => first(id, position));
      expect(given.map((id, position) => second(id, position))).toEqual(made);
      expect(new Set([...made, ...used]).size).toBe(made.length + used.length);
      for (const id of [...wire, ...made]) expect(id).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
      expect(made.map(wireId)).toEqual(made);
    }),
  );
});

test('the prefix hash of a message depends on everything before it and on nothing after it', () => {
  fc.assert(
    fc.property(arbitraryRequests, fc.nat(20), (request, at) => {
      const hashes = prefixHashes(request);
      expect(hashes).toHaveLength(request.messages.length + 1);
      const place = at % request.messages.length;
      const cut = prefixHashes({ ...request, messages: request.messages.slice(0, place) });
      expect(cut).toEqual(hashes.slice(0, place + 1));
      const other = prefixHashes({ ...request, system: `${request.system}.` });
      expect(other.some((hash) => hashes.includes(hash))).toBe(false);
      expect(prefixHashes({ ...request, tools: request.tools.toReversed() })).toEqual(hashes);
    }),
  );
});
