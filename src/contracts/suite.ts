/** The suite that words of the command line name: contracts as files, folders and patterns, or a suite file that groups them. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { CommandError, exitCode } from '../command-error.ts';
import { readBounded, readContract, type ReadContract } from './read-contract.ts';
import { parseYaml } from './yaml-document.ts';
import { nearest } from '../analysis/nearest.ts';
import type { Written } from '../quality/contract.ts';
import type { Suite } from '../quality/run.ts';
import { contractFiles } from './contract-files.ts';

export type NamedSuite = {
  readonly suite: Suite;
  /** Data the suite file names, as written there, seen from its folder. */
  readonly data: readonly string[];
  /** Absolute; absent where the words named contracts. */
  readonly file?: string;
};

/** Rejects with a `CommandError` that lists every fault of every contract. */
export async function readSuite(
  workingFolder: string,
  words: readonly string[],
  name: string | undefined,
): Promise<NamedSuite> {
  if (words.length === 0) throw wrong('Expected a suite, a contract or a folder of contracts, found none.');
  const group = words.length === 1 ? await suiteFile(workingFolder, words[0]!) : undefined;
  const folder = group === undefined ? workingFolder : dirname(group.file);
  const root = projectRoot(workingFolder);
  const files = await contractFiles(group?.contracts ?? words, folder);
  const contracts: Suite['contracts'][number][] = [];
  const faults: string[] = [];
  for (const file of files) {
    const read = await readContract(resolve(folder, file)).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new CommandError(`Expected to be able to read ${file}, found: ${reason}.`, exitCode.usage, { cause });
    });
    if (read.kind === 'contract') contracts.push({ ...read.contract, written: writtenIn(read, root) });
    else faults.push(...read.faults.map(({ line, column, message }) => `✗ ${file}:${line}:${column}: ${message}`));
  }
  if (faults.length > 0) throw wrong(faults.join('\n'));
  const twice = contracts.find(({ id }, index) => contracts.findIndex((other) => other.id === id) < index);
  if (twice !== undefined)
    throw wrong(`Expected each contract to have an id of its own, found "${twice.id}" twice. Name one of them only.`);
  const given =
    name ?? group?.name ?? (contracts.length === 1 ? contracts[0]!.id : basename(resolve(folder, words[0]!)));
  return {
    suite: { name: checkedName(given), contracts },
    data: (group?.data ?? []).map((path) => fromFolder(folder, path)),
    ...(group === undefined ? {} : { file: group.file }),
  };
}

function writtenIn({ file, contract, lineOf }: ReadContract & { kind: 'contract' }, root: string): Written {
  const inside = relative(root, file);
  return {
    file: inside.startsWith('..') ? file : inside.replaceAll(sep, '/'),
    lines: Object.fromEntries(contract.checks.map(({ id, source }) => [id, lineOf(source)])),
  };
}

/** Where the version control of the project begins, for that is what CI systems see paths from; else the folder itself. */
export function projectRoot(folder: string): string {
  for (let above = folder; above !== dirname(above); above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above;
  }
  return folder;
}

type SuiteFile = {
  readonly file: string;
  readonly name: string;
  readonly contracts: readonly string[];
  readonly data: readonly string[];
};

/** A bare word is looked for in suites/. */
async function suiteFile(workingFolder: string, word: string): Promise<SuiteFile | undefined> {
  const candidates = [word, `suites/${word}.yaml`, `suites/${word}.yml`].map((path) => resolve(workingFolder, path));
  for (const file of candidates) {
    const entry = await stat(file).catch(() => undefined);
    if (entry?.isFile() !== true || !/\.ya?ml$/i.test(file)) continue;
    const document = parseYaml((await readBounded(file)) ?? '');
    if (document.kind === 'problem' || !isRecord(document.value) || !('contracts' in document.value)) return undefined;
    return checkedSuite(file, document.value);
  }
  return undefined;
}

const suiteKeys = ['name', 'contracts', 'data'];

function checkedSuite(file: string, value: Record<string, unknown>): SuiteFile {
  const unknown = Object.keys(value).find((key) => !suiteKeys.includes(key));
  if (unknown !== undefined) {
    const [near] = nearest(unknown, suiteKeys);
    throw wrong(
      `${file}: unknown key "${unknown}"${near === undefined ? '' : `; did you mean "${near}"?`}. Known: ${suiteKeys.join(', ')}.`,
    );
  }
  const name = value['name'] ?? basename(file).replace(/\.ya?ml$/i, '');
  if (typeof name !== 'string') throw wrong(`${file}: expected "name" to be a text, found ${JSON.stringify(name)}.`);
  return { file, name, contracts: texts('contracts'), data: value['data'] === undefined ? [] : texts('data') };

  function texts(key: string): readonly string[] {
    const list = value[key];
    if (Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string')) return list;
    throw wrong(`${file}: expected "${key}" to be a list of paths, found ${JSON.stringify(list)?.slice(0, 100)}.`);
  }
}

/** `name=path` keeps its name. */
function fromFolder(folder: string, path: string): string {
  const [, name = '', rest = path] = /^([\p{L}_][\p{L}\p{N}_.-]*=)(.+)$/u.exec(path) ?? [];
  return `${name}${resolve(folder, rest)}`;
}

/** It stands in workflow ids and in the names of folders. */
function checkedName(name: string): string {
  const clean = name
    .trim()
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 100);
  if (/^[\p{L}\p{N}]/u.test(clean)) return clean;
  throw wrong(
    `Expected the name of a suite to begin with a letter or digit, found ${JSON.stringify(name)}. Name it with --suite.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
