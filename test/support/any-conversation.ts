/** Conversations of every kind for property tests: begun on any provider, interrupted anywhere, with any names and ids. */
import * as fc from 'fast-check';
import type { Message, Opaque, Text, ToolCall, ToolResult } from '../../src/analysis/conversation.ts';
import type { ToolSpec } from '../../src/llm/provider.ts';

const words = fc.oneof(fc.constantFrom('', ' ', 'Count the sales.', 'Grüße 🎉'), fc.string({ unit: 'binary' }));

const text: fc.Arbitrary<Text> = words.map((value) => ({ kind: 'text', text: value }));

const callId = fc.oneof(
  fc.constantFrom('c1', 'c2', 'toolu_01', 'call_1', 'fc|1/2', '', 'x'.repeat(80)),
  fc.string({ maxLength: 70 }),
);

const toolName = fc.oneof(
  fc.constantFrom('lake__query', 'set_plan', 'a.b/c d', 'y'.repeat(90)),
  fc.string({ minLength: 1, maxLength: 90 }),
);

const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }) as fc.Arbitrary<
  Record<string, unknown>
>;

const call: fc.Arbitrary<ToolCall> = fc
  .record({ id: callId, name: toolName, arguments: json })
  .map((given) => ({ kind: 'toolCall', ...given }));

/** Reasoning of some model, over some other beginning. */
const opaque: fc.Arbitrary<Opaque> = fc
  .record({
    dialect: fc.constantFrom('anthropic-messages', 'openai-responses', 'openai-chat'),
    model: fc.constantFrom('claude-sonnet-5-5', 'gpt-6.1-sol', 'some-model'),
    prefixHash: fc.string(),
    payload: fc.oneof(
      fc.constant({ type: 'thinking', thinking: 'Hm.', signature: 'foreign' }),
      fc.constant({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'foreign' }),
      fc.jsonValue(),
    ),
  })
  .map((given) => ({ kind: 'opaque', ...given }));

const result: fc.Arbitrary<ToolResult> = fc
  .record({ callId, ok: fc.boolean(), text: words })
  .map((given) => ({ kind: 'toolResult', ...given }));

const user: fc.Arbitrary<Message[]> = fc
  .array(text, { maxLength: 2 })
  .map((parts): Message[] => [{ role: 'user', parts }]);

/** An answer, and results for some of its calls, perhaps in another order, perhaps with one nobody asked for. */
const exchange: fc.Arbitrary<Message[]> = fc
  .record({
    parts: fc.array(fc.oneof(text, call, opaque), { maxLength: 5 }),
    answered: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    extra: fc.array(result, { maxLength: 1 }),
    reversed: fc.boolean(),
  })
  .map(({ parts, answered, extra, reversed }) => {
    const results = parts
      .filter((part): part is ToolCall => part.kind === 'toolCall')
      .filter((_, index) => answered[index])
      .map(({ id }): ToolResult => ({ kind: 'toolResult', callId: id, ok: true, text: '{"ok":true}' }));
    const ordered = reversed ? results.toReversed() : results;
    return [
      { role: 'assistant', parts },
      { role: 'tool', parts: [...extra, ...ordered] },
    ];
  });

export const anyConversation: fc.Arbitrary<Message[]> = fc
  .array(fc.oneof(user, exchange), { maxLength: 8 })
  .map((pieces) => pieces.flat());

export const anyTools: fc.Arbitrary<ToolSpec[]> = fc.uniqueArray(
  fc.record({
    name: toolName,
    description: words,
    inputSchema: fc.constantFrom<Record<string, unknown>>(
      { type: 'object', properties: { sql: { type: 'string' } } },
      { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
    ),
  }),
  { maxLength: 4, selector: ({ name }) => name },
);
