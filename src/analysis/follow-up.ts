/** A follow-up goes on with the conversation of an analysis that has ended, as an analysis of its own. */
import { withWords } from './pending.ts';
import { isProgramsOwn } from './program-words.ts';
import type { AnalysisState, Pending } from './state.ts';

/** Content-store reference. */
type Ref = string;

/** Where a follow-up begins: the query `transcript` of the analysis that it follows gives it. */
export type Followed = {
  /** Id of the analysis that it follows. */
  readonly session: string;
  /** Null: that one ended before its first turn. */
  readonly head: Ref | null;
  readonly view?: Ref;
  /** Tokens of the conversation so far. */
  readonly contextTokens?: number;
  /** What belongs to the head and was not appended yet. */
  readonly pending: readonly Pending[];
};

/** What an analysis leaves to those that follow it. */
export function leftBehind(state: AnalysisState): Omit<Followed, 'session'> {
  const { head, shortening, budget } = state;
  return {
    head,
    ...(shortening?.view === undefined ? {} : { view: shortening.view }),
    ...(budget.contextTokens === undefined ? {} : { contextTokens: budget.contextTokens }),
    pending: leftPending(state),
  };
}

/** The new task comes after what the first analysis still had to hear. */
export function following(state: AnalysisState, task: string, followed: Followed): AnalysisState {
  const { head, view, contextTokens, pending } = followed;
  return {
    ...state,
    head,
    pending: withWords(pending, task),
    ...(view === undefined ? {} : { shortening: { view } }),
    ...(contextTokens === undefined ? {} : { budget: { ...state.budget, contextTokens } }),
  };
}

const accepted = '{"ok":true,"note":"The report was written and given to the person."}';

/** A report that was written is accepted; calls without a result are answered when the model is given them. */
function leftPending({ phase, pending }: AnalysisState): readonly Pending[] {
  if (phase.kind === 'calling')
    return phase.answered.length === 0 ? [] : [{ kind: 'results', results: phase.answered }];
  if (phase.kind !== 'reporting' || phase.submission === undefined)
    return pending.filter((one) => one.kind === 'results' || !isProgramsOwn(one.text));
  const { callId } = phase.submission;
  const results = [...phase.answered, ...(callId === '' ? [] : [{ callId, ok: true, text: accepted }])];
  return results.length === 0 ? [] : [{ kind: 'results', results }];
}
