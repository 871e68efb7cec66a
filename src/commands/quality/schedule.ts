/** `dpa quality schedule`: a suite run every night by Temporal itself, once per night also when clocks change. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleOptions } from '@temporalio/client';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { skippedDays } from '../../quality/clock-changes.ts';
import { readCron, type Cron } from '../../quality/cron.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { taskQueue } from '../../workflows/messages.ts';
import type { QualityNightInput } from '../../workflows/quality-messages.ts';
import { preflight } from '../preflight.ts';
import { openService, type Service } from '../service.ts';
import { hasPlaceholder } from '../../contracts/interval-path.ts';
import { qualityData } from '../../contracts/suite-data.ts';
import { checkedFormats } from './run.ts';
import { completed } from './start.ts';
import { readSuite } from '../../contracts/suite.ts';

export type ScheduleFlags = {
  readonly cron: string;
  readonly tz?: string;
  readonly data: readonly string[];
  readonly suite?: string;
  readonly catchUp?: string;
  readonly jitter?: string;
  readonly paused?: boolean;
  readonly format?: string;
  readonly warningsAsErrors?: boolean;
};

/** A service that comes back later than this does not run the night any more. */
const defaultCatchUp = '12 hours';

/** Years before and after this one whose clock changes are looked up. */
const yearsBefore = 2;
const yearsAfter = 10;

export function scheduleId(suite: string): string {
  return `nightly-${suite}`;
}

export async function schedule(
  config: Config,
  words: readonly string[],
  flags: ScheduleFlags,
  terminal: Terminal,
): Promise<number> {
  const timeZone = checkedZone(flags.tz ?? 'UTC');
  const cron = checkedCron(flags.cron);
  const named = await readSuite(config.workingFolder, words, flags.suite);
  const { suite } = named;
  // What each night finds under a path of its own is not there yet.
  if (![...flags.data, ...named.data].some(hasPlaceholder))
    await qualityData({ folder: config.workingFolder, given: flags.data, ofSuite: named.data, suite, interval: '' });
  const formats = checkedFormats(flags.format);
  await preflight(config);
  await using service = await openService(config, terminal);
  const { interval: _none, ...run } = completed(service, {
    // Read again each night: what is changed in the contracts counts from then on.
    suite: { files: words, data: flags.data, name: suite.name, folder: config.workingFolder },
    suiteName: suite.name,
    warningsAsErrors: flags.warningsAsErrors === true,
    alert: true,
    formats,
  });
  const input: QualityNightInput = { run, timeZone, by: cron.time === undefined ? 'minute' : 'day' };
  const isNew = await createOrUpdate(service, optionsFor(suite.name, cron, input, flags));
  const handle = service.client.schedule.getHandle(scheduleId(suite.name));
  const [next] = (await handle.describe()).info.nextActionTimes;
  if (next === undefined && isNew) {
    await handle.delete();
    throw wrong(`Expected --cron to name a time that comes, found ${JSON.stringify(flags.cron)}, which never does.`);
  }
  const when = next === undefined ? '' : `, next ${next.toISOString()}`;
  terminal.answer(`${isNew ? 'scheduled' : 'changed'} ${suite.name}: ${flags.cron} (${timeZone})${when}`);
  if (config.temporal.kind === 'local')
    terminal.notice('The local host must be running at that time: `dpa up` keeps it; what it misses it catches up.');
  return 0;
}

function optionsFor(
  suite: string,
  { text, time, isOn }: Cron,
  input: QualityNightInput,
  flags: ScheduleFlags,
): ScheduleOptions {
  const year = new Date().getUTCFullYear();
  const years = { from: year - yearsBefore, to: year + yearsAfter };
  const skipped = time === undefined ? [] : skippedDays(input.timeZone, time, years).filter(isOn);
  // On the day clocks are put forward over the time, an hour later it is; of the last hour, an hour before, on the same day.
  const calendars = skipped.map((day) => ({
    comment: 'clocks are put forward over the time of this schedule',
    year: day.year,
    month: monthNames[day.month - 1]!,
    dayOfMonth: day.day,
    hour: time!.hour === 23 ? 22 : time!.hour + 1,
    minute: time!.minute,
  }));
  return {
    scheduleId: scheduleId(suite),
    spec: {
      cronExpressions: [text],
      calendars,
      timezone: input.timeZone,
      ...(flags.jitter === undefined ? {} : { jitter: flags.jitter as '1 minute' }),
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'qualityNightWorkflow',
      workflowId: scheduleId(suite),
      taskQueue,
      args: [input],
      staticSummary: `quality of ${suite}`,
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      catchupWindow: (flags.catchUp ?? defaultCatchUp) as '1 minute',
    },
    state: {
      ...(flags.paused === true ? { paused: true } : {}),
      note: `dpa quality schedule, data of ${input.timeZone}`,
    },
    memo: { suite },
  };
}

const monthNames = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;

/** Resolves with whether there was none before. */
async function createOrUpdate({ client }: Service, options: ScheduleOptions): Promise<boolean> {
  try {
    await client.schedule.create(options);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) {
      await client.schedule
        .getHandle(options.scheduleId)
        .update(({ state }) => ({ ...options, state: { ...state, ...options.state } }));
      return false;
    }
    if (error instanceof Error)
      throw wrong(
        `Expected a schedule that Temporal takes, found: ${causeOf(error)}. Correct --cron, --jitter or --catch-up.`,
      );
    throw error;
  }
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function checkedCron(given: string): Cron {
  const cron = readCron(given);
  if (typeof cron === 'string') throw wrong(`Expected --cron ${cron}.`);
  return cron;
}

export function checkedZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw wrong(`Expected --tz to be a time zone such as Europe/Berlin, found ${JSON.stringify(name)}.`);
  }
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
