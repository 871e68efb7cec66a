/** Spawns a tied child that says its pid, and stays; its argument is the PATH in which the tie looks for its means. */
import { spawn } from 'node:child_process';
import { dieWithParent } from '../../../src/processes/die-with-parent.ts';

const tied = dieWithParent('/bin/sh', ['-c', 'echo $$; exec sleep 600'], {
  searchPath: process.argv[2] ?? '',
  stdinIsFree: true,
});
process.stdout.write(`${tied.kind}\n`);
spawn(tied.command, tied.args, { stdio: [tied.stdin ?? 'ignore', 'inherit', 'ignore'] });
process.stdin.resume();
