import { wireRequest } from '../../../src/llm/anthropic/request.ts';
import type { ModelProfile } from '../../../src/llm/profile.ts';
import { profileOf } from '../../../src/llm/profiles.ts';
import type { ModelRequest } from '../../../src/llm/provider.ts';

const sonnet = profileOf('anthropic/claude-sonnet-5-5')!;
const request: ModelRequest = {
  session: 's',
  turn: 1,
  model: sonnet.ref,
  system: 'Be right.',
  tools: [
    { name: 'b', description: 'B.', inputSchema: { properties: {} } },
    { name: 'a', description: '', inputSchema: { type: 'object' } },
  ],
  messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Count.' }] }],
};
const wire = (changes: Partial<ModelRequest> = {}, profile: ModelProfile = sonnet) =>
  wireRequest({ ...request, ...changes }, profile);

test('the request says all that the model needs, and nothing that it refuses', () => {
  expect(wire()).toEqual({
    model: 'claude-sonnet-5-5',
    max_tokens: sonnet.maxOutput,
    stream: true,
    system: 'Be right.',
    cache_control: { type: 'ephemeral', ttl: '5m' },
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: 'high' },
    tools: [
      { name: 'a', input_schema: { type: 'object' } },
      { name: 'b', description: 'B.', input_schema: { type: 'object', properties: {} } },
    ],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Count.' }] }],
  });
});

test('the output is bounded by the wish and by what the model can', () => {
  expect(wire({ maxOutputTokens: 500 }).max_tokens).toBe(500);
  expect(wire({ maxOutputTokens: 9_000_000 }).max_tokens).toBe(sonnet.maxOutput);
});

test('an analysis that may pause keeps its cache for an hour', () => {
  expect(wire({ cacheTtl: '1h' }).cache_control).toEqual({ type: 'ephemeral', ttl: '1h' });
});

test.each([
  ['none', 'low'],
  ['medium', 'medium'],
  ['max', 'high'],
] as const)('the effort %s becomes one the model knows: %s', (effort, sent) => {
  const haiku = { ...sonnet, efforts: ['low', 'medium', 'high'] as const };
  expect(wire({ effort }, haiku).output_config).toEqual({ effort: sent });
});

test('a model that does not reason is not asked to', () => {
  const sent = wire({}, { ...sonnet, efforts: [] });
  expect(sent).not.toHaveProperty('thinking');
  expect(sent).not.toHaveProperty('output_config');
});

test('a shape for the answer is sent where the model can be held to it', () => {
  const output = { name: 'plan', schema: { type: 'object', additionalProperties: false } };
  expect(wire({ output }).output_config?.format).toEqual({ type: 'json_schema', schema: output.schema });
  expect(wire({ output }, { ...sonnet, structuredOutput: false }).output_config).toEqual({ effort: 'high' });
});

test('one call at a time, where the model can do no more', () => {
  const single = { ...sonnet, parallelTools: false };
  expect(wire({}, single).tool_choice).toEqual({ type: 'auto', disable_parallel_tool_use: true });
  expect(wire({ tools: [] }, single)).not.toHaveProperty('tool_choice');
});

test('words come before calls, results before words, and a failed result says so', () => {
  const { messages } = wire({
    messages: [
      { role: 'user', parts: [{ kind: 'text', text: 'Count.' }] },
      {
        role: 'assistant',
        parts: [
          { kind: 'toolCall', id: 'c1', name: 'lake.query', arguments: { n: 1 } },
          { kind: 'text', text: 'Looking.' },
          { kind: 'toolCall', id: 'c|2', name: 'b', arguments: {} },
        ],
      },
      { role: 'user', parts: [{ kind: 'text', text: 'Faster.' }] },
      { role: 'tool', parts: [{ kind: 'toolResult', callId: 'c1', ok: false, text: 'No.' }] },
    ],
  });
  const second = expect.stringMatching(/^[A-Za-z0-9_-]{1,40}$/) as string;
  expect(messages.slice(1)).toEqual([
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Looking.' },
        { type: 'tool_use', id: 'c1', name: expect.stringMatching(/^lake_query_/), input: { n: 1 } },
        { type: 'tool_use', id: second, name: 'b', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'c1', content: 'No.', is_error: true },
        { type: 'tool_result', tool_use_id: second, content: expect.stringContaining('interrupted'), is_error: true },
        { type: 'text', text: 'Faster.' },
      ],
    },
  ]);
});
