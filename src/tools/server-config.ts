/** Reads `mcp_servers_config.json`: its text in, checked and fully resolved servers out. */
import path from 'node:path';
import { ConfigProblem } from './config-problem.ts';
import { expandVariables } from './expand-variables.ts';
import { parseJson } from './json-text.ts';
import type { ParsedJson } from './json-text.ts';
import { serverFileSchema } from './server-config-schema.ts';
import type { ServerEntry } from './server-config-schema.ts';
import { checkServers } from './server-config-rules.ts';
import { wordsOfIssues } from './schema-issues.ts';

export { ConfigProblem } from './config-problem.ts';

export type ToolEffect = 'read' | 'write' | 'admin';

export type DataType = 'tabular' | 'stream' | 'document' | 'metadata';

/** Everything is resolved: paths are absolute, variables are expanded. */
export type ServerConfig = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What the server gets on top of the safe default list (PATH, HOME, …). */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the configuration file unless it says otherwise; relative arguments count from it. */
  readonly cwd: string;
  readonly dataType?: DataType;
  /** 0 public · 1 internal · 2 confidential · 3 restricted */
  readonly securityLevel?: number;
  /** By tool name, the user's word over the server's own. */
  readonly effects: Readonly<Record<string, ToolEffect | 'deny'>>;
  /** Files, folders or globs. With any, the server is one to which `--data` applies. */
  readonly readPaths: readonly string[];
  readonly writePaths: readonly string[];
  /** Servers that this one stands in for. */
  readonly fallbackFor?: readonly string[];
  /** `host:port` of what the server may reach. */
  readonly egress?: readonly string[];
  /** One tool call, milliseconds. */
  readonly timeoutMs: number;
};

const DEFAULT_TIMEOUT_MS = 60_000;

/** `readPaths` count from `cwd`, where the user stands; all else from the folder of `file`. Throws `ConfigProblem`. */
export function parseServerConfig(
  text: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): ServerConfig[] {
  const parsed = parseJson(text);
  if (parsed.kind === 'problem') throw new ConfigProblem(file, `:${parsed.line}:${parsed.column}: ${parsed.problem}`);
  const problemAt = (at: readonly PropertyKey[], problem: string): ConfigProblem =>
    new ConfigProblem(file, `${lineOf(parsed, at)}${at.length === 0 ? '' : `${keyText(at)}: `}${problem}`);

  const expanded = expandVariables(parsed.value, env);
  if (expanded.kind === 'problem') throw problemAt(expanded.at, expanded.problem);
  const shape = serverFileSchema.safeParse(expanded.value);
  if (!shape.success) {
    const words = wordsOfIssues(shape.error.issues).map(({ at, problem }) => problemAt(at, problem).message);
    throw new ConfigProblem(file, words.map((word) => word.slice(file.length)).join('\n'));
  }
  const key = shape.data.mcpServers === undefined ? 'servers' : 'mcpServers';
  const entries = shape.data.mcpServers ?? shape.data.servers ?? {};
  const broken = checkServers(shape.data, parsed.value);
  if (broken !== undefined)
    throw problemAt(broken.at[0] === 'server' ? [key, ...broken.at.slice(1)] : broken.at, broken.problem);
  const folder = path.dirname(path.resolve(cwd, file));
  return Object.entries(entries).map(([name, entry]) => resolveServer(name, entry, folder, cwd, env['HOME']));
}

function resolveServer(
  name: string,
  entry: ServerEntry,
  folder: string,
  cwd: string,
  home: string | undefined,
): ServerConfig {
  const { dpa = {} } = entry;
  const at = (base: string, given: string): string =>
    path.resolve(base, home !== undefined && /^~(?=\/|$)/.test(given) ? given.replace('~', home) : given);
  return Object.freeze({
    name,
    command: commandOf(entry.command, folder, at),
    args: entry.args ?? [],
    env: entry.env ?? {},
    cwd: at(folder, entry.cwd ?? '.'),
    ...(dpa.dataType === undefined ? {} : { dataType: dpa.dataType }),
    ...(dpa.securityLevel === undefined ? {} : { securityLevel: dpa.securityLevel }),
    effects: dpa.effects ?? {},
    readPaths: (dpa.readPaths ?? []).map((given) => at(cwd, given)),
    writePaths: (dpa.writePaths ?? []).map((given) => at(cwd, given)),
    ...(dpa.fallbackFor === undefined ? {} : { fallbackFor: [dpa.fallbackFor].flat() }),
    ...(dpa.egress === undefined ? {} : { egress: dpa.egress }),
    timeoutMs: dpa.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  });
}

/** `node` is the Node that runs this program: our own servers need its version, whatever the PATH has. */
function commandOf(command: string, folder: string, at: (base: string, given: string) => string): string {
  if (command === 'node') return process.execPath;
  return command.includes('/') ? at(folder, command) : command;
}

function lineOf(parsed: Extract<ParsedJson, { kind: 'value' }>, at: readonly PropertyKey[]): string {
  const line = parsed.lineOf(at);
  return line === undefined ? ': ' : `:${line}: `;
}

function keyText(at: readonly PropertyKey[]): string {
  return at
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
