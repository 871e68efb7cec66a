/** `dpa quality schedule`: a suite run every night by Temporal itself, once per night also when clocks change. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleOptions } from '@temporalio/client';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { skippedDays } from '../../quality/clock-changes.ts';
import { createFolderStore } from '../../store/folder.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { taskQueue } from '../../workflows/messages.ts';
import type { QualityNightInput } from '../../workflows/quality-messages.ts';
import { preflight } from '../preflight.ts';
import { openService, type Service } from '../service.ts';
import { qualityData } from './data.ts';
import { checkedFormats } from './run.ts';
import { completed } from './start.ts';
import { readSuite } from './suite.ts';

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
  const named = await readSuite(config, words, flags.suite);
  const { suite } = named;
  const data = await qualityData(config, flags.data, named.data, suite);
  const formats = checkedFormats(flags.format);
  await preflight(config);
  await using service = await openService(config, terminal);
  const { interval: _none, ...run } = completed(service, {
    suite: await createFolderStore(config.storeFolder).put(JSON.stringify(suite)),
    suiteName: suite.name,
    data: data.paths,
    aliases: data.aliases,
    warningsAsErrors: flags.warningsAsErrors === true,
    alert: true,
    formats,
  });
  const input: QualityNightInput = { run, timeZone, by: cron.isOnceADay ? 'day' : 'minute' };
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

type Cron = {
  readonly text: string;
  readonly isOnceADay: boolean;
  /** Only where it is every day: on another day nobody asked for a run an hour later. */
  readonly everyDayAt?: { readonly hour: number; readonly minute: number };
};

function optionsFor(
  suite: string,
  { text, everyDayAt }: Cron,
  input: QualityNightInput,
  flags: ScheduleFlags,
): ScheduleOptions {
  const year = new Date().getUTCFullYear();
  const years = { from: year - yearsBefore, to: year + yearsAfter };
  // On the day clocks are put forward over the time, an hour later it is.
  const calendars = (everyDayAt === undefined ? [] : skippedDays(input.timeZone, everyDayAt, years)).map((day) => ({
    comment: 'clocks are put forward over the time of this schedule',
    year: day.year,
    month: monthNames[day.month - 1]!,
    dayOfMonth: day.day,
    hour: (everyDayAt!.hour + 1) % 24,
    minute: everyDayAt!.minute,
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

const fieldPattern = /^(\*|[\dA-Za-z]+(-[\dA-Za-z]+)?)(\/\d+)?(,(\*|[\dA-Za-z]+(-[\dA-Za-z]+)?)(\/\d+)?)*$/;

function checkedCron(given: string): Cron {
  const fields = given.trim().split(/\s+/);
  const text = fields.join(' ');
  const isWord = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(text);
  if (!isWord && (fields.length !== 5 || !fields.every((field) => fieldPattern.test(field))))
    throw wrong(`Expected --cron to have five fields such as "0 2 * * *", found ${JSON.stringify(given)}.`);
  if (isWord) return { text, isOnceADay: text !== '@hourly' };
  const [minute = '', hour = '', ...days] = fields;
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return { text, isOnceADay: false };
  if (Number(minute) > 59 || Number(hour) > 23)
    throw wrong(`Expected the time of --cron to be within a day, found ${hour}:${minute}.`);
  const isEveryDay = days.every((field) => field === '*');
  const time = { hour: Number(hour), minute: Number(minute) };
  return { text, isOnceADay: true, ...(isEveryDay ? { everyDayAt: time } : {}) };
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
