/** Drives the state machine as the loop of an analysis does, with a model, tools and people that are drawn, and keeps every conversation. */
import { beginAnalysis, maxRefusals, mayRepair } from '../../src/analysis/control.ts';
import { decisionOn, type Decision } from '../../src/analysis/decisions.ts';
import { cancelled, isInterrupted, isTurning, type Interrupt } from '../../src/analysis/interrupts.ts';
import { happened, isFinal, planWords, stateName, type Happening, type StateName } from '../../src/analysis/machine.ts';
import { routeAfter } from '../../src/analysis/routing.ts';
import type { AnalysisState, Answered, Requested } from '../../src/analysis/state.ts';
import { createConversations } from './drawn-conversations.ts';

export type Move =
  | { readonly kind: 'say'; readonly interrupt: Interrupt }
  /** Begins what is due, or ends what is under way; how it ends is drawn. */
  | { readonly kind: 'work'; readonly luck: number }
  | { readonly kind: 'decide'; readonly decision: 'approve' | 'deny' | 'change' | 'always' }
  | { readonly kind: 'limits'; readonly steps: number }
  /** A damaged blob is found where one can be. */
  | { readonly kind: 'lose' }
  /** Only what JSON carries goes on. */
  | { readonly kind: 'continueAsNew' }
  /** The worker is lost: another one makes the state again from what happened. */
  | { readonly kind: 'crash' };

export type Transition = {
  readonly from: StateName;
  readonly event: Happening['kind'] | 'reported';
  readonly to: StateName | 'ended';
};

type UnderWay = 'discovery' | 'turn' | 'calls' | 'report' | 'written';

export type DrawnRunOptions = {
  readonly plan: boolean;
  readonly maxSteps?: number;
  /** Counted in events. */
  readonly untilMs?: number;
};

export function openDrawnRun({ plan, maxSteps = 40, untilMs }: DrawnRunOptions) {
  const talks = createConversations();
  const words: string[] = [];
  const transitions: Transition[] = [];
  let [state, ended, turns] = [beginAnalysis('The task', maxSteps, untilMs === undefined ? {} : { untilMs }), false, 0];
  let [origin, log]: [AnalysisState, Happening[]] = [state, []];
  let underWay: UnderWay | undefined;

  function happen(event: Happening): void {
    const from = stateName(state);
    log.push(event);
    state = happened(state, event);
    transitions.push({ from, event: event.kind, to: stateName(state) });
  }

  function move(one: Move): void {
    if (ended) return;
    switch (one.kind) {
      case 'say':
        if (one.interrupt.kind === 'redirect' && state.stopped === undefined) words.push(one.interrupt.text);
        return happen({ kind: 'spoken', interrupt: one.interrupt, atMs: log.length });
      case 'work':
        return underWay === undefined ? begin() : end(one.luck);
      case 'decide':
        return decide(one.decision);
      case 'limits':
        return state.phase.kind === 'reporting'
          ? undefined
          : happen({ kind: 'limitsSet', limits: { steps: one.steps } });
      case 'lose':
        return lose();
      case 'continueAsNew':
        if (underWay !== undefined) return undefined;
        [state, log] = [JSON.parse(JSON.stringify(state)) as AnalysisState, []];
        origin = state;
        return undefined;
      case 'crash':
        expect(log.reduce(happened, origin)).toEqual(state);
        return undefined;
    }
  }

  /** As the loop does at each safe point. */
  function begin(): void {
    if (state.paused !== undefined) return;
    if (isInterrupted(state)) happen({ kind: 'safePoint' });
    if (!planAccepted()) return;
    switch (state.phase.kind) {
      case 'discovering':
        underWay = 'discovery';
        return;
      case 'thinking':
        happen({ kind: 'turnDue', model: state.models?.[0] ?? 'a/1', atMs: log.length });
        if (state.phase.kind !== 'thinking') return;
        talks.requireWhole(state);
        underWay = 'turn';
        return;
      case 'calling':
        underWay = 'calls';
        for (const { id, ask } of state.phase.calls)
          if (ask !== undefined && decisionOn(state, ask.id) === undefined)
            happen({
              kind: 'asked',
              ask: { kind: 'call', callId: id, name: 'write', why: 'it writes', sinceMs: 0, untilMs: 9e9, ...ask },
            });
        return;
      case 'reporting':
        underWay = 'report';
    }
  }

  function planAccepted(): boolean {
    if (!plan || state.planAccepted || state.plan === null || state.phase.kind === 'reporting') return true;
    const id = `plan-${state.budget.steps}`;
    const decision = decisionOn(state, id);
    if (decision === undefined) {
      happen({ kind: 'asked', ask: { kind: 'plan', id, plan: state.plan, cost: '', sinceMs: 0, untilMs: 9e9 } });
      return false;
    }
    happen({ kind: 'planDecided', decision });
    // The model is told of a changed plan in the words of a redirection.
    if (decision.kind === 'approved' && decision.plan !== undefined) words.push(planWords(decision.plan));
    return true;
  }

  function decide(how: 'approve' | 'deny' | 'change' | 'always'): void {
    const ask = state.asks?.[0];
    if (ask === undefined) return;
    const changed =
      ask.kind === 'plan'
        ? { plan: { steps: [{ title: 'Other', state: 'open' as const }] } }
        : { edited: { ref: 'e', words: '{}' } };
    const decision: Decision =
      how === 'deny'
        ? { kind: 'denied', by: 'ada', reason: 'no' }
        : { kind: 'approved', by: 'ada', ...(how === 'change' ? changed : {}) };
    happen({ kind: 'decided', id: ask.id, decision });
    if (how === 'always') happen({ kind: 'allowed', pattern: 'write' });
  }

  function end(luck: number): void {
    const was = underWay;
    underWay = undefined;
    switch (was) {
      case 'discovery':
        return happen({ kind: 'discovered', catalog: 'catalog', tools: [], models: ['a/1', 'b/2'] });
      case 'turn':
        return endTurn(luck);
      case 'calls':
        return endCalls(luck);
      case 'report':
        if ((state.paused !== undefined || (state.redirects ?? []).length > 0) && luck % 2 === 0) return undefined;
        if (state.refusals < maxRefusals && !state.wrappingUp && luck % 3 === 0 && state.phase.kind === 'reporting')
          return happen({ kind: 'reportRefused', callId: state.phase.submission?.callId ?? '', text: 'no' });
        return endReport();
      case 'written':
        return endReport();
      case undefined:
    }
  }

  function endReport(): void {
    if (isFinal(state)) {
      transitions.push({ from: stateName(state), event: 'reported', to: 'ended' });
      ended = true;
    } else if (state.paused !== undefined) underWay = 'written';
  }

  function endTurn(luck: number): void {
    if (isInterrupted(state) && luck % 3 !== 0) {
      if (luck % 3 === 1) happen({ kind: 'cutOff', head: talks.reply(state, []) });
      return;
    }
    turns += 1;
    const model = state.models?.[0] ?? 'a/1';
    const calls = Array.from({ length: (luck % 3) + 1 }, (_, index) => requested(`t${turns}c${index}`, luck + index));
    const of = (made: readonly Requested[], own: readonly string[] = []) => ({
      head: talks.reply(state, [...made.map(({ id }) => id), ...own]),
      calls: made,
      answered: own.filter((id) => id.startsWith('p')).map((callId): Answered => ({ callId, ok: true, text: '{}' })),
      usage: { inputTokens: 1, outputTokens: 1 },
    });
    const planned = plan && state.plan === null ? { plan: { steps: [{ title: 'One', state: 'open' as const }] } } : {};
    const completed = (turn: object) => happen({ kind: 'turnCompleted', turn: { ...of([]), ...turn }, model });
    switch (luck % 9) {
      case 0:
        return completed({});
      case 1:
        return completed({ ...of(calls, [`s${turns}`]), submission: { ref: 'r', callId: `s${turns}` } });
      case 2:
        return completed({ submission: { ref: 'r', callId: '' } });
      case 3:
        return completed({ finish: luck % 2 === 0 ? 'length' : 'paused' });
      case 4:
        return completed({ rejected: 'Not like this.' });
      case 5:
        return routeAfter(state, { reason: 'x' }).kind === 'ask'
          ? completed({})
          : happen({ kind: 'modelFailed', reason: 'away' });
      case 6:
        return luck % 4 === 0 ? happen({ kind: 'brokenOff', model, usd: 1 }) : completed(of([], [`p${turns}`]));
      default:
        return completed({ ...of(calls, [`p${turns}`]), ...planned });
    }
  }

  function endCalls(luck: number): void {
    if (state.phase.kind !== 'calling') return;
    const isCut = isInterrupted(state);
    const answers = state.phase.calls.map((call, index) => answerOf(call, isCut && (luck + index) % 2 === 0));
    if (isCut && answers.includes(undefined) && !isTurning(state)) return;
    if (!isCut && answers.includes(undefined)) underWay = 'calls';
    else {
      const results = state.phase.calls.map(({ id }, index) => answers[index] ?? cancelled(id));
      happen({ kind: 'callsAnswered', results });
    }
  }

  /** Undefined: it was cancelled, or waits for a person. */
  function answerOf({ id, ask }: Requested, isCancelled: boolean): Answered | undefined {
    const decision = ask === undefined ? undefined : decisionOn(state, ask.id);
    if (isCancelled || (ask !== undefined && decision === undefined)) return undefined;
    if (decision?.kind !== 'denied') return { callId: id, ok: true, ref: 'r' };
    happen({ kind: 'refused', sentence: `${id} was not run` });
    return { callId: id, ok: false, text: '{}' };
  }

  function lose(): void {
    if (underWay === undefined || underWay === 'written' || !mayRepair(state)) return;
    underWay = undefined;
    happen({ kind: 'blobLost' });
  }

  function requested(id: string, luck: number): Requested {
    return {
      id,
      name: luck % 2 === 0 ? 'write' : 'q',
      summary: '',
      ...(luck % 2 === 0 ? { ask: { id: `ask-${id}`, arguments: '{}' } } : {}),
    };
  }

  return {
    move,
    words,
    transitions,
    get state() {
      return state;
    },
    isEnded: () => ended,
    /** The words of redirections in the conversation as it stands, in order. */
    wordsGiven: () => talks.wordsIn(state),
  };
}
