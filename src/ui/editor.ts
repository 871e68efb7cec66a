/** Lets a person change a text in their own editor. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type EditProblem = { readonly problem: string };

/**
 * `editor` is what $EDITOR says: a program, and perhaps its flags, which a shell takes apart as git does.
 * Resolves with the text as it was left, or with why there is none.
 */
export async function editText(
  editor: string,
  text: string,
  environment: Readonly<Record<string, string>>,
): Promise<string | EditProblem> {
  const folder = await mkdtemp(join(tmpdir(), 'dpa-edit-'));
  try {
    const file = join(folder, 'edit.yaml');
    await writeFile(file, text, { mode: 0o600 });
    const code = await new Promise<number | Error | null>((resolve) => {
      // The terminal is the editor's; our answer on stdout must stay clean.
      const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, editor, file], {
        stdio: ['inherit', 2, 2],
        env: { ...environment },
      });
      child.once('error', resolve);
      child.once('close', resolve);
    });
    if (code !== 0)
      return {
        problem: `Expected $EDITOR (${editor}) to leave a text, found ${code instanceof Error ? code.message : `that it ended with code ${code}`}.`,
      };
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
