/** The command line: flags → start, attach, list; it holds no state and may leave at any time. */
import { Command, CommanderError } from 'commander';
import { defaultMaxSteps } from './analysis/budget.ts';
import type { Interrupt } from './analysis/interrupts.ts';
import { CommandError, exitCode } from './command-error.ts';
import { addApprovalCommands } from './commands/approvals/commands.ts';
import type { LimitFlags } from './commands/limits.ts';
import { addQualityCommands } from './commands/quality/commands.ts';
import { loadConfig } from './config.ts';
import { nearest } from './analysis/nearest.ts';
import { createTerminal, leaveQuietlyOnClosedPipe, type Terminal } from './ui/terminal.ts';

type Flags = LimitFlags & {
  readonly task?: string;
  readonly data: string[];
  readonly id?: string;
  readonly detach?: boolean;
  readonly resume?: string | true;
  readonly json?: boolean;
  readonly events?: boolean;
  readonly quiet?: boolean;
  readonly all?: boolean;
  readonly transcript?: boolean;
  readonly raw?: boolean;
  readonly cost?: boolean;
  readonly model?: string;
  readonly plan?: boolean;
  readonly yes?: boolean;
  readonly readOnly?: boolean;
  readonly unattended?: boolean;
};

leaveQuietlyOnClosedPipe();
process.exitCode = await main(process.argv.slice(2));
// Questions to the service that nobody waits for any more must not hold, or break, the one who has left.
if (process.exitCode === exitCode.detached) process.exit();

async function main(words: string[]): Promise<number> {
  let code = 0;
  const program = commands((result) => (code = result));
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
    if (error instanceof CommandError) process.stderr.write(`${error.message}\n`);
    else
      process.stderr.write(
        `This is a bug in dpa, please report it with these lines:\n${error instanceof Error ? error.stack : String(error)}\n`,
      );
    return error instanceof CommandError ? error.exitCode : exitCode.bug;
  }
}

/** Each command loads its code when it is called: `dpa status` need not pay for what `dpa run` needs. */
function commands(done: (code: number) => void): Command {
  const program = new Command('dpa');
  program
    .description(
      'A durable data analyst: plans, queries, checks, and writes a report whose every number leads back to its query.',
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .allowExcessArguments()
    .option('--quiet', 'no progress on stderr');
  withRunFlags(program)
    .option(
      '--resume [id]',
      'go back to an analysis, without an id to the newest unfinished one; with --task ask on after one that has ended',
    )
    .action(async (flags: Flags) => done(await runOrResume(flags)));
  withRunFlags(program.command('run').description('start an analysis and follow it')).action(
    async (_own, command: Command) => done(await runOrResume(flagsOf(command))),
  );
  withOutputFlags(program.command('watch').description('follow an analysis'))
    .argument('<id>')
    .action(async (id: string, _own, command: Command) => {
      const { resume } = await import('./commands/resume.ts');
      done(await resume(loadConfig(), id, outputOf(flagsOf(command)), terminalOf(program)));
    });
  program
    .command('sessions')
    .description('list the analyses')
    .option('--all', 'also the older finished ones')
    .option('--json', 'as JSON')
    .action(async (_own, command: Command) => {
      const { all, json } = flagsOf(command);
      const { sessions } = await import('./commands/sessions.ts');
      done(await sessions(loadConfig(), { all: all === true, json: json === true }, terminalOf(program)));
    });
  program
    .command('show')
    .description('one analysis: its answer, its report, its conversation')
    .argument('<id>')
    .option('--json', 'as JSON')
    .option('--transcript', 'the conversation, as the model is given it')
    .option('--raw', 'with --transcript: all of it, every result whole')
    .option('--cost', 'tokens and price, per model and per step')
    .action(async (id: string, _own, command: Command) => {
      const { json, transcript, raw, cost } = flagsOf(command);
      const { show } = await import('./commands/show.ts');
      const what = {
        json: json === true,
        transcript: transcript === true || raw === true,
        raw: raw === true,
        cost: cost === true,
      };
      done(await show(loadConfig(), id, what, terminalOf(program)));
    });
  program
    .command('demo')
    .description('the main job on data that comes with the program, no key, no question')
    .action(async () => {
      const { demo } = await import('./commands/demo.ts');
      done(await demo(loadConfig(), terminalOf(program)));
    });
  addQualityCommands(program, { config: loadConfig, terminal: () => terminalOf(program), done });
  addInterruptCommands(program, done);
  addApprovalCommands(program, { config: loadConfig, terminal: () => terminalOf(program), done });
  addHostCommands(program, done);
  return program;

  async function runOrResume(flags: Flags): Promise<number> {
    refuseUnknownCommand(program);
    const terminal = terminalOf(program);
    if (flags.resume !== undefined && flags.task === undefined) {
      const { resume } = await import('./commands/resume.ts');
      return resume(loadConfig(), flags.resume === true ? undefined : flags.resume, outputOf(flags), terminal);
    }
    if (flags.task === undefined)
      throw new CommandError(
        'Expected --task "…", found none. `dpa demo` shows what it does, `dpa --help` lists the commands.',
        exitCode.usage,
      );
    const { run } = await import('./commands/run.ts');
    return run(
      loadConfig(),
      {
        ...outputOf(flags),
        task: flags.task,
        data: flags.data,
        ...(flags.id === undefined ? {} : { id: flags.id }),
        ...(flags.resume === undefined ? {} : { follows: flags.resume }),
        limits: flags,
        detach: flags.detach === true,
        ...(flags.model === undefined ? {} : { model: flags.model }),
        plan: flags.plan === true,
        yes: flags.yes === true,
        readOnly: flags.readOnly === true,
        unattended: flags.unattended === true,
      },
      terminal,
    );
  }
}

/** A word that is no command ends up as an argument of the program itself. */
function refuseUnknownCommand(program: Command): void {
  const [word] = program.args;
  if (word === undefined) return;
  const names = program.commands.map((command) => command.name());
  if (names.includes(word)) return;
  const [close] = nearest(word, names);
  const hint = close === undefined ? '`dpa --help` lists them.' : `Did you mean ${close}?`;
  throw new CommandError(`Expected a command, found ${JSON.stringify(word)}. ${hint}`, exitCode.usage);
}

function addInterruptCommands(program: Command, done: (code: number) => void): void {
  const send = async (id: string, word: Interrupt) => {
    const { interrupt } = await import('./commands/interrupt.ts');
    done(await interrupt(loadConfig(), id, word, terminalOf(program)));
  };
  program
    .command('pause')
    .description('stop an analysis for a while, also inside a running call')
    .argument('<id>')
    .action((id: string) => send(id, { kind: 'pause' }));
  program
    .command('resume')
    .description('let a paused analysis go on')
    .argument('<id>')
    .action((id: string) => send(id, { kind: 'resume' }));
  program
    .command('redirect')
    .description('say in words where an analysis shall turn; it keeps what it has')
    .argument('<id>')
    .argument('<words>')
    .action((id: string, text: string) => send(id, { kind: 'redirect', text }));
  program
    .command('stop')
    .description('end an analysis with a report of what was found so far')
    .argument('<id>')
    .option('--why <words>', 'the reason, for the history')
    .action((id: string, { why }: { why?: string }) =>
      send(id, { kind: 'stop', ...(why === undefined ? {} : { reason: why }) }),
    );
}

function addHostCommands(program: Command, done: (code: number) => void): void {
  const hostCommand = (name: 'up' | 'down' | 'status', description: string) =>
    program
      .command(name)
      .description(description)
      .action(async () => {
        const host = await import('./commands/host.ts');
        done(await host[name](loadConfig(), terminalOf(program)));
      });
  hostCommand('up', 'start the local host with the Temporal UI and keep it running');
  hostCommand('down', 'stop the local host');
  hostCommand('status', 'whether the local host runs, and what it does');
  program
    .command('worker')
    .description('run a worker against a Temporal cluster')
    .action(async () => {
      const { worker } = await import('./commands/worker.ts');
      done(await worker(loadConfig(), terminalOf(program)));
    });
  program
    .command('tools')
    .description('the configured tool servers and their tools')
    .option('--json', 'as JSON')
    .action(async (_own, command: Command) => {
      const { json } = flagsOf(command);
      const { tools } = await import('./commands/tools.ts');
      done(await tools(loadConfig(), { json: json === true }, terminalOf(program)));
    });
  program
    .command('models')
    .description('the models that are configured and reachable, what they can do and cost')
    .option('--json', 'as JSON')
    .action(async (_own, command: Command) => {
      const { json } = flagsOf(command);
      const { models } = await import('./commands/models.ts');
      done(await models(loadConfig(), { json: json === true }, terminalOf(program)));
    });
  program
    .command('doctor')
    .description('what is configured, reachable, missing, and how to repair it')
    .option('--config', 'every setting with its value and where it came from')
    .option('--json', 'the settings as JSON')
    .action(async (own: { config?: boolean }, command: Command) => {
      if (own.config === true) {
        const { printSettings } = await import('./commands/settings.ts');
        const { json } = flagsOf(command);
        return done(printSettings(loadConfig(), { json: json === true }, terminalOf(program)));
      }
      const { doctor } = await import('./commands/doctor.ts');
      done(await doctor(loadConfig(), terminalOf(program)));
    });
}

function withRunFlags(command: Command): Command {
  return withOutputFlags(
    command
      .option('--task <words>', 'what to find out')
      .option(
        '--data <path>',
        'a file, folder or pattern to look at; may be given more than once',
        (path: string, paths: string[]) => [...paths, path],
        [] as string[],
      )
      .option('--id <id>', 'the id of the analysis: the same id twice attaches, never doubles')
      .option('--model <model>', 'provider/id such as openai/gpt-6.1-sol, or builtin; `dpa models` lists them')
      .option('--max-steps <n>', `model turns at most; ${defaultMaxSteps} when nothing is said`)
      .option('--budget-usd <n>', 'US dollars for model calls at most')
      .option('--timeout <time>', 'time of work at most, such as 30s, 10m, 2h or 1d')
      .option('--max-tokens <n>', 'tokens of model calls at most')
      .option('--max-bytes-scanned <size>', 'data that queries may scan, such as 500MB or 10GB')
      .option('--plan', 'show the plan and what it may cost, and wait for a yes before anything is read')
      .option('--yes', 'a yes to the plan beforehand; never to a call that changes something')
      .option('--read-only', 'deny what would change anything, without asking')
      .option('--unattended', 'ask nobody: what would be asked is denied')
      .option('--detach', 'start it, print its id and leave'),
  );
}

function withOutputFlags(command: Command): Command {
  return command
    .option('--json', 'the result as one JSON document')
    .option('--events', 'progress as NDJSON, the result last');
}

function outputOf(flags: Flags): { json: boolean; events: boolean } {
  return { json: flags.json === true, events: flags.events === true };
}

/** A flag that the program itself knows is taken by it wherever it stands, so both have to be asked. */
function flagsOf(command: Command): Flags {
  return command.optsWithGlobals<Flags>();
}

function terminalOf(program: Command): Terminal {
  const { quiet } = program.opts<Flags>();
  return createTerminal({ quiet: quiet === true, noColor: loadConfig().noColor });
}
