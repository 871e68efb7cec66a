/** The kills that need more than a signal to a known process: of a tool server, of a client, and of the power. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, truncateSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ResultDocument } from '../../../src/reports/json.ts';
import { isRunning, sendSignal } from '../../../src/processes/running.ts';
import { hostFiles } from '../../../src/temporal/host-endpoint.ts';
import { safeNow, type Kill } from './arena.ts';
import { inHostArena, openHostArena, type HostArena } from './host-arena.ts';
import { comparable } from './invariants.ts';
import type { Plan } from './matrix.ts';
import { analysisId, follow, task, type FaultRun } from './run.ts';

const clientProgram = fileURLToPath(new URL('../../../src/client.ts', import.meta.url));
const pollMs = 5;
/** A command line starts within this; it is killed before, at or after its start of the analysis. */
const clientStartMs = 1_500;

/** SIGKILL to the tool server that runs now, or to the next one that is started. */
export async function killServer({ world }: HostArena): Promise<Kill> {
  for (;;) {
    const safe = safeNow(world);
    const pid = world
      .ledger()
      .flatMap((entry) => (entry.kind === 'serverStarted' ? [entry.pid] : []))
      .findLast(isRunning);
    const atMs = performance.now();
    if (pid !== undefined) {
      sendSignal(pid, 'SIGKILL');
      return { atMs, backAtMs: atMs, ...safe };
    }
    await delay(pollMs);
  }
}

/**
 * A power cut: the host is gone, and of the file that was written last only a part is there. If that part was met
 * afterwards, the log says so and the file is whole again; if not, nobody needed it.
 */
export async function cutPower(plan: Plan): Promise<{ arena: HostArena; run: FaultRun }> {
  const { world, random } = plan;
  const torn: string[] = [];
  const done = await inHostArena(plan, (arena) =>
    arena.killHost(() => {
      const newest = world.newestStoreFile();
      if (newest === undefined) return;
      truncateSync(newest.path, Math.floor(random() * newest.bytes));
      torn.push(newest.path);
    }),
  );
  const log = readFileSync(hostFiles(world.config.home).log, 'utf8');
  const silent = torn.filter((path) => world.isWhole(path) && !log.includes(basename(path)));
  expect({ healedWithoutAWord: silent }).toEqual({ healedWithoutAWord: [] });
  return done;
}

/** The command line is killed at a random moment, the analysis goes on with nobody there; a second one gives the result. */
export async function killClient(plan: Plan): Promise<{ arena: HostArena; run: FaultRun }> {
  const { world, random, baseline } = plan;
  const arena = await openHostArena(world);
  const pids = new Set(arena.pids);
  const startedAtMs = performance.now();
  try {
    const first = startClient();
    await Promise.race([once(first, 'exit'), delay(random() * (clientStartMs + baseline.durationMs))]);
    const isOver = first.exitCode !== null;
    const atMs = performance.now();
    first.kill('SIGKILL');
    const kill = { atMs, backAtMs: atMs, ...safeNow(world), resumedAfterMs: 0, standstillMs: 0 };
    if (world.ledger().length > 0) await arena.leaveUntilHostStops().then(() => arena.attach());
    const document = await answerOf(startClient());
    expect(comparable(document)).toEqual(baseline.result);
    const followed = await follow(arena, analysisId, []);
    const durationMs = performance.now() - startedAtMs;
    return { arena: { ...arena, pids }, run: { followed, kills: isOver ? [] : [kill], trouble: [], durationMs } };
  } finally {
    for (const pid of arena.pids) pids.add(pid);
    await arena.close();
  }

  function startClient(): ChildProcess {
    const words = ['run', '--task', task, '--id', analysisId, '--max-steps', '40', '--json', '--quiet'];
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', clientProgram, ...words], {
      cwd: world.folder,
      env: { ...world.config.environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (child.pid !== undefined) pids.add(child.pid);
    return child;
  }
}

async function answerOf(client: ChildProcess): Promise<ResultDocument> {
  let text = '';
  client.stdout?.on('data', (chunk) => (text += String(chunk)));
  const [code] = (await once(client, 'close')) as [number | null];
  if (code !== 0) throw new Error(`Expected the second command line to end with 0; it ended with ${code}: ${text}`);
  return JSON.parse(text) as ResultDocument;
}
