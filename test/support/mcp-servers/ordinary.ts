/** Does what is expected of a tool server: tools of each effect, structured and plain results, its own errors. */
import { leavePid, say, serve, textResult, toolNamed } from './serve.ts';

const schema = {
  type: 'object',
  properties: { text: { type: 'string', maxLength: 100 }, times: { type: 'integer', minimum: 1 } },
  required: ['text'],
  additionalProperties: false,
};

const tools: Record<string, (input: Record<string, unknown>, meta: unknown) => Record<string, unknown> | undefined> = {
  echo: (input, meta) => ({ content: [], structuredContent: { ok: true, meta, echo: input } }),
  plain: () => textResult('only text'),
  fails: () => ({ ...textResult('the table is gone'), isError: true }),
  environment: () => ({ content: [], structuredContent: { ...process.env } }),
  pid: () => textResult(String(process.pid)),
  dirty: () => textResult('a\u001b[31mb\u0000c\u202ed\ud800e\u{e0041}\tf\n'),
  picture: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: 'AAAA' }] }),
  unordered: () => ({ content: [], structuredContent: { b: [{ z: 1, a: 2 }], a: null } }),
  nested: () => ({ content: [], structuredContent: { deep: JSON.parse('['.repeat(200) + ']'.repeat(200)) } }),
  oddContent: () => ({ content: 'no list' }),
  big: (input) => textResult('x'.repeat(Number(input['bytes']))),
  exits: () => process.exit(3),
};

leavePid(process.pid);
serve({
  'tools/list': () => ({
    tools: Object.keys(tools).map((name) =>
      toolNamed(name, {
        ...(name === 'echo' ? { inputSchema: schema, annotations: { readOnlyHint: true } } : {}),
        ...(name === 'pid' ? { _meta: { 'dpa/effect': 'read' } } : {}),
        ...(name === 'plain' ? { annotations: { readOnlyHint: false, idempotentHint: true } } : {}),
      }),
    ),
  }),
  'tools/call': (params) => tools[String(params['name'])]?.(Object(params['arguments']), params['_meta']),
  'notifications/cancelled': () => {
    say({ method: 'notifications/message', params: { level: 'info', data: 'cancelled' } });
    return undefined;
  },
});
