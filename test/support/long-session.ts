/** A session of any length without the service: the state machine and the activities, joined as the workflow joins them. */
import type { ActivityDependencies } from '../../src/activities/dependencies.ts';
import { createActivities } from '../../src/activities/index.ts';
import { isCompactionDue } from '../../src/analysis/compaction.ts';
import { advance, beginAnalysis } from '../../src/analysis/control.ts';
import type { AnalysisState } from '../../src/analysis/state.ts';
import { charactersOf } from '../../src/analysis/view.ts';
import type { ModelProvider } from '../../src/llm/provider.ts';
import type { ContentStore } from '../../src/store/content-store.ts';
import { createSessionFiles } from '../../src/store/session-files.ts';
import { createTranscript } from '../../src/store/transcript.ts';
import { runActivity } from './activity-environment.ts';
import { reply, scriptedProfile } from './scripted-model.ts';

/** What one step read from the store, sent to the model (tokens) and left as state (bytes), with the shortening before it. */
export type LongStep = {
  readonly reads: number;
  readonly readBytes: number;
  readonly sent: number;
  readonly state: number;
};

export type LongSession = {
  readonly folder: string;
  readonly steps: number;
  readonly window: number;
  readonly onStep?: (step: number) => void;
};

/** `given.store` is read through a counter; the tool `lake__query` is asked at every fourth step. */
export async function runLongSession(
  given: ActivityDependencies,
  { folder, steps, window, onStep }: LongSession,
): Promise<{ made: LongStep[]; shortenings: number }> {
  const counted = { reads: 0, readBytes: 0 };
  const store: ContentStore = {
    ...given.store,
    async get(ref) {
      const text = await given.store.get(ref);
      counted.reads += 1;
      counted.readBytes += text.length;
      return text;
    },
  };
  let sent = 0;
  const model: ModelProvider = {
    profile: { ...scriptedProfile, inputWindow: window },
    async complete({ messages, turn, output }) {
      const tokens = Math.ceil(messages.reduce((sum, message) => sum + charactersOf(message), 0) / 3.5);
      sent = Math.max(sent, tokens);
      // The summary is made from the records: the same each time.
      const answer = output === undefined ? replyOfTurn(turn) : reply('Not now.');
      return { ...answer, usage: { inputTokens: tokens, outputTokens: 100 } };
    },
  };
  const transcript = createTranscript(store);
  const activities = createActivities({
    ...given,
    store,
    transcript,
    sessions: createSessionFiles(folder, transcript),
    modelFor: () => model,
    profileFor: () => model.profile,
  });
  const found = await runActivity(activities.loadCatalog, { session: 's', task: 'Count', data: [], model: 'scripted' });
  let state: AnalysisState = advance(beginAnalysis('Count the sales', steps + 2), { kind: 'discovered', ...found });
  const made: LongStep[] = [];
  let shortenings = 0;
  while (made.length < steps) {
    if (isCompactionDue(state, 'scripted')) {
      state = await compacted(activities, state, window);
      shortenings += 1;
      continue;
    }
    state = await stepped(activities, state);
    made.push({ ...counted, sent, state: JSON.stringify(state).length });
    onStep?.(made.length);
    Object.assign(counted, { reads: 0, readBytes: 0 });
    sent = 0;
  }
  return { made, shortenings };
}

type Made = ReturnType<typeof createActivities>;

async function compacted({ compact }: Made, state: AnalysisState, window: number): Promise<AnalysisState> {
  const { head, shortening, budget, promptTokens = 0, plan } = state;
  const view = shortening?.view === undefined ? {} : { view: shortening.view };
  const { contextTokens = 0, steps: step } = budget;
  const given = {
    session: 's',
    step,
    model: 'scripted',
    head: head!,
    window,
    contextTokens,
    promptTokens,
    plan,
    ...view,
  };
  const { told: _, ...result } = await runActivity(compact, { ...given, ask: { maxOutputTokens: 1_000 } });
  return advance(state, { kind: 'compacted', model: 'scripted', ...result });
}

async function stepped({ completeTurn, callTool }: Made, state: AnalysisState): Promise<AnalysisState> {
  const { head, pending: append, catalog, shortening, budget } = state;
  const view = shortening?.view === undefined ? {} : { view: shortening.view };
  const turn = { session: 's', turn: budget.steps + 1, model: 'scripted', head, append, catalog: catalog!, ...view };
  const { preview: _, ...completed } = await runActivity(completeTurn, turn);
  const after = advance(state, { kind: 'turnCompleted', model: 'scripted', turn: completed });
  if (after.phase.kind !== 'calling') return after;
  const results = [];
  let bytes = 0;
  for (const { id: callId, name } of after.phase.calls) {
    const result = await runActivity(callTool, { session: 's', head: after.head!, catalog: catalog!, callId, name });
    bytes += result.bytes ?? 0;
    results.push({ callId, ok: result.ok, ref: result.ref });
  }
  return advance(after, { kind: 'callsAnswered', results, bytes });
}

/** Every fourth turn asks for data, the others only keep the plan. */
function replyOfTurn(turn: number) {
  const words = `Region ${turn} stands at 0.${1_000 + turn}. ${'What comes next is looked at in turn, and then the rest. '.repeat(12)}`;
  const plan = { steps: [{ title: 'Look at it all', state: 'doing' }] };
  return reply(words, [
    turn % 4 === 0
      ? { id: `c${turn}`, name: 'lake__query', arguments: { sql: `SELECT ${turn}` } }
      : { id: `p${turn}`, name: 'set_plan', arguments: plan },
  ]);
}

let answered = 0;

/** 4 kB, different each time. */
export async function largeResult() {
  answered += 1;
  const rows = Array.from({ length: 300 }, (_, index) => [`${answered} of ${index}`.padEnd(12)]);
  const data = { columns: [{ name: 'n', type: 'VARCHAR' }], rows };
  return {
    ok: true,
    text: JSON.stringify({ data, meta: { returnedRows: 300, elapsedMs: 1, datasets: ['sales'] }, ok: true }),
  };
}
