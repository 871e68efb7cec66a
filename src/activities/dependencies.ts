/** What the activities need from the outside, as interfaces; worker.ts passes the real ones. */
import type { ModelProfile } from '../llm/profile.ts';
import type { TellPeople } from './tell-people.ts';
import type { AccessRule } from '../policy/tool-access.ts';
import type { ModelProvider } from '../llm/provider.ts';
import type { ContentStore, Ref } from '../store/content-store.ts';
import type { Journal } from '../store/journal.ts';
import type { SessionFiles } from '../store/session-files.ts';
import type { SourceFailures } from '../store/source-failures.ts';
import type { Transcript } from '../store/transcript.ts';
import type { Connections, ToolCatalog } from '../tools/connections.ts';
import type { DeliverReport } from '../reports/deliver.ts';
import type { Live } from './live.ts';

export type ActivityDependencies = {
  readonly store: ContentStore;
  readonly journal: Journal;
  readonly transcript: Transcript;
  readonly sessions: SessionFiles;
  readonly connections: Connections;
  /** Throws `Model.Unknown` for a model that is not configured. */
  readonly modelFor: (model: string) => ModelProvider | Promise<ModelProvider>;
  /** The models to ask, in order, when this one (or `auto`) was named. Rejects with `Model.Unknown`. */
  readonly candidatesFor: (model: string) => Promise<readonly string[]>;
  /** What is known about a model, and what its server says of it; undefined for a name that cannot be one. */
  readonly profileFor: (model: string) => ModelProfile | undefined | Promise<ModelProfile | undefined>;
  readonly deliverReport: DeliverReport;
  /** The user's rules, before those that are always in force; asked anew for each analysis. */
  readonly accessRules?: () => readonly AccessRule[];
  /** What the tools of a source failed with in earlier analyses; absent: nothing is remembered. */
  readonly sourceFailures?: SourceFailures;
  /** Tells people outside what waits for them; absent: nobody is told. */
  readonly tellPeople?: TellPeople;
  /** Absent: nobody is shown an answer before it is whole. */
  readonly live?: Live;
};

/** The catalogue of an analysis as it is stored: frozen at its start, with the data it is about. */
/** `access` is absent in catalogues of earlier versions. */
export type StoredCatalog = Omit<ToolCatalog, 'tools'> & {
  readonly tools: readonly (ToolCatalog['tools'][number] & Partial<Pick<AccessRule, 'access' | 'why'>>)[];
  readonly data: readonly string[];
  /** What is known of its sources from earlier analyses, a line each; absent: nothing. */
  readonly lessons?: readonly string[];
};

export async function readCatalog(store: ContentStore, ref: Ref): Promise<StoredCatalog> {
  return JSON.parse(await store.get(ref)) as StoredCatalog;
}
