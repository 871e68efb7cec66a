/** Finds the program a server's entry names, or says in words why it cannot be run. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

export type FoundCommand =
  { readonly kind: 'found'; readonly path: string } | { readonly kind: 'problem'; readonly problem: string };

/** `searchPath` is the PATH the child will have. */
export async function findCommand(command: string, cwd: string, searchPath: string): Promise<FoundCommand> {
  const folder = await stat(cwd).catch(() => undefined);
  if (folder?.isDirectory() !== true) return { kind: 'problem', problem: `its working folder ${cwd} is no folder` };
  if (command.includes('/')) {
    const file = path.resolve(cwd, command);
    const state = await stateOf(file);
    if (state === 'runnable') return { kind: 'found', path: file };
    return {
      kind: 'problem',
      problem: `its command ${file} ${state === 'missing' ? 'does not exist' : 'is not executable'}${lineHint(command)}`,
    };
  }
  let notExecutable: string | undefined;
  for (const entry of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(entry, command);
    const state = await stateOf(file);
    if (state === 'runnable') return { kind: 'found', path: file };
    if (state === 'notExecutable') notExecutable ??= file;
  }
  const found =
    notExecutable === undefined ? `no program "${command}" on the PATH` : `${notExecutable}, which is not executable`;
  return { kind: 'problem', problem: `its command was looked for and found ${found}${lineHint(command)}` };
}

async function stateOf(file: string): Promise<'missing' | 'notExecutable' | 'runnable'> {
  const info = await stat(file).catch(() => undefined);
  if (info === undefined) return 'missing';
  if (!info.isFile()) return 'notExecutable';
  return access(file, constants.X_OK).then(
    () => 'runnable' as const,
    () => 'notExecutable' as const,
  );
}

/** A whole command line in "command" is the commonest mistake: no shell reads it. */
function lineHint(command: string): string {
  return /[\s|;&<>$`'"]/.test(command)
    ? '; "command" is one program and no shell reads it, its words go into "args"'
    : '';
}
