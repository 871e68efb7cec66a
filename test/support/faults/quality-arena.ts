/** The place of quality runs whose worker is killed: ten tables, a service, a worker as a process, a receiver of alerts. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DuckDBInstance } from '@duckdb/node-api';
import { dieWithParent } from '../../../src/processes/die-with-parent.ts';
import { dpa, type Ran } from '../dpa.ts';
import { openTestService } from '../temporal-service.ts';

export const tables = Array.from({ length: 10 }, (_, index) => `t${index}`);

/** Large enough that a kill finds tables under way. */
const rowsOfTable = 400_000;

export type Received = { readonly suite: string; readonly events: readonly { readonly key: string }[] };

export type QualityArena = {
  readonly client: Client;
  readonly received: Received[];
  quality(...words: string[]): Promise<Ran>;
  /** SIGKILL; another one is started at once. */
  killWorker(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openQualityArena(): Promise<QualityArena> {
  const folder = await mkdtemp(join(tmpdir(), 'dpa-quality-fault-'));
  await makeData(folder);
  const received: Received[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push(JSON.parse(body) as Received);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const temporal = await openTestService();
  const env = {
    TEMPORAL_ADDRESS: temporal.address,
    DPA_HOME: join(folder, 'home'),
    DPA_ALERT_WEBHOOK: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
  };
  const connection = await Connection.connect({ address: temporal.address });
  let worker = await startWorker(folder, env);
  return {
    client: new Client({ connection }),
    received,
    quality: (...words) => dpa(['quality', ...words], { cwd: folder, env, limitMs: 120_000 }),
    async killWorker() {
      const ended = once(worker, 'exit');
      worker.kill('SIGKILL');
      await ended;
      worker = await startWorker(folder, env);
    },
    async [Symbol.asyncDispose]() {
      const ended = once(worker, 'exit');
      worker.kill('SIGTERM');
      await ended;
      await connection.close();
      await temporal.close();
      receiver.closeAllConnections();
      receiver.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startWorker(folder: string, env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('../../../src/client.ts', import.meta.url));
  const words = ['--disable-warning=ExperimentalWarning', program, 'worker'];
  const searchPath = process.env['PATH'] ?? '';
  const tied = dieWithParent(process.execPath, words, { searchPath, stdinIsFree: true });
  const child = spawn(tied.command, tied.args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('worker on')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`Expected a worker; it ended with ${code}: ${said}`)));
  });
  return child;
}

/** In each table some rows break some rule, another number of them in each. */
async function makeData(folder: string): Promise<void> {
  await mkdir(join(folder, 'data'));
  await mkdir(join(folder, 'contracts'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const [index, table] of tables.entries()) {
    await connection.run(`COPY (SELECT i AS id, CASE WHEN i % ${1000 + index} = 0 THEN NULL ELSE 'c' || i || '@example.org' END AS email,
      CASE WHEN i % ${2000 + index} = 0 THEN -1 ELSE i % 100 END AS amount FROM range(${rowsOfTable}) t(i))
      TO '${join(folder, 'data', `${table}.parquet`)}' (FORMAT parquet)`);
  }
  connection.closeSync();
  instance.closeSync();
  await writeFile(join(folder, 'contracts', 'all.odcs.yaml'), contract());
}

function contract(): string {
  const rules = (table: string) => `  - name: ${table}
    properties:
      - name: id
        quality: [{ metric: duplicateValues, mustBe: 0 }]
      - name: email
        quality:
          - { metric: nullValues, mustBe: 0 }
          - { type: custom, engine: dpa, implementation: { check: format, format: email } }
      - name: amount
        quality: [{ type: custom, engine: dpa, implementation: { check: range, minimum: 0, maximum: 99 } }]
    quality: [{ metric: rowCount, mustBe: ${rowsOfTable} }]
`;
  return `apiVersion: v3.1.0\nkind: DataContract\nid: all\nversion: 1.0.0\nstatus: active\nschema:\n${tables.map(rules).join('')}`;
}
