/** An MCP server whose calls are counted: `record` takes effect once per key, `measure` answers with a table, `kill` kills its worker. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { effectsFolder, enterInto } from './ledger.ts';

const ledger = String(process.env['FAULT_LEDGER']);
const effects = effectsFolder(ledger);

/** Before and after the effect, so that kills meet both. */
const halfMs = 20;

const tools = [
  { name: 'measure', argument: 'group' },
  { name: 'record', argument: 'note' },
  { name: 'kill', argument: 'group' },
] as const;

mkdirSync(effects, { recursive: true });
enterInto(ledger, { kind: 'serverStarted', pid: process.pid });
const server = new Server({ name: 'ledger', version: '1' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: tools.map(({ name, argument }) => ({
    name,
    inputSchema: { type: 'object' as const, properties: { [argument]: { type: 'string' } }, required: [argument] },
    _meta: { 'dpa/effect': 'read' },
  })),
}));
server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
  const tool = params.name;
  const subject = String(params.arguments?.[tool === 'record' ? 'note' : 'group']);
  const key = String(params._meta?.['dpa/idempotencyKey']);
  enterInto(ledger, { kind: 'called', tool, key, subject });
  await delay(halfMs);
  if (tool === 'kill') process.kill(process.ppid, 'SIGKILL');
  if (tool === 'record') recordOnce(key, subject);
  await delay(halfMs);
  return answer(subject);
});
await server.connect(new StdioServerTransport());

/** The file system decides which of two calls with one key takes effect, whichever processes make them. */
function recordOnce(key: string, subject: string): void {
  try {
    writeFileSync(join(effects, createHash('sha256').update(key).digest('hex')), subject, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function answer(subject: string) {
  const total = Number.parseInt(createHash('sha256').update(subject).digest('hex').slice(0, 6), 16);
  const columns = [
    { name: 'subject', type: 'VARCHAR' },
    { name: 'total', type: 'BIGINT' },
  ];
  const data = { columns, rows: [[subject, String(total)]] };
  const meta = { returnedRows: 1, elapsedMs: 1, datasets: ['ledger'] };
  return { content: [], structuredContent: { ok: true, data, meta } };
}
