/** Reads `mcp_servers_config.json`: its text in, checked and fully resolved servers out. */
import path from 'node:path';
import { ConfigProblem } from './config-problem.ts';
import { expandVariables } from './expand-variables.ts';
import { parseJson } from './json-text.ts';
import type { ParsedJson } from './json-text.ts';
import { serverFileSchema } from './server-config-schema.ts';
import type { ServerEntry } from './server-config-schema.ts';
import { findBrokenRule, findRemoteServer } from './server-config-rules.ts';
import { wordsOfIssues } from './schema-issues.ts';

export { ConfigProblem } from './config-problem.ts';

export type ToolEffect = 'read' | 'write' | 'admin';

type DataType = 'tabular' | 'stream' | 'document' | 'metadata';

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
  /** Set where a time limit is written down: a server that is known to be slow also gets longer to start. */
  readonly startMs?: number;
};

const DEFAULT_TIMEOUT_MS = 60_000;
/** Longest start a configured time limit can give. */
const MAX_START_MS = 30_000;
export const MAX_FILE_BYTES = 1_000_000;

/** `readPaths` count from `cwd`, where the user stands; all else from the folder of `file`. Throws `ConfigProblem`. */
export function parseServerConfig(
  text: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): ServerConfig[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_FILE_BYTES) throw new ConfigProblem(file, `expected at most ${MAX_FILE_BYTES} bytes, found ${bytes}`);
  const parsed = parseJson(text);
  if (parsed.kind === 'problem') throw new ConfigProblem(file, `:${parsed.line}:${parsed.column}: ${parsed.problem}`);
  const { key, entries } = readEntries(parsed, file, env);
  const broken = findBrokenRule(entries, key, parsed.value);
  if (broken !== undefined) throw new ConfigProblem(file, placeOf(parsed, broken.at) + broken.problem);
  const folder = path.dirname(path.resolve(cwd, file));
  return Object.entries(entries).map(([name, entry]) => resolveServer(name, entry, folder, cwd, env['HOME']));
}

type Parsed = Extract<ParsedJson, { kind: 'value' }>;

function readEntries(
  parsed: Parsed,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): { readonly key: 'mcpServers' | 'servers'; readonly entries: Readonly<Record<string, ServerEntry>> } {
  const key =
    isRecord(parsed.value) && 'servers' in parsed.value && !('mcpServers' in parsed.value) ? 'servers' : 'mcpServers';
  const expanded = expandVariables(parsed.value, env);
  if (expanded.kind === 'problem') throw new ConfigProblem(file, placeOf(parsed, expanded.at) + expanded.problem);
  const remote = findRemoteServer(parsed.value, key);
  if (remote !== undefined) throw new ConfigProblem(file, placeOf(parsed, remote.at) + remote.problem);
  const shape = serverFileSchema.safeParse(expanded.value, { reportInput: true });
  if (!shape.success) {
    const lines = wordsOfIssues(shape.error.issues).map(({ at, problem }) => placeOf(parsed, at) + problem);
    throw new ConfigProblem(file, lines.join(`\n${file}`));
  }
  if (shape.data.servers !== undefined && shape.data.mcpServers !== undefined) {
    throw new ConfigProblem(
      file,
      `${placeOf(parsed, ['servers'])}expected the servers under one key, found "mcpServers" and "servers"`,
    );
  }
  const entries = shape.data[key];
  if (entries === undefined)
    throw new ConfigProblem(file, 'expected the key "mcpServers" with the tool servers, found no such key');
  return { key, entries };
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
    ...(dpa.timeoutMs === undefined ? {} : { startMs: Math.min(dpa.timeoutMs, MAX_START_MS) }),
  });
}

/** `node` is the Node that runs this program: our own servers need its version, whatever the PATH has. */
function commandOf(command: string, folder: string, at: (base: string, given: string) => string): string {
  if (command === 'node') return process.execPath;
  return command.includes('/') ? at(folder, command) : command;
}

/** `:12: mcpServers.data_lake.args[1]: `; a missing key has the line of what it is missing from. */
function placeOf(parsed: Parsed, at: readonly PropertyKey[]): string {
  const line = parsed.lineOf(at) ?? parsed.lineOf(at.slice(0, -1));
  const key = at.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `${line === undefined ? '' : `:${line}`}: ${key === '' ? '' : `${key.slice(1)}: `}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
