/** `dpa quality schedules`, `unschedule` and `backfill`: what runs when, no longer, and for nights that are past. */
import { ScheduleNotFoundError, ScheduleOverlapPolicy, WorkflowFailedError } from '@temporalio/client';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { readInterval } from '../../quality/interval.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { QualityNightWorkflow } from '../../workflows/quality-messages.ts';
import { openService, type Service } from '../service.ts';
import { scheduleId } from './schedule.ts';

/** Most schedules listed. */
const maxListed = 500;

/** Of why a night failed: a suite of many faulty contracts names them all. */
const maxMessageCharacters = 300;

export async function schedules(config: Config, options: { json: boolean }, terminal: Terminal): Promise<number> {
  await using service = await openService(config, terminal);
  const rows: { suite: string; next: string | null; last: string | null; ended: string | null; paused: boolean }[] = [];
  for await (const { scheduleId: id, memo, info, state, action } of service.client.schedule.list()) {
    if (action?.workflowType !== 'qualityNightWorkflow' || rows.length >= maxListed) continue;
    const suite = typeof memo?.['suite'] === 'string' ? memo['suite'] : id.replace(/^nightly-/, '');
    const last = info.recentActions.at(-1);
    rows.push({
      suite,
      next: info.nextActionTimes[0]?.toISOString() ?? null,
      last: last?.scheduledAt.toISOString() ?? null,
      ended: last === undefined ? null : await endOf(service, last.action.workflow),
      paused: state.paused,
    });
  }
  if (options.json) terminal.answer(JSON.stringify(rows));
  else if (rows.length === 0)
    terminal.answer('Nothing is scheduled. Try: dpa quality schedule contracts --cron "0 2 * * *"');
  for (const { suite, next, last, ended, paused } of options.json ? [] : rows) {
    const when = paused ? 'paused' : next === null ? 'never again' : `next ${next}`;
    terminal.answer(`${suite}  ${when}${last === null ? '' : `  last ${last}: ${ended}`}`);
  }
  return 0;
}

type Started = { readonly workflowId: string; readonly firstExecutionRunId: string };

/** How a night ended, in one line: a night that failed told nobody by alerts. */
async function endOf(service: Service, { workflowId, firstExecutionRunId }: Started): Promise<string> {
  const handle = service.client.workflow.getHandle<QualityNightWorkflow>(workflowId, firstExecutionRunId);
  try {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') return 'is being run';
    const { ran, headline } = await handle.result();
    return ran ? (headline ?? 'run') : 'had been run before';
  } catch (error) {
    let cause: unknown = error;
    while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return error instanceof WorkflowFailedError
      ? `failed: ${message.slice(0, maxMessageCharacters)}`
      : 'no longer known';
  }
}

/** Runs that are under way go on; the history stays. */
export async function unschedule(config: Config, suite: string, terminal: Terminal): Promise<number> {
  await using service = await openService(config, terminal);
  await known(service, suite, (handle) => handle.delete());
  terminal.answer(`unscheduled ${suite}`);
  return 0;
}

/** The service keeps the reason beside the schedule, where its UI shows it. */
export async function pauseOrResume(
  config: Config,
  suite: string,
  word: 'pause' | 'resume',
  why: string | undefined,
  terminal: Terminal,
): Promise<number> {
  await using service = await openService(config, terminal);
  const note = why ?? `dpa quality ${word}`;
  await known(service, suite, (handle) => (word === 'pause' ? handle.pause(note) : handle.unpause(note)));
  terminal.answer(`${word}d ${suite}`);
  return 0;
}

export async function backfill(
  config: Config,
  suite: string,
  { from, to }: { from: string; to: string },
  terminal: Terminal,
): Promise<number> {
  const [first, last] = [checkedDay('--from', from), checkedDay('--to', to)];
  if (first.startMs > last.startMs) throw wrong(`Expected --from to lie before --to, found ${from} and ${to}.`);
  const end = Math.min(last.endMs - 1, Date.now());
  await using service = await openService(config, terminal);
  // One after the other: what a night is compared with are the nights before it. The first moment counts too.
  await known(service, suite, (handle) =>
    handle.backfill({
      start: new Date(first.startMs - 1),
      end: new Date(end),
      overlap: ScheduleOverlapPolicy.BUFFER_ALL,
    }),
  );
  terminal.answer(
    `${suite}: the nights from ${from} to ${to} are run one after the other; those that were run before stay as they are`,
  );
  return 0;
}

type Handle = ReturnType<Service['client']['schedule']['getHandle']>;

async function known(service: Service, suite: string, work: (handle: Handle) => Promise<unknown>): Promise<void> {
  await work(service.client.schedule.getHandle(scheduleId(suite))).catch((error: unknown) => {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw wrong(`Expected a schedule of the suite "${suite}", found none. \`dpa quality schedules\` lists them.`);
  });
}

function checkedDay(flag: string, text: string) {
  const day = readInterval(text);
  if (day !== undefined) return day;
  throw wrong(`Expected ${flag} to be a day such as 2026-11-24, found ${JSON.stringify(text)}.`);
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
