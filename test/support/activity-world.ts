/** The activities over a scripted model and scripted tools: everything between them is the real code. */
import { join } from 'node:path';
import type { ActivityDependencies } from '../../src/activities/dependencies.ts';
import { createActivities } from '../../src/activities/index.ts';
import type { Activities } from '../../src/activities/contract.ts';
import { createLiveText } from '../../src/live/live-text.ts';
import { createModelLookup } from '../../src/llm/models.ts';
import { createSessionFiles } from '../../src/store/session-files.ts';
import { createTranscript } from '../../src/store/transcript.ts';
import { memoryJournal, memoryStore } from './memory-records.ts';
import type { ScriptedConnections } from './scripted-connections.ts';
import type { ScriptedModel } from './scripted-model.ts';

export type ActivityWorld = {
  readonly activities: Activities;
  readonly dependencies: ActivityDependencies;
  readonly store: ReturnType<typeof memoryStore>;
  readonly journal: ReturnType<typeof memoryJournal>;
  readonly model: ScriptedModel;
  readonly connections: ScriptedConnections;
  /** Every report that was delivered. */
  readonly delivered: Parameters<ActivityDependencies['deliverReport']>[0][];
};

/** `folder` takes the session files; store and journal are in memory. The model is called `scripted`. */
export function activityWorld(folder: string, model: ScriptedModel, connections: ScriptedConnections): ActivityWorld {
  const store = memoryStore();
  const journal = memoryJournal();
  const transcript = createTranscript(store);
  const delivered: ActivityWorld['delivered'] = [];
  const dependencies: ActivityDependencies = {
    store,
    journal,
    transcript,
    connections,
    sessions: createSessionFiles(join(folder, 'sessions'), transcript),
    modelFor: createModelLookup({ scripted: model }),
    candidatesFor: (named) => Promise.resolve([named]),
    live: { text: createLiveText(), urlOf: (session) => `http://127.0.0.1:1/live/${session}?token=none` },
    profileFor: (named) => (named === 'scripted' ? model.profile : undefined),
    async deliverReport(judged) {
      delivered.push(judged);
      const paths = { markdown: 'report.md', html: 'report.html', json: 'result.json' };
      return { paths, document: JSON.stringify({ exitCode: judged.facts.exitCode }) };
    },
  };
  return { activities: createActivities(dependencies), dependencies, store, journal, model, connections, delivered };
}
