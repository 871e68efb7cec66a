/** `dpa quality validate`: whether contracts can be read, and every fault of them with file, line and column. */
import { resolve } from 'node:path';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { readContract, type ReadContract } from '../../contracts/read-contract.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { contractFiles } from '../../contracts/contract-files.ts';

/** Resolves with 0 when all can be read, else with 64. */
export async function validate(
  config: Config,
  words: readonly string[],
  options: { json: boolean },
  terminal: Terminal,
): Promise<number> {
  if (words.length === 0)
    throw new CommandError('Expected a contract or a folder of contracts, found none.', exitCode.usage);
  const files = await contractFiles(words, config.workingFolder);
  const results: ReadContract[] = [];
  // One after the other: reading is quick, and ten thousand open files are not.
  for (const file of files) results.push(await readNamed(config.workingFolder, file));
  const faults = results.flatMap((result) => (result.kind === 'faulty' ? result.faults : []));
  if (options.json) {
    const contracts = results.map((result) => (result.kind === 'contract' ? summaryOf(result) : { file: result.file }));
    terminal.answer(JSON.stringify({ schema: 'dpa.contracts/1', valid: faults.length === 0, contracts, faults }));
  } else {
    terminal.answer(results.map(textOf).join('\n'));
  }
  return faults.length === 0 ? 0 : exitCode.usage;
}

async function readNamed(workingFolder: string, file: string): Promise<ReadContract> {
  const read = await readContract(resolve(workingFolder, file)).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`Expected to be able to read ${file}, found: ${reason}.`, exitCode.usage, { cause });
  });
  if (read.kind === 'contract') return { ...read, file };
  return { ...read, file, faults: read.faults.map((fault) => ({ ...fault, file })) };
}

function summaryOf({ file, contract }: ReadContract & { kind: 'contract' }) {
  const { id, version, apiVersion, tables, checks, unchecked } = contract;
  return { file, id, version, apiVersion, tables: tables.length, checks: checks.length, unchecked };
}

function textOf(result: ReadContract): string {
  if (result.kind === 'faulty')
    return result.faults.map(({ file, line, column, message }) => `✗ ${file}:${line}:${column}: ${message}`).join('\n');
  const { tables, checks, unchecked } = result.contract;
  const left = unchecked
    .map(({ name, reason, source }) => `\n    not checked: ${name} (${source}): ${reason}`)
    .join('');
  return `✓ ${result.file}: ${counted(tables.length, 'table')}, ${counted(checks.length, 'check')}${left}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
