/** The session file of an analysis: a small, checked export that is refreshed at every turn and can always be rebuilt from the store. */
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toolCallsOf, type Message } from '../analysis/conversation.ts';
import { Failure } from '../analysis/failures.ts';
import type { Plan } from '../analysis/plan.ts';
import { storeFailure } from './store-file.ts';
import { refOf } from './folder.ts';
import type { Ref } from './content-store.ts';
import type { Transcript } from './transcript.ts';

export type Session = {
  readonly id: string;
  /** Chain heads, oldest first; the last one is the whole conversation. */
  readonly processing_history: readonly Ref[];
  readonly metadata: { readonly task: string; readonly sources: readonly string[]; readonly tools: readonly string[] };
  readonly intermediate_results: readonly { readonly call: string; readonly ok: boolean; readonly ref: Ref }[];
  readonly agent_state: {
    readonly status: 'running' | 'completed';
    readonly turn: number;
    readonly plan: Plan | null;
    readonly exitCode?: number;
    readonly report?: { readonly markdown: string; readonly html: string; readonly json: string };
  };
  /** Which call of which tool gave which result. */
  readonly data_lineage: readonly { readonly call: string; readonly tool: string }[];
  readonly timestamp: string;
};

export type SessionStep = {
  /** Null: it ended before the first turn. */
  readonly head: Ref | null;
  readonly turn: number;
  readonly plan?: Plan;
  readonly exitCode?: number;
  readonly report?: Session['agent_state']['report'];
};

export type SessionFiles = {
  begin(id: string, start: { task: string; data: readonly string[]; tools: readonly string[] }): Promise<void>;
  record(id: string, step: SessionStep): Promise<void>;
  /** Rejects with `Store.Missing` or `Store.Corrupt`; a damaged file is never trusted. */
  read(id: string): Promise<Session>;
  /** Makes the file anew from the conversation at a head. */
  rebuild(id: string, head: Ref | null, sources: readonly string[]): Promise<Session>;
  list(): Promise<string[]>;
};

/** Heads, results and lineage entries the file names; all older ones are reached through the chain. */
const maxEntries = 100;

export function createSessionFiles(folder: string, transcript: Transcript): SessionFiles {
  const pathOf = (id: string) => join(folder, `${encodeURIComponent(id)}.json`);
  const files: SessionFiles = {
    async begin(id, { task, data, tools }) {
      if (await readSession(pathOf(id)).catch(() => undefined)) return;
      await writeSession(pathOf(id), { ...emptySession(id), metadata: { task, sources: data, tools } });
    },
    async record(id, step) {
      const session = await readSession(pathOf(id)).catch(() => files.rebuild(id, step.head, []));
      await writeSession(pathOf(id), withStep(session, step, await transcript.load(step.head)));
    },
    read: (id) => readSession(pathOf(id)),
    async rebuild(id, head, sources) {
      const messages = await transcript.load(head);
      const first = messages.find((message) => message.role === 'user');
      const blank = emptySession(id);
      const session = { ...blank, metadata: { ...blank.metadata, task: first?.parts[0]?.text ?? '', sources } };
      const turn = messages.filter((message) => message.role === 'assistant').length;
      const rebuilt = withStep(session, { head, turn }, messages);
      await writeSession(pathOf(id), rebuilt);
      return rebuilt;
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => name.endsWith('.json')).map((name) => decodeURIComponent(name.slice(0, -5)));
    },
  };
  return files;
}

function emptySession(id: string): Session {
  return {
    id,
    processing_history: [],
    metadata: { task: '', sources: [], tools: [] },
    intermediate_results: [],
    agent_state: { status: 'running', turn: 0, plan: null },
    data_lineage: [],
    timestamp: new Date().toISOString(),
  };
}

function withStep(session: Session, step: SessionStep, messages: readonly Message[]): Session {
  const recent = messages.slice(-2 * maxEntries);
  const results = recent.flatMap((message) => (message.role === 'tool' ? message.parts : []));
  const { plan, exitCode, report } = step;
  return {
    ...session,
    processing_history: [
      ...session.processing_history.filter((head) => head !== step.head),
      ...(step.head === null ? [] : [step.head]),
    ].slice(-maxEntries),
    intermediate_results: results
      .flatMap((result) => (result.ref === undefined ? [] : [{ call: result.callId, ok: result.ok, ref: result.ref }]))
      .slice(-maxEntries),
    agent_state: {
      ...session.agent_state,
      turn: step.turn,
      ...(plan === undefined ? {} : { plan }),
      ...(exitCode === undefined ? {} : { exitCode, status: 'completed' as const }),
      ...(report === undefined ? {} : { report }),
    },
    data_lineage: recent
      .flatMap(toolCallsOf)
      .map((call) => ({ call: call.id, tool: call.name }))
      .slice(-maxEntries),
    timestamp: new Date().toISOString(),
  };
}

async function writeSession(path: string, session: Session): Promise<void> {
  const text = `${JSON.stringify({ ...session, checksum: checksumOf(session) }, null, 1)}\n`;
  const temporary = `${path}.${process.pid}.tmp`;
  // Not synced to disk on purpose: the file can be rebuilt, and a turn should not wait for it.
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    throw storeFailure(path, error);
  }
}

async function readSession(path: string): Promise<Session> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('Store.Missing', `Expected a session file at ${path}, found none.`, { cause });
  });
  const parsed = parsedObject(text);
  if (parsed !== undefined) {
    const { checksum, ...session } = parsed;
    if (checksum === checksumOf(session)) return session as Session;
  }
  throw new Failure(
    'Store.Corrupt',
    `The session file ${path} is damaged (its checksum does not fit); it is rebuilt from the store.`,
    {
      subject: path,
    },
  );
}

function checksumOf(session: object): string {
  return refOf(JSON.stringify(session));
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
