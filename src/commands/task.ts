/** The words of a request: what is accepted as a task, and why not. */
import { CommandError, exitCode } from '../command-error.ts';

/** Longest task; a longer text belongs into a file that is given with --data. */
const maxTaskCharacters = 16_000;

export function checkedTask(words: string): string {
  // Control characters, bidirectional marks and the like have no place in a sentence, and would disturb terminals and reports.
  const task = words
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (task === '') {
    throw new CommandError(
      'Expected a task in words, found none. Try: dpa --task "Profile this data and tell me what is wrong with it" --data FILE',
      exitCode.usage,
    );
  }
  if (task.length > maxTaskCharacters) {
    throw new CommandError(
      `Expected a task of at most ${maxTaskCharacters} characters, found ${task.length}. Say it shorter.`,
      exitCode.usage,
    );
  }
  return task;
}
