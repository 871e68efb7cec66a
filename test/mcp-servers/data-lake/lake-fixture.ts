/** A temporary folder of data files with the server over it and the SDK's own client connected to that. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import * as z from 'zod';
import { envelopeSchema } from '../../../src/mcp-servers/data-lake/envelope.ts';
import { createLake } from '../../../src/mcp-servers/data-lake/lake.ts';
import { createServer } from '../../../src/mcp-servers/data-lake/server.ts';

type Envelope = z.infer<typeof envelopeSchema>;

export type LakeFixture = {
  readonly folder: string;
  readonly client: Client;
  readonly write: (path: string, content: string | Uint8Array) => string;
  /** The envelope of a call; checks that text and structured content say the same. */
  readonly call: (name: string, args?: Record<string, unknown>, signal?: AbortSignal) => Promise<Envelope>;
  /** The rows of a successful call as objects. */
  readonly rows: (name: string, args?: Record<string, unknown>) => Promise<Record<string, unknown>[]>;
  readonly sql: (sql: string) => Promise<Record<string, unknown>[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** `files` maps paths below the folder to contents; `paths` are what the server may read, the folder when absent. */
export async function openLake(
  files: Record<string, string | Uint8Array>,
  paths?: (folder: string) => readonly string[],
): Promise<LakeFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'data-lake-'));
  const write = (path: string, content: string | Uint8Array) => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    return target;
  };
  for (const [path, content] of Object.entries(files)) write(path, content);

  const lake = createLake(paths?.(folder) ?? [folder]);
  const server = createServer(lake);
  const client = new Client({ name: 'test', version: '1' });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  await client.connect(clientSide);

  const call = async (name: string, args: Record<string, unknown> = {}, signal?: AbortSignal) => {
    const result = await client.callTool({ name, arguments: args }, undefined, signal ? { signal } : {});
    const envelope = envelopeSchema.parse(result.structuredContent);
    const [text] = z.array(z.object({ type: z.literal('text'), text: z.string() })).parse(result.content);
    expect(JSON.parse(text!.text)).toEqual(result.structuredContent);
    expect(result.isError).toBe(!envelope.ok);
    return envelope;
  };
  const rows = async (name: string, args: Record<string, unknown> = {}) => {
    const envelope = await call(name, args);
    if (!envelope.data) throw new Error(`expected ${name} to succeed, found ${JSON.stringify(envelope.error)}`);
    const names = envelope.data.columns.map((column) => column.name);
    return envelope.data.rows.map((row) => Object.fromEntries(names.map((column, index) => [column, row[index]])));
  };
  return {
    folder,
    client,
    write,
    call,
    rows,
    sql: (sql) => rows('query', { sql }),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await lake.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
