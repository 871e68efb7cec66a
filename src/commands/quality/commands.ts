/** The words after `dpa quality`, with their flags. */
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import type { Terminal } from '../../ui/terminal.ts';

type Surroundings = {
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
}

type Flags = { readonly json?: boolean };
