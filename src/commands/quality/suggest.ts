/** `dpa quality suggest`: a contract proposed from data alone, each rule with what speaks for it. */
import { basename, extname } from 'node:path';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { contractYaml } from '../../contracts/write-contract.ts';
import type { QualitySource } from '../../quality/ask.ts';
import { contractDocument } from '../../quality/suggest/document.ts';
import { suggest as suggestFor, type Suggested } from '../../quality/suggest/suggest.ts';
import type { Suggestion } from '../../quality/suggest/suggestion.ts';
import { endpointsFrom } from '../../llm/endpoints.ts';
import { createModels } from '../../llm/models.ts';
import { openConnections } from '../../tools/connections.ts';
import { openQualitySource } from '../../tools/quality-source.ts';
import { readServerConfig } from '../../tools/server-config-file.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { checkedDataPaths } from '../../contracts/data-paths.ts';
import { explained } from './explained.ts';
import { writeContract } from './write-contract.ts';

export type SuggestOptions = {
  readonly output?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly model?: string;
};

/** Tables of one contract; a lake of thousands is not described in one file. */
const maxTables = 50;
const dayMs = 86_400_000;

const comment = `Proposed by \`dpa quality suggest\` from the data alone: read it, change it, own it.
What speaks for a rule stands beside it as dpa.evidence or description, from 0 to 1 as confidence.`;

export async function suggest(
  config: Config,
  words: readonly string[],
  options: SuggestOptions,
  terminal: Terminal,
): Promise<number> {
  const paths = await checkedDataPaths(words, config.workingFolder);
  const found = await withSource(config, paths, (source) => suggestAll(source, terminal));
  const tables = await inWords(config, options.model ?? config.model, found, terminal);
  const name = basename(words[0] ?? 'data', extname(words[0] ?? ''));
  const yaml = contractYaml(contractDocument(name, tables), comment);
  const all = tables.flatMap(({ study, suggestions }) =>
    suggestions.map((suggestion) => ({ table: study.dataset, ...suggestion })),
  );
  if (options.output !== undefined) await writeContract(config, options.output, options.force === true, yaml);
  if (options.json === true)
    terminal.answer(JSON.stringify({ schema: 'dpa.suggestions/1', file: options.output ?? null, suggestions: all }));
  else terminal.answer(options.output === undefined ? yaml.trimEnd() : [...all.map(lineOf), options.output].join('\n'));
  return 0;
}

/** Only a model that was named is asked: without one, and when it fails, the names are the program's own. */
async function inWords(
  config: Config,
  named: string | undefined,
  tables: readonly Suggested[],
  terminal: Terminal,
): Promise<readonly Suggested[]> {
  if (named === undefined || named === 'builtin') return tables;
  const endpoints = endpointsFrom(config.environment, config.workingFolder, config.settings.models);
  try {
    return await explained(
      tables,
      await createModels(endpoints, 'It is your own environment that counts.').modelFor(named),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.notice(`Expected ${named} to name and explain the rules, found: ${reason} They keep the names they have.`);
    return tables;
  }
}

async function withSource<T>(config: Config, paths: string[], use: (source: QualitySource) => Promise<T>): Promise<T> {
  const servers = await readServerConfig(config.mcpConfigFile, config.environment, config.workingFolder).catch(
    (cause: unknown) => {
      throw new CommandError(cause instanceof Error ? cause.message : String(cause), exitCode.usage, { cause });
    },
  );
  await using connections = openConnections(servers);
  const source = await openQualitySource(connections, paths, 'suggest', new AbortController().signal).catch(
    (cause: unknown) => {
      throw new CommandError(cause instanceof Error ? cause.message : String(cause), exitCode.unreachable, { cause });
    },
  );
  return await use(source);
}

async function suggestAll(source: QualitySource, terminal: Terminal): Promise<Suggested[]> {
  const datasets = await source.datasets();
  if (datasets.length > maxTables)
    throw wrong(`Expected at most ${maxTables} tables, found ${datasets.length}. Name fewer files.`);
  // Only freshness asks what day it is; within a day, the same data gives the same contract.
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const found: Suggested[] = [];
  for (const { name, problem } of datasets) {
    const columns = problem === null ? await source.columns(name) : { problem };
    if ('problem' in columns) throw wrong(`Expected to be able to read ${name}, found: ${columns.problem}`);
    terminal.progress(`${name}: ${columns.length} columns`);
    const suggested = await suggestFor(source.ask, name, columns, today).catch((cause: unknown) => {
      throw wrong(`Expected ${name} to be read, found: ${cause instanceof Error ? cause.message : String(cause)}`);
    });
    found.push(suggested);
  }
  return found;
}

function lineOf({ table, column, proposal, evidence, confidence }: Suggestion & { readonly table: string }): string {
  const place = column === undefined ? table : `${table}.${column}`;
  return `${confidence.toFixed(2)}  ${place}: ${whatOf(proposal)}\n      ${evidence}`;
}

function whatOf(proposal: Suggestion['proposal']): string {
  switch (proposal.kind) {
    case 'attribute':
      return Object.entries(proposal.keys)
        .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ');
    case 'latency':
      return `at most ${proposal.days} days old`;
    case 'rule':
      return proposal.name;
  }
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
