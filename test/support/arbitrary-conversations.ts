/** Arbitrary conversations for property tests: valid ones, and such as were broken off anywhere; any ids, names, opaque parts. */
import * as fc from 'fast-check';
import type { Message, Opaque, Text, ToolCall, ToolResult } from '../../src/analysis/conversation.ts';
import type { ModelRequest, ToolSpec } from '../../src/llm/provider.ts';

/** Ids as providers make them, and as none should. */
const foreignId = fc.oneof(
  fc.stringMatching(/^toolu_[A-Za-z0-9]{8,24}$/),
  fc.stringMatching(/^call_[A-Za-z0-9]{8,60}$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/),
  fc.constantFrom('fc|1/2', 'x'.repeat(80)),
  fc.string({ minLength: 1, maxLength: 90 }),
);

const toolName = fc.oneof(
  fc.constantFrom('data_lake__query', 'data_lake__list_datasets', 'set_plan', 'a.b/c d', 'y'.repeat(90)),
  fc.string({ maxLength: 90 }),
);

const words: fc.Arbitrary<Text> = fc
  .oneof(fc.constantFrom('', ' ', 'Grüße 🎉'), fc.string({ maxLength: 40 }), fc.string({ unit: 'binary' }))
  .map((text) => ({ kind: 'text', text }));

const opaque: fc.Arbitrary<Opaque> = fc.record({
  kind: fc.constant('opaque' as const),
  dialect: fc.constantFrom('anthropic-messages', 'openai-responses', 'elsewhere'),
  model: fc.constantFrom('anthropic/claude-sonnet-5-5', 'openai/gpt-6.1-sol', 'openai/gpt-5.6'),
  prefixHash: fc.stringMatching(/^[0-9a-f]{64}$/),
  payload: fc.oneof(
    fc.constant({ type: 'thinking', thinking: 'Hm.', signature: 'c2ln' }),
    fc.constant({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'from elsewhere' }),
    fc.jsonValue(),
  ),
});

const call: fc.Arbitrary<Omit<ToolCall, 'id'>> = fc.record(
  {
    kind: fc.constant('toolCall' as const),
    name: toolName,
    arguments: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
    problem: fc.constant('The arguments are not valid JSON.'),
  },
  { requiredKeys: ['kind', 'name', 'arguments'] },
);

const answer = fc.array(fc.oneof(words, opaque, call), { maxLength: 6 });
const turn = fc.record({
  asked: fc.array(words, { minLength: 1, maxLength: 2 }),
  answers: fc.array(answer, { maxLength: 3 }),
});

/** As the program's own servers answer, as others may, and failures that say it only by `ok`. */
const outcome: fc.Arbitrary<Pick<ToolResult, 'ok' | 'text'>> = fc.oneof(
  fc.constantFrom(
    { ok: true, text: '{"ok":true}' },
    { ok: false, text: '{"ok":false,"error":{"code":"X"}}' },
    { ok: false, text: 'no such table' },
    { ok: false, text: '' },
  ),
  fc.record({ ok: fc.boolean(), text: fc.string({ unit: 'binary', maxLength: 30 }) }),
);

/** Every call has one result, right after its message, in any order of the results. */
const messages: fc.Arbitrary<Message[]> = fc
  .record({
    turns: fc.array(turn, { maxLength: 3 }),
    last: fc.string({ minLength: 1, maxLength: 40 }),
    ids: fc.uniqueArray(foreignId, { minLength: 54, maxLength: 54 }),
    turned: fc.boolean(),
    outcomes: fc.array(outcome, { minLength: 54, maxLength: 54 }),
  })
  .map(({ turns, last, ids, turned, outcomes }) => {
    const free = [...ids];
    const result = (callId: string): ToolResult => ({
      kind: 'toolResult',
      callId,
      ...outcomes[ids.indexOf(callId)]!,
    });
    const spoken = turns.flatMap(({ asked, answers }): Message[] => [
      { role: 'user', parts: asked },
      ...answers.flatMap((parts): Message[] => {
        const named = parts.map((part) => (part.kind === 'toolCall' ? { ...part, id: free.pop()! } : part));
        const results = named.flatMap((part) => (part.kind === 'toolCall' ? [result(part.id)] : []));
        const said: Message = { role: 'assistant', parts: named };
        if (results.length === 0) return [said];
        return [said, { role: 'tool', parts: turned ? results.toReversed() : results }];
      }),
    ]);
    return [...spoken, { role: 'user', parts: [{ kind: 'text', text: last }] }];
  });

const tool: fc.Arbitrary<ToolSpec> = fc.record({
  name: toolName,
  description: fc.string({ maxLength: 20 }),
  inputSchema: fc.constantFrom<Record<string, unknown>>(
    {},
    { type: 'object' },
    { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { sql: { type: 'string' } } },
    { type: 'object', properties: { names: { type: 'array' }, by: { type: 'object' } }, anyOf: [{ required: ['by'] }] },
    {
      type: 'object',
      properties: { rows: { type: 'array', items: { anyOf: [{ type: 'array' }, { type: 'null' }] } } },
    },
  ),
});

export const arbitraryTools = fc.uniqueArray(tool, { maxLength: 4, selector: ({ name }) => name });

/** Valid requests of any kind. */
export const arbitraryRequests: fc.Arbitrary<ModelRequest> = fc.record(
  {
    session: fc.string({ minLength: 1, maxLength: 90 }),
    turn: fc.nat(50),
    model: fc.constant('any'),
    system: fc.string({ minLength: 1, maxLength: 40 }),
    tools: arbitraryTools,
    messages,
    effort: fc.constantFrom('none' as const, 'minimal' as const, 'low' as const, 'high' as const, 'max' as const),
    maxOutputTokens: fc.integer({ min: 1, max: 1_000_000 }),
    output: fc.constant({ name: 'an answer', schema: { type: 'object', properties: { a: { type: 'string' } } } }),
  },
  { requiredKeys: ['session', 'turn', 'model', 'system', 'tools', 'messages'] },
);

/** An answer, and results for some of its calls, perhaps in another order, perhaps with one nobody asked for. */
const brokenOffExchange: fc.Arbitrary<Message[]> = fc
  .record({
    parts: fc.array(fc.oneof(words, opaque, fc.tuple(foreignId, call)), { maxLength: 5 }),
    answered: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    extra: fc.array(foreignId, { maxLength: 1 }),
    turned: fc.boolean(),
  })
  .map(({ parts: given, answered, extra, turned }) => {
    const parts = given.map((part) => (Array.isArray(part) ? { ...part[1], id: part[0] } : part));
    const calls = parts.filter((part): part is ToolCall => part.kind === 'toolCall').filter((_, at) => answered[at]);
    const results = [...extra, ...calls.map(({ id }) => id)].map((callId): ToolResult => ({
      kind: 'toolResult',
      callId,
      ok: true,
      text: '{"ok":true}',
    }));
    return [
      { role: 'assistant', parts },
      { role: 'tool', parts: turned ? results.toReversed() : results },
    ];
  });

const saying = fc.array(words, { maxLength: 2 }).map((parts): Message[] => [{ role: 'user', parts }]);

/** Interrupted anywhere: calls without a result, results without a call, ids used twice, nobody's turn. */
export const brokenOffConversations: fc.Arbitrary<Message[]> = fc
  .array(fc.oneof(saying, brokenOffExchange), { maxLength: 8 })
  .map((pieces) => pieces.flat());
