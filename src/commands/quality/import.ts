/** `dpa quality import`: another tool's rules as a contract; what has no counterpart is listed and kept in it as words. */
import { basename, resolve } from 'node:path';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { contractIn, MAX_CONTRACT_BYTES, readBounded } from '../../contracts/read-contract.ts';
import { contractYaml } from '../../contracts/write-contract.ts';
import { parseYaml } from '../../contracts/yaml-document.ts';
import { importRules } from '../../quality/import/import.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { writeContract } from './write-contract.ts';

export type ImportOptions = { readonly output?: string; readonly force?: boolean };

export async function importFile(
  config: Config,
  file: string,
  options: ImportOptions,
  terminal: Terminal,
): Promise<number> {
  const document = parseYaml(await textOf(config, file));
  if (document.kind === 'problem') {
    const [{ line, column, message }] = document.problems as [(typeof document.problems)[0]];
    throw wrong(`${file}:${line}:${column}: ${message}`);
  }
  const imported = importRules(document.value, basename(file).replace(/\.(?:ya?ml|json)$/, ''));
  if (imported.kind === 'unknown')
    throw wrong(
      `Expected a dbt schema.yml, a Great Expectations suite or Soda checks in ${file}, found none of their keys.`,
    );
  const { from, carried, left } = imported;
  const counts = `${carried} rules carried over from ${from}, ${left.length} not`;
  const yaml = contractYaml(imported.document, `From ${basename(file)}: ${counts}.`);
  const read = contractIn(yaml, options.output ?? 'the contract');
  if (options.output !== undefined) await writeContract(config, options.output, options.force === true, yaml);
  terminal.answer(options.output ?? yaml.trimEnd());
  for (const { table, column, what, why } of left)
    terminal.notice(`not carried over: ${table}${column === undefined ? '' : `.${column}`}: ${what}: ${why}`);
  terminal.progress(counts);
  if (read.kind === 'contract') return 0;
  for (const { line, column, message } of read.faults) terminal.notice(`${read.file}:${line}:${column}: ${message}`);
  return exitCode.usage;
}

async function textOf(config: Config, file: string): Promise<string> {
  const text = await readBounded(resolve(config.workingFolder, file)).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`Expected to be able to read ${file}, found: ${reason}.`, exitCode.usage, { cause });
  });
  if (text === undefined) throw wrong(`Expected at most ${MAX_CONTRACT_BYTES} bytes in ${file}, found more. Split it.`);
  return text;
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
