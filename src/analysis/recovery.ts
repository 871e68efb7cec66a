/** What follows when a step failed for good: how its trouble is put to a person, and how the answer changes the state. */
import { withGap, withoutAsks } from './decisions.ts';
import { accept } from './interrupts.ts';
import type { AnalysisState, ControlEvent } from './state.ts';
import { stopWay, type WayOut } from './ways-out.ts';

/** Ways out when no model can go on. */
export const modelWays: readonly WayOut[] = [
  { word: 'retry', does: 'ask again, once the key, the credit or the server is repaired' },
  { word: 'model', does: 'ask another model, as `dpa models` lists them', takes: 'name' },
  stopWay,
];

/** The next trouble gets another id, and a provider may be waited for again. */
export function troubleEnded(state: AnalysisState): AnalysisState {
  return { ...state, troubles: (state.troubles ?? 0) + 1, waits: 0 };
}

/** The same as the signal `stop`. */
export function stoppedBy(state: AnalysisState, by: string, reason: string, nowMs: number): AnalysisState {
  return accept(state, { kind: 'stop', by, ...(reason === '' ? {} : { reason }) }, nowMs);
}

type Models = Pick<Extract<ControlEvent, { kind: 'discovered' }>, 'models' | 'quotes' | 'windows' | 'promptTokens'>;

/** Asked from now on; the conversation is neutral and stays. */
export function withModels(state: AnalysisState, { models, quotes, windows, promptTokens }: Models): AnalysisState {
  return {
    ...state,
    ...(models === undefined ? {} : { models }),
    ...(promptTokens === undefined ? {} : { promptTokens }),
    quotes: { ...state.quotes, ...quotes },
    windows: { ...state.windows, ...windows },
  };
}

/** Nobody says how to go on: what was found so far is reported. */
export function stuck(state: AnalysisState, sentence: string): AnalysisState {
  return { ...withGap(withoutAsks(state), sentence), phase: { kind: 'reporting', reason: 'stuck', answered: [] } };
}
