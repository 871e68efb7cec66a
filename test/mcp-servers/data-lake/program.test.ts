/** The server as a program: over real pipes, silent on stdout, gone when its client is. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const program = fileURLToPath(new URL('../../../src/mcp-servers/data-lake/main.ts', import.meta.url));
const args = ['--disable-warning=ExperimentalWarning', program];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-lake-program-'));
  writeFileSync(join(folder, 'a.csv'), 'n\n1\n2\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('lists, queries and ends with its client', async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args,
    env: { DPA_DATA_PATHS: JSON.stringify([folder]) },
    stderr: 'pipe',
  });
  const noise: string[] = [];
  transport.stderr?.on('data', (piece: Buffer) => noise.push(piece.toString()));
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  const result = await client.callTool({ name: 'query', arguments: { sql: 'SELECT sum(n) AS s FROM a' } });
  expect(result.structuredContent).toMatchObject({ ok: true, data: { rows: [['3']] } });
  const pid = transport.pid!;
  await client.close();
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  expect(noise.join('')).toBe('');
});

test('ends with status 0 when its input ends, even in the middle of a query', async () => {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 'test', version: '1' };
  send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } });
  await once(child.stdout, 'data');
  send({ method: 'notifications/initialized' });
  const sql = 'SELECT count(*) FROM range(1000000000000) a(i) WHERE i % 7 = 3';
  send({ id: 2, method: 'tools/call', params: { name: 'query', arguments: { sql, timeout_ms: 600_000 } } });
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a broken DPA_DATA_PATHS is one sentence on stderr and status 64', async () => {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { DPA_DATA_PATHS: 'data/*.csv' },
  });
  const output: string[] = [];
  child.stderr.on('data', (piece: Buffer) => output.push(piece.toString()));
  expect(await once(child, 'close')).toEqual([64, null]);
  expect(output.join('')).toMatch(
    /^data-lake: Expected DPA_DATA_PATHS to be a JSON array .* Correct it and start again\.\n$/,
  );
});
