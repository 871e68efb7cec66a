import type { ToolDefinition } from '../../src/tools/catalog.ts';
import { withStandIns } from '../../src/tools/stand-ins.ts';
import { toolNamed } from '../support/scripted-connections.ts';
import { toolServer } from '../support/tool-servers.ts';

function server(name: string, more: Parameters<typeof toolServer>[2] = {}) {
  return { ...toolServer(name), ...more };
}

function standIns(
  tools: readonly ToolDefinition[],
  servers: ReturnType<typeof server>[],
  data: readonly string[] = [],
) {
  return withStandIns(tools, servers, data).find(({ name }) => name === 'a__query')?.standIns;
}

const tool = toolNamed('a__query', 'read');
const other = toolNamed('b__query', 'read');
const third = toolNamed('c__query', 'read');

test('the configured ones come first, then those that see the same data', () => {
  const servers = [server('a', { readPaths: ['/x'] }), server('b', { readPaths: ['/x'] })];
  const configured = server('c', { fallbackFor: ['a'] });
  expect(standIns([tool, other, third], [...servers, configured])).toEqual(['c__query', 'b__query']);
});

test.each([
  ['other paths', ['/y'], [], undefined],
  ['no paths', [], ['/data.csv'], undefined],
  ['other paths, but the data of the analysis', ['/y'], ['/data.csv'], ['b__query']],
])('a server with %s', (_, readPaths, data, found) => {
  expect(standIns([tool, other], [server('a', { readPaths: ['/x'] }), server('b', { readPaths })], data)).toEqual(
    found,
  );
});

test.each<[string, Partial<ToolDefinition>]>([
  ['changes something', { effect: 'write' }],
  ['has another name', { tool: 'ask' }],
  ['takes other arguments', { inputSchema: { type: 'object', properties: { sql: { type: 'integer' } } } }],
  ['needs more arguments', { inputSchema: { ...other.inputSchema, required: ['sql', 'reason'] } }],
  ['is more sensitive', { securityLevel: 2 }],
])('a tool that %s never takes over', (_, more) => {
  expect(standIns([tool, { ...other, ...more }], [server('a'), server('b', { fallbackFor: ['a'] })])).toBeUndefined();
});

test('nothing takes over for what changes something', () => {
  const writes = [toolNamed('a__query', 'write'), toolNamed('b__query', 'write')];
  expect(standIns(writes, [server('a'), server('b', { fallbackFor: ['a'] })])).toBeUndefined();
});
