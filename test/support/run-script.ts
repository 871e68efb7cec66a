/** Runs a script of the built-in planner to its end against the real data-lake server, in this process. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Message, ToolResult } from '../../src/analysis/conversation.ts';
import { parseSubmission } from '../../src/analysis/submission.ts';
import type { Submission } from '../../src/analysis/evidence.ts';
import { tableOf, type ToolNames } from '../../src/llm/builtin/catalog.ts';
import type { Table } from '../../src/analysis/table.ts';
import { callId, resumeScript, type Ask, type Script } from '../../src/llm/builtin/script.ts';
import { createLake } from '../../src/mcp-servers/data-lake/lake.ts';
import { createServer } from '../../src/mcp-servers/data-lake/server.ts';
import { maxInlineResultBytes } from '../../src/store/result-text.ts';

export const lakeTools: ToolNames = {
  list: 'data_lake__list_datasets',
  describe: 'data_lake__describe_dataset',
  sample: 'data_lake__sample_rows',
  profile: 'data_lake__profile_dataset',
  query: 'data_lake__query',
};

export type Run = {
  readonly submission: Submission;
  readonly asks: readonly Ask[];
  readonly messages: readonly Message[];
  /** Tables of the calls, by call id. */
  readonly tables: ReadonlyMap<string, Table>;
  /** Calls that failed or were too large to be shown whole, with what came back. */
  readonly bad: readonly { readonly call: string; readonly sql: string; readonly text: string }[];
  readonly toolMs: number;
};

export type LakeClient = { readonly client: Client; readonly close: () => Promise<void> };

/** A data-lake server over some paths, and a client of it; must be closed. */
export async function openLakeClient(paths: readonly string[]): Promise<LakeClient> {
  const lake = createLake(paths);
  const server = createServer(lake);
  const client = new Client({ name: 'test', version: '1' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), client.connect(clientSide)]);
  return {
    client,
    close: async () => {
      await client.close();
      await server.close();
      await lake.close();
    },
  };
}

/** Runs the script turn by turn; it is made anew on each turn, as in a real conversation. */
export async function runScript(makeScript: () => Script, paths: readonly string[]): Promise<Run> {
  const { client, close } = await openLakeClient(paths);
  const messages: Message[] = [];
  const asks: Ask[] = [];
  const bad: Run['bad'][number][] = [];
  const tables = new Map<string, Table>();
  const started = performance.now();
  try {
    for (;;) {
      const state = resumeScript(makeScript(), messages);
      if (state.kind === 'done') {
        const parsed = parseSubmission(state.submission);
        if (parsed.kind === 'invalid') throw new Error(`the submission is invalid: ${parsed.problems.join(' ')}`);
        return { submission: state.submission, asks, messages, tables, bad, toolMs: performance.now() - started };
      }
      asks.push(state.ask);
      const calls = state.ask.calls.map((call, i) => ({
        kind: 'toolCall' as const,
        id: callId(state.turn, i),
        ...call,
      }));
      const results = await Promise.all(calls.map((call) => callLake(client, call)));
      for (const [i, result] of results.entries()) {
        const table = tableOf({ call: result.callId, ok: result.ok, value: JSON.parse(result.text) });
        if (table !== undefined) tables.set(result.callId, table);
        else bad.push({ call: result.callId, sql: String(calls[i]?.arguments['sql']), text: result.text });
      }
      messages.push({ role: 'assistant', parts: calls }, { role: 'tool', parts: results });
    }
  } finally {
    await close();
  }
}

async function callLake(
  client: Client,
  call: { readonly id: string; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> },
): Promise<ToolResult> {
  const result = await client.callTool({
    name: call.name.replace('data_lake__', ''),
    arguments: { ...call.arguments },
  });
  const text = JSON.stringify(result.structuredContent);
  const bytes = Buffer.byteLength(text);
  const shown =
    bytes <= maxInlineResultBytes ? text : JSON.stringify({ ok: true, preview: text.slice(0, 2048), bytes });
  return { kind: 'toolResult', callId: call.id, ok: result.isError !== true, text: shown };
}
