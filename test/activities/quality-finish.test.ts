/** The end of a quality run when there is no room left: what was found is told all the same. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFinishQualityRun } from '../../src/activities/quality-finish.ts';
import type { RunPlan } from '../../src/activities/quality-plan.ts';
import { Failure } from '../../src/analysis/failures.ts';
import { createQualityDelivery } from '../../src/reports/quality/deliver.ts';
import { inlineResult } from '../../src/reports/quality/inline-result.ts';
import type { ContentStore } from '../../src/store/content-store.ts';
import { createFolderStore } from '../../src/store/folder.ts';
import { createQuarantineFiles } from '../../src/store/quarantine-files.ts';
import { createQualityHistory } from '../../src/store/quality-history.ts';
import { checkOf } from '../reports/quality/sample-run.ts';
import { runActivity } from '../support/activity-environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'dpa-full-'));
const disk = join(folder, 'disk');
mkdirSync(disk);
const isMounted = mountSmallDisk();

afterAll(() => {
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});

/** Only root may mount; elsewhere the failure is injected alone. */
function mountSmallDisk(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const rows = Array.from({ length: 20 }, (_, index) => ['x'.repeat(5_000), index]);
const sample = { columns: ['a', 'b'], rows, statement: 'SELECT 1', withheld: [] };

async function prepared(store: ContentStore) {
  const plan: RunPlan = {
    suite: 's',
    contracts: [],
    data: [],
    interval: { name: '2024-01-01', endMs: 0 },
    tables: [],
    history: [],
    problems: [],
  };
  const checks = [checkOf('passed'), checkOf('warning', { sample })];
  const result = { table: 'orders', contract: 'shop', columns: [], checks, statements: 1, elapsedMs: 1 };
  return {
    plan: await store.put(JSON.stringify(plan)),
    result: await store.put(JSON.stringify({ result, distributions: {} })),
  };
}

function finish(store: ContentStore, place: string, { plan, result }: { plan: string; result: string }) {
  const activity = createFinishQualityRun({
    store,
    openQualitySource: () => Promise.reject(new Error('not asked')),
    readSuiteFiles: () => Promise.reject(new Error('not asked')),
    inlineResult,
    qualityHistory: createQualityHistory(join(place, 'quality')),
    quarantineFiles: createQuarantineFiles(),
    quarantineFolder: folder,
    qualitySilences: { all: async () => [] },
    qualityPartials: { read: async () => undefined, write: async () => undefined },
    sendAlerts: async () => [],
    lineage: { started: async () => undefined, ended: async () => undefined },
    deliverQualityReport: createQualityDelivery(join(place, 'reports')),
  });
  return runActivity(activity, {
    id: 'run',
    runId: 'r',
    plan,
    tables: [{ key: { contract: 'shop', table: 'orders' }, result }],
    startedAtMs: 0,
    endedAtMs: 1,
    warningsAsErrors: false,
    alert: true,
    remember: true,
    formats: ['json', 'html'],
  });
}

test('on a disk without room the run ends with 4, and its results come with it', async () => {
  if (!isMounted) return console.warn('skipped: it takes the right to mount a file system to make a full disk');
  const store = createFolderStore(join(disk, 'store'));
  const refs = await prepared(store);
  await fill(join(disk, 'filler'));
  const { exitCode, undelivered, document, inline, files, counts } = await finish(store, disk, refs);
  expect(exitCode).toBe(4);
  expect(undelivered).toContain('No space left');
  expect(undelivered).toContain('report.html');
  expect([document, files]).toEqual([undefined, []]);
  expect(counts).toMatchObject({ passed: 1, warning: 1 });
  expect(inline?.tables[0]?.checks.map(({ verdict }) => verdict)).toEqual(['passed', 'warning']);
  expect(JSON.stringify(inline)).not.toContain('xxxxx');
});

test('where only the store has no room, reports and history are there, and the exit code is 4', async () => {
  const store = createFolderStore(join(folder, 'store'));
  const refs = await prepared(store);
  const full: ContentStore = {
    ...store,
    put: () => Promise.reject(new Failure('Store.Full', 'No space left to write it.')),
  };
  const { exitCode, files, inline } = await finish(full, folder, refs);
  expect([exitCode, files.length, inline?.id]).toEqual([4, 2, 'run']);
  expect((await createQualityHistory(join(folder, 'quality')).all('s')).points).toHaveLength(1);
});

async function fill(path: string): Promise<void> {
  await using file = await open(path, 'w');
  const block = Buffer.alloc(4_096);
  for (;;) {
    const isFull = await file.write(block).then(
      () => false,
      () => true,
    );
    if (isFull) return;
  }
}
