/** The commands that decide what an analysis waits for. */
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import type { Terminal } from '../../ui/terminal.ts';

export type Ends = {
  readonly config: () => Config;
  readonly terminal: () => Terminal;
  readonly done: (code: number) => void;
};

export function addApprovalCommands(program: Command, { config, terminal, done }: Ends): void {
  program
    .command('approvals')
    .description('what waits for a person: calls to approve, questions, plans')
    .argument('[id]', 'of one analysis; otherwise all')
    .option('--json', 'as JSON')
    .action(async (id: string | undefined, _own, command: Command) => {
      const { approvals } = await import('./list.ts');
      done(await approvals(config(), id, { json: command.optsWithGlobals()['json'] === true }, terminal()));
    });
  program
    .command('approve')
    .description('let a call that waits run, or accept a plan')
    .argument('<id>', 'of the analysis')
    .argument('<call>', 'what waits, as `dpa approvals` names it; `plan` for the plan')
    .option('--edit [file]', 'with these arguments instead (JSON or YAML); without a file: in $EDITOR')
    .option('--always [pattern]', 'this tool, or all whose name fits the pattern, for the rest of the analysis')
    .action(async (id: string, call: string, flags: { edit?: string | true; always?: string | true }) => {
      const { approve } = await import('./decide.ts');
      done(await approve(config(), id, call, flags, terminal()));
    });
  program
    .command('deny')
    .description('refuse a call or a plan that waits')
    .argument('<id>', 'of the analysis')
    .argument('<call>', 'what waits, as `dpa approvals` names it; `plan` for the plan')
    .option('--why <words>', 'the reason, which the model sees')
    .action(async (id: string, call: string, { why }: { why?: string }) => {
      const { deny } = await import('./decide.ts');
      done(await deny(config(), id, call, why, terminal()));
    });
  program
    .command('answer')
    .description('answer a question of the model')
    .argument('<id>', 'of the analysis')
    .argument('<question>', 'as `dpa approvals` names it')
    .argument('<words>')
    .action(async (id: string, question: string, words: string) => {
      const { answer } = await import('./decide.ts');
      done(await answer(config(), id, question, words, terminal()));
    });
}
