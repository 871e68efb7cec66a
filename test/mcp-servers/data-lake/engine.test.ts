/** The engine: locked without the help of the guard, and stopped by the caller or the clock. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../../src/mcp-servers/data-lake/engine.ts';
import type { Engine } from '../../../src/mcp-servers/data-lake/engine.ts';
import { ToolError } from '../../../src/mcp-servers/data-lake/errors.ts';
import { openLake } from './lake-fixture.ts';

const endless = 'SELECT count(*) FROM range(1000000000000) a(i) WHERE i % 7 = 3';

let folder: string;
let engine: Engine;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'data-lake-engine-'));
  writeFileSync(join(folder, 'a.csv'), 'n\n1\n');
  writeFileSync(join(folder, 'secret.csv'), 'n\n42\n');
  engine = await openEngine([join(folder, 'a.csv')]);
});

afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test('only the named file can be opened, settings and extensions stay as they are', async () => {
  expect(await engine.runAll(`SELECT * FROM read_csv('${folder}/a.csv')`)).toEqual([['1']]);
  const statements = [
    `SELECT * FROM read_csv('${folder}/secret.csv')`,
    `SELECT * FROM read_text('${folder}/../secret.csv')`,
    `SELECT * FROM glob('${folder}/*')`,
    `COPY (SELECT 1) TO '${folder}/out.csv'`,
    `ATTACH '${folder}/x.db'`,
    'SET enable_external_access = true',
    'SET allowed_paths = []',
    'RESET threads',
    'INSTALL httpfs',
    'LOAD httpfs',
  ];
  for (const sql of statements) await expect(engine.runAll(sql)).rejects.toThrow(ToolError);
});

test('for callers nothing but SELECT and EXPLAIN runs, even what the lock would allow', async () => {
  for (const sql of [
    'CREATE TABLE t (i INTEGER)',
    `COPY (SELECT 1) TO '${folder}/a.csv' (USE_TMP_FILE false)`,
    'BEGIN',
  ]) {
    const error = await engine.run(sql, { onlyReads: true }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ body: { class: 'policy' } });
  }
  expect(await engine.runAll(`SELECT * FROM read_csv('${folder}/a.csv')`)).toEqual([['1']]);
});

test('the clock stops a statement, and the engine is idle afterwards', async () => {
  const error = await engine.run(endless, { timeoutMs: 200 }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ body: { code: 'statement_timeout', class: 'timeout', retryable: true } });
  await expectIdle();
});

test('a caller who cancels stops the statement in the engine', async () => {
  const abort = new AbortController();
  const running = engine.run(endless, { signal: abort.signal }).catch((caught: unknown) => caught);
  await processorShare();
  abort.abort();
  expect(await running).toMatchObject({ body: { code: 'cancelled' } });
  await expectIdle();
});

test('a request that was cancelled before it began runs nothing', async () => {
  const error = await engine.run(endless, { signal: AbortSignal.abort() }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ body: { code: 'cancelled' } });
});

test('an MCP client that aborts its request ends the query; the server answers the next one', async () => {
  await using lake = await openLake({ 'a.csv': 'n\n1\n' });
  await lake.sql('SELECT 1');
  const abort = new AbortController();
  const running = lake.call('query', { sql: endless, timeout_ms: 60_000 }, abort.signal);
  const failed = running.then(
    () => 'an answer',
    (error: unknown) => String(error),
  );
  await processorShare();
  abort.abort();
  expect(await failed).toMatch(/abort/i);
  await lake.sql('SELECT 1');
  await expectIdle();
});

test('timeout_ms reaches the engine', async () => {
  await using lake = await openLake({});
  const { error } = await lake.call('query', { sql: endless, timeout_ms: 100 });
  expect(error).toMatchObject({
    code: 'statement_timeout',
    class: 'timeout',
    message: expect.stringContaining('0.1 s'),
  });
});

/** Waits for the first quarter of a second in which this process does nearly nothing; fails when none comes. */
async function expectIdle(): Promise<void> {
  const shares: number[] = [];
  for (let reading = 0; reading < 12; reading++) {
    const share = await processorShare();
    if (share < 0.1) return;
    shares.push(share);
  }
  throw new Error(
    `expected the engine to be idle, found it busy with these shares of a processor: ${shares.join(' ')}`,
  );
}

/** Processor seconds per second that this process used while a quarter of a second of our own timers went by. */
async function processorShare(): Promise<number> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 250));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - startedMs);
}
