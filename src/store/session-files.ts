/** The session file of an analysis: a small, checked export that is refreshed at every turn and can always be rebuilt from the store. */
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toolCallsOf } from '../analysis/conversation.ts';
import { Failure } from '../analysis/failures.ts';
import type { Plan } from '../analysis/plan.ts';
import { storeFailure } from './store-file.ts';
import { refOf } from './folder.ts';
import type { Ref } from './content-store.ts';
import type { StoredMessage, Transcript } from './transcript.ts';

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
    /** What the model is given of a long conversation, by reference; absent: all of it. */
    readonly view?: Ref;
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
  readonly view?: Ref;
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
      const last = session.processing_history.at(-1);
      await writeSession(pathOf(id), withStep(session, step, await transcript.latest(step.head, 2 * maxEntries, last)));
    },
    read: (id) => readSession(pathOf(id)),
    async rebuild(id, head, sources) {
      const blank = emptySession(id);
      const { task, turn } = await countedFrom(head);
      const session = { ...blank, metadata: { ...blank.metadata, task, sources } };
      const rebuilt = withStep(session, { head, turn }, await transcript.latest(head, 2 * maxEntries));
      await writeSession(pathOf(id), rebuilt);
      return rebuilt;
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => name.endsWith('.json')).map((name) => decodeURIComponent(name.slice(0, -5)));
    },
  };
  return files;

  async function countedFrom(head: Ref | null): Promise<{ task: string; turn: number }> {
    let task: string | undefined;
    let turn = 0;
    for await (const message of transcript.walk(head)) {
      if (message.role === 'assistant') turn += 1;
      else if (message.role === 'user') task ??= message.parts[0]?.text;
    }
    return { task: task ?? '', turn };
  }
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

/** `messages`: those that are new since the last step. */
function withStep(session: Session, step: SessionStep, messages: readonly StoredMessage[]): Session {
  const results = messages
    .flatMap((message) => (message.role === 'tool' ? message.parts : []))
    .flatMap(({ callId, ok, ref }) => (ref === undefined ? [] : [{ call: callId, ok, ref }]));
  const calls = messages
    .flatMap((message) => (message.role === 'assistant' ? toolCallsOf(message) : []))
    .map(({ id, name }) => ({ call: id, tool: name }));
  const { plan, exitCode, report, view } = step;
  return {
    ...session,
    processing_history: [
      ...session.processing_history.filter((head) => head !== step.head),
      ...(step.head === null ? [] : [step.head]),
    ].slice(-maxEntries),
    intermediate_results: added(session.intermediate_results, results),
    agent_state: {
      ...session.agent_state,
      turn: step.turn,
      ...(plan === undefined ? {} : { plan }),
      ...(exitCode === undefined ? {} : { exitCode, status: 'completed' as const }),
      ...(report === undefined ? {} : { report }),
      ...(view === undefined ? {} : { view }),
    },
    data_lineage: added(session.data_lineage, calls),
    timestamp: new Date().toISOString(),
  };
}

/** The latest of them; a turn that is done again has the ids it had. */
function added<T extends { readonly call: string }>(before: readonly T[], fresh: readonly T[]): readonly T[] {
  const ids = new Set(fresh.map(({ call }) => call));
  return [...before.filter(({ call }) => !ids.has(call)), ...fresh].slice(-maxEntries);
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
