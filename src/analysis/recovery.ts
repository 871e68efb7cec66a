/** What follows when a step failed for good: how its trouble is put to a person, and how the answer changes the state. */
import { withGap, withoutAsks } from './decisions.ts';
import { accept } from './interrupts.ts';
import { withWords } from './pending.ts';
import type { AnalysisState, ControlEvent } from './state.ts';
import { withSwitch } from './switches.ts';
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

/** From now on its calls go there at once. */
export function tookOver(state: AnalysisState, tool: string, standIn: string): AnalysisState {
  const told = `\`${tool}\` could not be used; \`${standIn}\` took over.`;
  const standIns = { ...state.standIns, [tool]: standIn };
  return { ...state, standIns, switches: withSwitch(state.switches, told) };
}

/** `source`: the server that is not asked about again. */
export function gaveUp(state: AnalysisState, source: string | undefined, sentence: string): AnalysisState {
  const given = state.givenUp ?? [];
  const givenUp = source === undefined || given.includes(source) ? given : [...given, source];
  return { ...withGap(state, sentence), ...(givenUp.length === 0 ? {} : { givenUp }) };
}

/** A call that was cut off and of which nobody knows whether it took effect. */
export type CutOff = { readonly callId: string; readonly name: string; readonly summary: string };

export function withCutOff(state: AnalysisState, call: CutOff): AnalysisState {
  const others = (state.cutOff ?? []).filter(({ callId }) => callId !== call.callId);
  return { ...state, cutOff: [...others, call] };
}

/** It is made again, which tells what became of it. */
export function withoutCutOff(state: AnalysisState, callId: string): AnalysisState {
  const { cutOff = [], ...rest } = state;
  const left = cutOff.filter((call) => call.callId !== callId);
  return left.length === 0 ? rest : { ...rest, cutOff: left };
}

/** Whom a person has to be asked about: not what is made again because it was only paused. */
export function nextCutOff({ cutOff = [], phase }: AnalysisState): CutOff | undefined {
  const calls = phase.kind === 'calling' ? phase.calls : [];
  return cutOff.find(({ callId }) => !calls.some(({ id }) => id === callId));
}

export const cutOffWays: readonly WayOut[] = [
  { word: 'done', does: 'it took effect; the model is told so' },
  { word: 'without', does: 'it did not take effect; the model is told so' },
  stopWay,
];

/** What the model is told, and where nobody knows, what the report says. */
export function cutOffSettled(state: AnalysisState, callId: string, told: string, gap?: string): AnalysisState {
  const next = { ...withoutCutOff(state, callId), pending: withWords(state.pending, told) };
  return gap === undefined ? next : withGap(next, gap);
}

/** Nobody says how to go on: what was found so far is reported. */
export function stuck(state: AnalysisState, sentence: string): AnalysisState {
  return { ...withGap(withoutAsks(state), sentence), phase: { kind: 'reporting', reason: 'stuck', answered: [] } };
}
