/** A server that is killed from outside while it is asked for its tools is asked again; one that fails by itself is not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toolServer } from '../support/tool-servers.ts';
import { withConnections } from '../support/with-connections.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'dpa-tools-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('a killed server is started again, and its tools are there', async () => {
  const env = { TEST_MARKER: path.join(folder, 'marker') };
  const server = toolServer('misbehaving', ['killedWhileAsked'], { env });
  await withConnections([server], { backoffMs: 5 }, async ({ connections, pids }) => {
    const { tools, problems } = await connections.catalog([]);
    expect(problems).toEqual([]);
    expect(tools.map(({ name }) => name)).toEqual(['misbehaving__work']);
    expect(pids()).toHaveLength(2);
  });
});

test('a server that ends by itself is a problem at once', async () => {
  const server = toolServer('misbehaving', ['crashAtStart']);
  await withConnections([server], { backoffMs: 5 }, async ({ connections, pids }) => {
    const { tools, problems } = await connections.catalog([]);
    expect(tools).toEqual([]);
    expect(problems).toMatchObject([{ server: 'misbehaving' }]);
    expect(pids()).toHaveLength(1);
  });
});
