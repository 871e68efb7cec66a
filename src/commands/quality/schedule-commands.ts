/** The words of `dpa quality` about what runs by itself: schedule, schedules, unschedule, backfill. */
import type { Command } from 'commander';
import type { Surroundings } from './commands.ts';
import type { ScheduleFlags } from './schedule.ts';

export function addScheduleCommands(quality: Command, { config, terminal, done }: Surroundings): void {
  quality
    .command('schedule')
    .description('run a suite by itself, every night or whenever')
    .argument('<suite...>', 'contracts as files, folders or patterns, or a suite file')
    .requiredOption('--cron <fields>', 'when, such as "0 2 * * *"')
    .option('--tz <zone>', 'the zone of these hours and of the days of the data, such as Europe/Berlin')
    .option('--data <path>', 'a file, folder or pattern; may be given more than once', collected, [])
    .option('--suite <name>', 'the name under which the history is kept')
    .option('--catch-up <time>', 'how late a missed run is still made up for, such as "12 hours"')
    .option('--jitter <time>', 'start up to so much later, such as "10 minutes"')
    .option('--paused', 'do not start before somebody resumes it')
    .option('--format <list>', 'json, markdown, html, junit; separated by commas')
    .option('--warnings-as-errors', 'exit 2 when there are warnings')
    .action(async (words: string[], _own, command: Command) => {
      const { schedule } = await import('./schedule.ts');
      done(await schedule(config(), words, command.optsWithGlobals<ScheduleFlags>(), terminal()));
    });
  quality
    .command('schedules')
    .description('what is scheduled, and when it runs next')
    .option('--json', 'as JSON')
    .action(async (_own, command: Command) => {
      const { schedules } = await import('./schedules.ts');
      done(
        await schedules(config(), { json: command.optsWithGlobals<{ json?: boolean }>().json === true }, terminal()),
      );
    });
  quality
    .command('unschedule')
    .description('no longer run a suite by itself; its history stays')
    .argument('<suite>')
    .action(async (suite: string) => {
      const { unschedule } = await import('./schedules.ts');
      done(await unschedule(config(), suite, terminal()));
    });
  for (const word of ['pause', 'resume'] as const)
    quality
      .command(word)
      .description(
        word === 'pause' ? 'let a schedule rest; what is run goes on' : 'let a schedule that rests start runs again',
      )
      .argument('<suite>')
      .option('--why <words>', 'the reason, for those who ask later')
      .action(async (suite: string, { why }: { why?: string }) => {
        const { pauseOrResume } = await import('./schedules.ts');
        done(await pauseOrResume(config(), suite, word, why, terminal()));
      });
  quality
    .command('backfill')
    .description('run a scheduled suite for nights that are past')
    .argument('<suite>')
    .requiredOption('--from <day>', 'the first night')
    .requiredOption('--to <day>', 'the last night')
    .action(async (suite: string, flags: { from: string; to: string }) => {
      const { backfill } = await import('./schedules.ts');
      done(await backfill(config(), suite, flags, terminal()));
    });
}

function collected(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}
