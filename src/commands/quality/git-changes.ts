/** Which files of the project changed since another branch was left: committed, not committed, and new ones. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandError, exitCode } from '../../command-error.ts';

const run = promisify(execFile);

/** A repository of a million files names them in this many bytes. */
const maxOutputBytes = 256 * 1024 * 1024;

export type GitChanges = {
  /** The commit they are counted from. */
  readonly base: string;
  /** Paths from the root of the repository, with slashes. */
  readonly files: readonly string[];
};

/** `root` is the folder of the repository. Rejects with a `CommandError` when there is none, or no common commit with `ref`. */
export async function gitChanges(root: string, ref: string): Promise<GitChanges> {
  const git = async (...words: string[]): Promise<string> =>
    (await run('git', ['-C', root, ...words], { maxBuffer: maxOutputBytes })).stdout;
  await git('rev-parse', '--is-inside-work-tree').catch((cause: unknown) => {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw wrong(
      isMissing
        ? 'Expected the program git for --changed-since, found none on PATH. Install it, or leave the option out.'
        : `Expected a git repository for --changed-since, found none at ${root}. Run it inside one, or leave the option out.`,
      cause,
    );
  });
  const base = await mergeBase(git, ref);
  const [changed, untracked] = await Promise.all([
    git('diff', '--name-only', '--no-renames', '-z', base, '--'),
    git('ls-files', '--others', '--exclude-standard', '-z'),
  ]);
  const files = `${changed}\0${untracked}`.split('\0').filter((file) => file !== '');
  return { base, files: [...new Set(files)].toSorted() };
}

/** CI systems know the other branches as those of `origin` only. */
async function mergeBase(git: (...words: string[]) => Promise<string>, ref: string): Promise<string> {
  let reason: unknown;
  for (const name of ref.startsWith('-') ? [] : [ref, `origin/${ref}`]) {
    try {
      return (await git('merge-base', name, 'HEAD')).trim();
    } catch (error) {
      reason ??= error;
    }
  }
  throw wrong(
    `Expected --changed-since to name a branch or commit that shares a commit with the present one, found ${JSON.stringify(ref)}. ` +
      'Check the name; in CI fetch the whole history (`fetch-depth: 0` in GitHub, `GIT_DEPTH: 0` in GitLab).',
    reason,
  );
}

function wrong(message: string, cause: unknown): CommandError {
  return new CommandError(message, exitCode.usage, { cause });
}
