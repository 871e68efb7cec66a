/** The words of `dpa quality` about what is broken: accept, ack, mute, unmute. */
import type { Command } from 'commander';
import type { Surroundings } from './commands.ts';

type Said = { readonly by?: string; readonly reason?: string };

export function addIncidentCommands(quality: Command, { config, terminal, done }: Surroundings): void {
  quality
    .command('accept')
    .description('say that what is broken is how things are from now on; baselines follow, the incident ends')
    .argument('<suite>')
    .argument('[check...]', 'ids or names; none means all that are broken')
    .requiredOption('--reason <words>', 'why, for those who ask later')
    .option('--by <name>', 'who says so')
    .action(async (suite: string, checks: string[], flags: { reason: string; by?: string }) => {
      const { acceptBroken } = await import('./accept.ts');
      done(await acceptBroken(config(), suite, { checks, ...flags }, terminal()));
    });
  quality
    .command('ack')
    .description('say that somebody knows of an incident; reports show it')
    .argument('<suite>')
    .argument('[check...]', 'ids or names; none means all that are broken')
    .option('--reason <words>', 'what is known, or done about it')
    .option('--by <name>', 'who says so')
    .action(async (suite: string, checks: string[], flags: Said) => {
      const { acknowledge } = await import('./silence.ts');
      done(await acknowledge(config(), suite, checks, flags, terminal()));
    });
  quality
    .command('mute')
    .description('tell nothing of a check until then; what is broken still then is told then')
    .argument('<suite>')
    .argument('<check...>', 'ids or names')
    .requiredOption('--until <when>', 'a day such as 2026-12-01, or 12h, 3d, 2w from now')
    .option('--reason <words>', 'why')
    .option('--by <name>', 'who says so')
    .action(async (suite: string, checks: string[], flags: Said & { until: string }) => {
      const { mute } = await import('./silence.ts');
      done(await mute(config(), suite, checks, flags, terminal()));
    });
  quality
    .command('unmute')
    .description('tell of a check again')
    .argument('<suite>')
    .argument('<check...>', 'ids or names')
    .action(async (suite: string, checks: string[]) => {
      const { unmute } = await import('./silence.ts');
      done(await unmute(config(), suite, checks, terminal()));
    });
}
