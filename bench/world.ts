/** The real activities over the real store on disk, with a scripted model and an in-process tool that take no time. */
import { join } from 'node:path';
import type { Activities } from '../src/activities/contract.ts';
import { createActivities } from '../src/activities/index.ts';
import type { ModelProvider } from '../src/llm/provider.ts';
import { createModelLookup } from '../src/llm/models.ts';
import { createReportDelivery } from '../src/reports/deliver.ts';
import { createFolderStore } from '../src/store/folder.ts';
import { createFolderJournal } from '../src/store/journal.ts';
import { createSessionFiles } from '../src/store/session-files.ts';
import { createTranscript } from '../src/store/transcript.ts';
import type { Connections } from '../src/tools/connections.ts';
import { queryTool } from '../test/support/scripted-connections.ts';
import { scriptedProfile } from '../test/support/scripted-model.ts';
import { replyOfTurn, resultOfCall } from './conversation.ts';

export type BenchWorld = {
  readonly activities: Activities;
  /** When the model was asked, in milliseconds of `performance.now`. */
  readonly asked: number[];
};

/** `folder` takes everything that is written; `turns` model turns, the last one ends the analysis. */
export function createBenchWorld(folder: string, turns: number, connections: Connections = inProcess): BenchWorld {
  const asked: number[] = [];
  const model: ModelProvider = {
    profile: scriptedProfile,
    complete({ turn }) {
      asked.push(performance.now());
      return Promise.resolve(replyOfTurn(turn, turns));
    },
  };
  const store = createFolderStore(join(folder, 'store'));
  const transcript = createTranscript(store);
  const activities = createActivities({
    store,
    transcript,
    connections,
    journal: createFolderJournal(join(folder, 'store', 'journal')),
    sessions: createSessionFiles(join(folder, 'sessions'), transcript),
    modelFor: createModelLookup({ scripted: model }),
    candidatesFor: (named) => Promise.resolve([named]),
    profileFor: () => undefined,
    deliverReport: createReportDelivery(join(folder, 'reports')),
  });
  return { activities, asked };
}

const inProcess: Connections = {
  catalog: () => Promise.resolve({ tools: [queryTool], problems: [] }),
  argumentProblems: () => Promise.resolve([]),
  call: () => Promise.resolve(resultOfCall()),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
