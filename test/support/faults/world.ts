/** The place of one fault run: a folder with its own home, store, tool server and ledger. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolCallsOf, type Message } from '../../../src/analysis/conversation.ts';
import { loadConfig, type Config } from '../../../src/config.ts';
import { refOf } from '../../../src/store/folder.ts';
import { countEffects, readLedger, type LedgerEntry } from './ledger.ts';
import { turnOfCalls } from './model.ts';

export type FaultWorld = {
  readonly folder: string;
  readonly config: Config;
  /** The same place, seen by a program that talks to a service of its own. */
  configFor(address: string): Config;
  ledger(): LedgerEntry[];
  effects(): number;
  journalEntries(): number;
  /** Turns whose reply is in the journal and readable: these must never be asked again. */
  journaledTurns(): Set<number>;
  /** The replies that are in the journal and readable. */
  journaledReplies(): Message[];
  /** The file under the store that was written last, with its size; undefined while there is none. */
  newestStoreFile(): { readonly path: string; readonly bytes: number } | undefined;
  /** Whether a file of the store has the content it promises. */
  isWhole(path: string): boolean;
  remove(): void;
};

const toolServer = fileURLToPath(new URL('tool-server.ts', import.meta.url));

/** `more`: variables of the worker beside those that every run has. */
export function createFaultWorld(more: Readonly<Record<string, string>> = {}): FaultWorld {
  const folder = mkdtempSync(join(tmpdir(), 'dpa-fault-'));
  const ledger = join(folder, 'ledger.ndjson');
  const environment = { ...plainEnvironment(), ...more, DPA_HOME: join(folder, 'home'), FAULT_LEDGER: ledger };
  // A busy machine starts a process slowly: the time limit gives it longer.
  const dpa = { timeoutMs: 60_000 };
  const server = { command: process.execPath, args: [toolServer], env: { FAULT_LEDGER: ledger }, dpa };
  writeFileSync(join(folder, 'mcp_servers_config.json'), JSON.stringify({ mcpServers: { ledger: server } }));
  const config = loadConfig({ ...environment, DPA_MODEL: 'builtin' }, folder);
  return {
    folder,
    config,
    configFor: (address) => loadConfig({ ...environment, DPA_MODEL: 'builtin', TEMPORAL_ADDRESS: address }, folder),
    ledger: () => readLedger(ledger),
    effects: () => countEffects(ledger),
    journalEntries: () => filesUnder(join(config.storeFolder, 'journal')).length,
    journaledTurns: () => new Set(journaledReplies(config.storeFolder).map((reply) => turnOfCalls(toolCallsOf(reply)))),
    journaledReplies: () => journaledReplies(config.storeFolder),
    newestStoreFile: () => newestFile(config.storeFolder),
    isWhole,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The settings of whoever runs the tests must not reach the run, except where the Temporal program is. */
function plainEnvironment(): Record<string, string> {
  const entries = Object.entries(loadConfig().environment);
  return Object.fromEntries(
    entries.filter(([name]) => !/^(TEMPORAL_|OPENAI_|ANTHROPIC_|DPA_(?!TEMPORAL_CLI$))/.test(name)),
  );
}

function journaledReplies(store: string): Message[] {
  return filesUnder(join(store, 'journal')).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    const entry = isWhole(path) ? (JSON.parse(text.slice(65)) as Entry) : {};
    return entry.reply === undefined ? [] : (messageAt(store, entry.reply) ?? []);
  });
}

type Entry = { readonly reply?: string };

function messageAt(store: string, ref: string): Message | undefined {
  const path = join(store, ref.slice(0, 2), ref);
  return isWhole(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { message: Message }).message : undefined;
}

/** Entries of the journal begin with their checksum; blobs are named by it. */
function isWhole(path: string): boolean {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (path.split(sep).includes('journal')) return refOf(text.slice(65)) === text.slice(0, 64);
  return refOf(text) === basename(path);
}

function newestFile(store: string): { path: string; bytes: number } | undefined {
  const files = filesUnder(store).map((path) => ({ path, stat: statSync(path) }));
  const newest = files.sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs)[0];
  return newest && { path: newest.path, bytes: newest.stat.size };
}

/** Whole files only: a temporary one was never promised to anybody. */
function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp') && !entry.name.startsWith('probe-'))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
