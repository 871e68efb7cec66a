/** Runs the built-in planner against the data-lake server in this process until it submits, as the workflow would. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { toolCallsOf, type Message, type ToolCall, type ToolResult } from '../../src/analysis/conversation.ts';
import type { Submission } from '../../src/analysis/evidence.ts';
import { renderStatement } from '../../src/analysis/numbers.ts';
import { parseSubmission } from '../../src/analysis/submission.ts';
import type { Table } from '../../src/analysis/table.ts';
import { verifyFindings } from '../../src/analysis/verification.ts';
import { createBuiltinPlanner } from '../../src/llm/builtin/planner.ts';
import type { ToolSpec } from '../../src/llm/provider.ts';
import { createLake } from '../../src/mcp-servers/data-lake/lake.ts';
import { createServer } from '../../src/mcp-servers/data-lake/server.ts';
import { resultText } from '../../src/store/result-text.ts';
import { modelContext } from './scripted-model.ts';

export type PlannerRun = {
  readonly submission: Submission;
  /** The findings as people read them, in their order. */
  readonly statements: readonly string[];
  readonly messages: readonly Message[];
  /** Result tables by call id. */
  readonly tables: ReadonlyMap<string, Table>;
  /** What the verifier objects to. */
  readonly problems: readonly string[];
  readonly turns: number;
  /** A query of the test's own over the same data: the first row. */
  readonly truth: (sql: string) => Promise<readonly unknown[]>;
};

const maxTurns = 30;

const toolNames = ['list_datasets', 'describe_dataset', 'sample_rows', 'profile_dataset', 'query'];

/** Runs one task over some files; `use` gets the run while the server is still there. */
export async function runPlanner(
  task: string,
  paths: readonly string[],
  use: (run: PlannerRun) => Promise<void> | void,
): Promise<void> {
  const lake = createLake(paths);
  const server = createServer(lake);
  const client = new Client({ name: 'test', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  try {
    await use(await run(task, client));
  } finally {
    await client.close();
    await server.close();
    await lake.close();
  }
}

async function run(task: string, client: Client): Promise<PlannerRun> {
  const tools = toolNames.map((name): ToolSpec => ({ name: `data_lake__${name}`, description: '', inputSchema: {} }));
  const planner = createBuiltinPlanner();
  const messages: Message[] = [{ role: 'user', parts: [{ kind: 'text', text: task }] }];
  const tables = new Map<string, Table>();
  for (let turn = 0; turn < maxTurns; turn++) {
    const request = { session: 's', turn, model: 'builtin', system: '', tools, messages };
    const { message } = await planner.complete(request, modelContext());
    messages.push(message);
    const calls = toolCallsOf(message);
    const submitted = calls.find(({ name }) => name === 'submit_report');
    if (submitted !== undefined) return judged(task, submitted.arguments, messages, tables, turn + 1, client);
    messages.push({ role: 'tool', parts: await Promise.all(calls.map((call) => answer(call, client, tables))) });
  }
  throw new Error(`the planner did not submit within ${maxTurns} turns`);
}

async function answer(call: ToolCall, client: Client, tables: Map<string, Table>): Promise<ToolResult> {
  if (call.name === 'set_plan') return { kind: 'toolResult', callId: call.id, ok: true, text: '{"ok":true}' };
  const content = await callTool(client, call.name.replace('data_lake__', ''), call.arguments);
  const parsed: { ok: boolean; data?: Table } = JSON.parse(content);
  if (parsed.data !== undefined) tables.set(call.id, parsed.data);
  return {
    kind: 'toolResult',
    callId: call.id,
    ok: parsed.ok,
    text: resultText('ref', content),
  };
}

async function callTool(client: Client, name: string, args: ToolCall['arguments']): Promise<string> {
  const result = await client.callTool({ name, arguments: { ...args } });
  return JSON.stringify(result.structuredContent);
}

function judged(
  task: string,
  submitted: unknown,
  messages: readonly Message[],
  tables: ReadonlyMap<string, Table>,
  turns: number,
  client: Client,
): PlannerRun {
  const parsed = parseSubmission(submitted);
  if (parsed.kind === 'invalid') throw new Error(`the submission breaks the rules: ${parsed.problems.join(' · ')}`);
  const { submission } = parsed;
  const names = new Set([task, ...[...tables.values()].flatMap((table) => table.columns.map(({ name }) => name))]);
  const repeated = new Map([...tables].map(([call, table]) => [call, { original: table, rerun: table }] as const));
  const { problems } = verifyFindings(submission, repeated, names);
  return {
    submission,
    statements: submission.findings.map(renderStatement),
    messages,
    tables,
    problems,
    turns,
    truth: async (sql) => {
      const { data }: { data: Table } = JSON.parse(await callTool(client, 'query', { sql }));
      return data.rows[0] ?? [];
    },
  };
}
