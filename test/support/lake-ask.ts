/** The data-lake server in this process, asked as the program asks it: for tests and benchmarks of what is said about data. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { createLake } from '../../src/mcp-servers/data-lake/lake.ts';
import { createServer } from '../../src/mcp-servers/data-lake/server.ts';
import type { Answer, Ask, Cell, SourceFile } from '../../src/quality/ask.ts';

export type AskedLake = {
  readonly ask: Ask;
  datasets(): Promise<readonly string[]>;
  files(dataset: string): Promise<readonly SourceFile[]>;
  columns(dataset: string): Promise<readonly { readonly name: string; readonly type: string }[]>;
};

const maxBytes = 1024 * 1024;

/** `use` gets the lake while it is open. */
export async function withLake<T>(paths: readonly string[], use: (lake: AskedLake) => Promise<T>): Promise<T> {
  const lake = createLake(paths);
  const server = createServer(lake);
  const client = new Client({ name: 'test', version: '1' });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  const call = async (name: string, args: Record<string, unknown>): Promise<Answer> => {
    const { structuredContent } = await client.callTool({ name, arguments: args });
    const { ok, data, error, meta } = structuredContent as {
      ok: boolean;
      meta?: { truncated: boolean };
      data: { columns: { name: string; type: string }[]; rows: Cell[][] };
      error?: { message: string };
    };
    return ok
      ? { kind: 'rows', ...data, truncated: meta?.truncated === true }
      : { kind: 'refused', reason: error?.message ?? '', aboutData: false };
  };
  const table = async (name: string, args: Record<string, unknown>): Promise<readonly (readonly Cell[])[]> => {
    const answer = await call(name, args);
    if (answer.kind === 'refused') throw new Error(answer.reason);
    return answer.rows;
  };
  try {
    return await use({
      ask: (sql, { maxRows, purpose, files }) =>
        call('query', {
          sql,
          purpose,
          max_rows: maxRows,
          max_bytes: maxBytes,
          ...(files === undefined ? {} : { files }),
        }),
      files: async (dataset) =>
        (await table('list_files', { dataset })).map(([path, , identity]) => ({
          path: String(path),
          identity: String(identity),
        })),
      datasets: async () => (await table('list_datasets', {})).map(([name]) => String(name)),
      columns: async (dataset) =>
        (await table('describe_dataset', { dataset })).map(([name, type]) => ({
          name: String(name),
          type: String(type),
        })),
    });
  } finally {
    await client.close();
    await server.close();
    await lake.close();
  }
}
