/** The words after `dpa quality`, with their flags. */
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { addIncidentCommands } from './incident-commands.ts';
import type { ImportOptions } from './import.ts';
import type { QualityReportOptions } from './report.ts';
import type { QualityRunOptions } from './run.ts';
import { addScheduleCommands } from './schedule-commands.ts';
import type { SuggestOptions } from './suggest.ts';

export type Surroundings = {
  config(): Config;
  terminal(): Terminal;
  done(code: number): void;
};

/** Each command loads its code when it is called. */
export function addQualityCommands(program: Command, { config, terminal, done }: Surroundings): void {
  const quality = program.command('quality').description('data contracts: write, suggest, validate, run');
  quality
    .command('init')
    .description('write a first contract to change')
    .action(async () => {
      const { init } = await import('./init.ts');
      done(await init(config(), terminal()));
    });
  quality
    .command('validate')
    .description('whether contracts can be read; each fault with file, line and column')
    .argument('<contract...>', 'files, folders or patterns')
    .option('--json', 'as JSON')
    .action(async (words: string[], _own, command: Command) => {
      const { validate } = await import('./validate.ts');
      done(await validate(config(), words, { json: command.optsWithGlobals<Flags>().json === true }, terminal()));
    });
  quality
    .command('suggest')
    .description('propose a contract from data alone, each rule with its evidence')
    .argument('<data...>', 'files, folders or patterns')
    .option('-o, --output <file>', 'write the contract there; without it, it is printed')
    .option('--force', 'write over a contract that is there')
    .option('--json', 'the proposals as JSON')
    .action(async (words: string[], _own, command: Command) => {
      const { suggest } = await import('./suggest.ts');
      done(await suggest(config(), words, command.optsWithGlobals<SuggestOptions>(), terminal()));
    });
  quality
    .command('import')
    .description("another tool's rules as a contract: dbt schema.yml, Great Expectations suites, Soda")
    .argument('<file>')
    .option('-o, --output <file>', 'write the contract there; without it, it is printed')
    .option('--force', 'write over a contract that is there')
    .action(async (file: string, _own, command: Command) => {
      const { importFile } = await import('./import.ts');
      done(await importFile(config(), file, command.optsWithGlobals<ImportOptions>(), terminal()));
    });
  addRunCommand(quality, { config, terminal, done });
  addIncidentCommands(quality, { config, terminal, done });
  addReportCommand(quality, { config, terminal, done });
  addScheduleCommands(quality, { config, terminal, done });
  quality
    .command('history')
    .description('each check of a suite over its nights, and what is broken since when')
    .argument('<suite>')
    .option('--json', 'as JSON')
    .action(async (suite: string, _own, command: Command) => {
      const { history } = await import('./history.ts');
      done(await history(config(), suite, { json: command.optsWithGlobals<Flags>().json === true }, terminal()));
    });
}

function addReportCommand(quality: Command, { config, terminal, done }: Surroundings): void {
  quality
    .command('report')
    .description('write the reports of a run again, from what was kept of it')
    .argument('<suite-or-run>', 'the last night of a suite, or the id of a run')
    .option('--interval <date>', 'another night of the suite')
    .option('--format <list>', 'json, markdown, html, junit, gitlab, openlineage; separated by commas')
    .option('-o, --output <folder>', 'where the reports go')
    .action(async (word: string, _own, command: Command) => {
      const { report } = await import('./report.ts');
      done(await report(config(), word, command.optsWithGlobals<QualityReportOptions>(), terminal()));
    });
}

function addRunCommand(quality: Command, { config, terminal, done }: Surroundings): void {
  quality
    .command('run')
    .description('check data against contracts; exit 0 passed, 1 failed, 3 not evaluated')
    .argument('<suite...>', 'contracts as files, folders or patterns, or a suite file')
    .option(
      '--data <path>',
      'a file, folder or pattern; TABLE=PATH names it for a table; may be given more than once',
      collected,
      [],
    )
    .option('--interval <date>', 'the day or moment the data is of; the same one twice attaches, never doubles')
    .option('--suite <name>', 'the name under which the history is kept')
    .option('--id <id>', 'the id of the run: the same id twice attaches')
    .option(
      '--ci [name]',
      'the id of the CI job and its commit: a second run of the same commit attaches or takes its result',
    )
    .option('--changed-since <branch>', 'only contracts whose file or data in this repository changed since then')
    .option('--skipped-exit-code <n>', 'exit with it when there was nothing to look at, such as 99 in Airflow')
    .option('--again', 'run again although a run of this id has ended; its points are replaced')
    .option('--rescan', 'read also the files that did not change since they were checked last')
    .option('--quarantine <folder>', 'copy the rows that violate rules, whole, into files there')
    .option('--explain', 'show the statements that would be asked, and ask none')
    .option('--format <list>', 'json, markdown, html, junit, gitlab, openlineage; separated by commas')
    .option('-o, --output <folder>', 'where the reports go')
    .option('--annotations <ci>', 'github, gitlab, azure or none; without it, what the run is in')
    .option('--all', 'show also the checks that passed')
    .option('--warnings-as-errors', 'exit 2 when there are warnings')
    .option(
      '--alert',
      'tell what broke and what holds again, as scheduled runs do (DPA_ALERT_WEBHOOK, DPA_ALERT_SLACK)',
    )
    .option('--alert-test', 'print the alerts, and send none')
    .option('--detach', 'start it, print its id and leave')
    .option('--json', 'the result as one JSON document')
    .action(async (words: string[], _own, command: Command) => {
      const { run } = await import('./run.ts');
      done(await run(config(), words, command.optsWithGlobals<QualityRunOptions>(), terminal()));
    });
}

function collected(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}

type Flags = { readonly json?: boolean };
