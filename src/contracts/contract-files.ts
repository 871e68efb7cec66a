/** The contract files that words of the command line name: files, folders and patterns. */
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { CommandError, exitCode } from '../command-error.ts';

/** In a folder, contracts are known by their name. */
const named = '**/*.odcs.{yaml,yml}';
/** How deep a folder is looked through. */
const maxDepth = 8;
const maxFiles = 10_000;

/** Paths as a person reads them from the working folder, each once, sorted within a folder. Rejects with a `CommandError` when a word names nothing. */
export async function contractFiles(words: readonly string[], workingFolder: string): Promise<string[]> {
  const found: string[] = [];
  for (const word of words) found.push(...(await filesOf(word, workingFolder)));
  if (found.length > maxFiles)
    throw wrong(`Expected at most ${maxFiles} contracts, found ${found.length}. Name a smaller folder.`);
  return [...new Set(found.map((path) => shortest(path, workingFolder)))];
}

async function filesOf(word: string, workingFolder: string): Promise<string[]> {
  const path = isAbsolute(word) ? word : resolve(workingFolder, word);
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isFile() === true) return [path];
  if (entry?.isDirectory() === true) {
    const inside = await glob(named, { cwd: path, absolute: true, deep: maxDepth });
    if (inside.length > 0) return inside.toSorted();
    throw wrong(`Expected contracts (*.odcs.yaml) in the folder ${word}, found none. \`dpa quality init\` writes one.`);
  }
  const matching = isDynamicPattern(word) ? await glob(path, { absolute: true }) : [];
  if (matching.length > 0) return matching.toSorted();
  throw wrong(`Expected a contract at ${word}, found nothing there. Check the path.`);
}

function shortest(path: string, workingFolder: string): string {
  const seen = relative(workingFolder, path);
  return seen.startsWith('..') ? path : seen;
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
