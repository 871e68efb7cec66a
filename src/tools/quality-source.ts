/** The data of a quality run through the tool servers: which datasets there are, what columns they have, one statement asked. */
import { Failure } from '../analysis/failures.ts';
import type { Answer, Cell, QualitySource } from '../quality/ask.ts';
import type { Connections, ToolOutcome } from './connections.ts';

/** Below the time the client gives a server for one call, so that the engine's own word arrives. */
const statementTimeoutMs = 290_000;

const maxPurposeCharacters = 200;

const neededTools = ['list_datasets', 'describe_dataset', 'query'];

/** Rejects with `Config.NoTools` when no server offers what is needed. */
export async function openQualitySource(
  connections: Connections,
  data: readonly string[],
  key: string,
  signal: AbortSignal,
): Promise<QualitySource> {
  const { server, tools } = await serverFor(connections, data);
  const call = async (tool: string, args: Readonly<Record<string, unknown>>): Promise<Reply> =>
    replyOf(
      await connections.call({
        tool: `${server}__${tool}`,
        arguments: args,
        dataPaths: data,
        idempotencyKey: `${key}/${tool}`,
        signal,
      }),
    );
  return {
    async datasets() {
      const { data: table } = required(await call('list_datasets', {}));
      const [name, problem] = [indexOf(table, 'dataset'), indexOf(table, 'problem')];
      return table.rows.map((row) => ({
        name: String(row[name]),
        problem: typeof row[problem] === 'string' ? row[problem] : null,
      }));
    },
    async columns(dataset) {
      const reply = await call('describe_dataset', { dataset });
      if (!reply.ok) return { problem: refusalOf(reply).reason };
      return reply.data.rows.map(([column, type]) => ({ name: String(column), type: String(type) }));
    },
    async files(dataset) {
      if (!tools.has('list_files')) return undefined;
      const reply = await call('list_files', { dataset });
      if (!reply.ok) return undefined;
      return reply.data.rows.map(([path, , identity]) => ({ path: String(path), identity: String(identity) }));
    },
    async ask(sql, { maxRows, maxBytes, purpose, files }) {
      const reply = await call('query', {
        sql,
        purpose: purpose.slice(0, maxPurposeCharacters),
        max_rows: maxRows,
        ...(maxBytes === undefined ? {} : { max_bytes: maxBytes }),
        ...(files === undefined ? {} : { files }),
        timeout_ms: statementTimeoutMs,
      });
      if (!reply.ok) return refusalOf(reply);
      const { columns, rows } = reply.data;
      return { kind: 'rows', columns, rows, truncated: reply.meta?.truncated === true };
    },
  };
}

type Table = {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Cell[])[];
};

type Refusal = {
  readonly ok: false;
  readonly error: { readonly code: string; readonly class: string; readonly message: string; readonly hint?: string };
};

type Reply = { readonly ok: true; readonly data: Table; readonly meta?: { readonly truncated?: boolean } } | Refusal;

function replyOf({ text }: ToolOutcome): Reply {
  return JSON.parse(text) as Reply;
}

/** Codes of what is wrong with the data and not with the statement. */
const aboutData = new Set(['dataset_unreadable', 'file_gone', 'unknown_dataset']);

function refusalOf({ error }: Refusal): Extract<Answer, { kind: 'refused' }> {
  // Whoever cancelled does not want to hear that a check failed.
  if (error.code === 'cancelled') throw new Failure('Tool.Cancelled', error.message);
  return {
    kind: 'refused',
    reason: `${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`,
    aboutData: aboutData.has(error.code),
  };
}

function required(reply: Reply): { readonly data: Table } {
  if (reply.ok) return reply;
  throw new Failure('Tool.Unavailable', refusalOf(reply).reason);
}

function indexOf({ columns }: Table, name: string): number {
  return columns.findIndex((column) => column.name === name);
}

async function serverFor(
  connections: Connections,
  data: readonly string[],
): Promise<{ readonly server: string; readonly tools: ReadonlySet<string> }> {
  const { tools, problems } = await connections.catalog(data);
  const servers = [...new Set(tools.map(({ server }) => server))];
  const found = servers.find((server) =>
    neededTools.every((needed) => tools.some((tool) => tool.server === server && tool.tool === needed)),
  );
  if (found !== undefined) {
    const own = tools.filter(({ server }) => server === found);
    return { server: found, tools: new Set(own.map(({ tool }) => tool)) };
  }
  const reasons = problems.map(({ server, problem }) => `${server}: ${problem}`).join(' ');
  throw new Failure(
    'Config.NoTools',
    `Expected a tool server with ${neededTools.join(', ')}, which checks need, found none. ${reasons} See \`dpa doctor\`.`,
  );
}
