/** The state machine of an analysis: how each thing that happens changes its state. */
import {
  afterScan,
  afterToolCalls,
  afterTurn,
  limitsOf,
  mayTakeStep,
  openBudget,
  withLimits,
  type Budget,
  type Limits,
} from './budget.ts';
import { afterCompaction, afterContextExceeded, afterWholeTurn } from './compaction.ts';
import { addCall } from './cost.ts';
import { withoutAsks } from './decisions.ts';
import { ended, wrapUp, wrapUpRequestFor } from './limits.ts';
import { withWords } from './pending.ts';
import { noProgress } from './progress.ts';
import { afterModelFailure, afterReply, afterUnreadable, routeAfter } from './routing.ts';
import type { AnalysisState, Answered, Checkpoint, ControlEvent, Requested, Turn } from './state.ts';

/** Times the model may mend a report that the verifier sent back. */
export const maxRefusals = 1;

/** Times one analysis goes back a turn because a stored blob was damaged. */
export const maxRepairs = 5;

/** What the model is told when one step is left. */
export const wrapUpRequest = wrapUpRequestFor('steps');

/** What the model is told when its reply was cut off. */
export const goOnRequest =
  'Your last reply was cut off at the output limit, and tool calls in it were dropped. Go on, more briefly.';

/** The same where the context was full. */
const shortenedRequest =
  'Your last reply was cut off: the conversation had become too long for you. It is shortened now; go on.';

/** What the model is told that wrote its plan in words. */
const plannedRequest = 'The plan is noted. Go on with it.';

/** Times a report that was written instead of submitted may be sent again. */
export const maxRejections = 1;

/** Times in a row the model is told to go on. */
export const maxContinuations = 1;

/** Times in a row the model is asked again because the provider paused it. */
export const maxPauses = 5;

/** `countsWork`: the time of the limits is time of work. */
export function beginAnalysis(task: string, maxSteps: number, limits: Limits = {}, countsWork = false): AnalysisState {
  return {
    phase: { kind: 'discovering' },
    head: null,
    pending: [{ kind: 'user', text: task }],
    catalog: null,
    tools: [],
    plan: null,
    budget: { ...openBudget(maxSteps, limits), ...(countsWork ? { clock: 'work' } : {}) },
    progress: noProgress,
    checkpoint: null,
    refusals: 0,
    repairs: 0,
    wrappingUp: false,
  };
}

export function advance(state: AnalysisState, event: ControlEvent): AnalysisState {
  switch (event.kind) {
    case 'discovered':
      return beforeThinking({
        ...state,
        catalog: event.catalog,
        tools: event.tools,
        ...(event.models === undefined ? {} : { models: event.models }),
        ...(event.quotes === undefined ? {} : { quotes: event.quotes }),
        ...(event.windows === undefined ? {} : { windows: event.windows }),
        ...(event.promptTokens === undefined ? {} : { promptTokens: event.promptTokens }),
        ...(event.tells === undefined ? {} : { tells: event.tells }),
        ...(event.compacts === undefined ? {} : { shortening: state.shortening ?? {} }),
      });
    case 'turnCompleted':
      return afterModelTurn(state, event);
    case 'modelFailed':
      return afterModelFailure(state, event);
    case 'brokenOff':
      return ended(afterBrokenOff(state, event), event.tokens === undefined ? 'usd' : 'tokens');
    case 'callsAnswered':
      return afterCalls(afterUse(scanned(state, event.scanned), event), event.results, event.bytes);
    case 'compacted':
      return afterCompaction(state, event);
    case 'reportRefused':
      return afterRefusal(state, event);
    case 'blobLost':
      return afterLoss(state, event.ref);
  }
}

/** Whether a lost blob may still be mended by doing again what wrote it. */
export function mayRepair(state: AnalysisState): boolean {
  return state.repairs < maxRepairs;
}

/** Back before the last turn; before the first one, only the discovery can have lost something: the catalogue. */
function afterLoss(state: AnalysisState, ref: string | undefined): AnalysisState {
  const { checkpoint, catalog } = state;
  const kind = checkpoint === null || (ref !== undefined && ref === catalog) ? 'discovering' : 'thinking';
  const budget = budgetAfterLoss(checkpoint?.budget ?? state.budget, state.budget);
  // What waits belongs to calls that may not come again; what was decided is kept.
  const repairs = state.repairs + 1;
  const back: AnalysisState = { ...withoutAsks(state), ...checkpoint, budget, phase: { kind }, repairs };
  // A view that is lost is left out: the whole conversation is there, and is shortened anew.
  return ref !== undefined && ref === back.shortening?.view ? { ...back, shortening: {} } : back;
}

/** Limits that were set meanwhile stay, and so does what cannot be undone: bytes that were scanned, time that went by. */
function budgetAfterLoss(before: Budget, now: Budget): Budget {
  const { bytesScanned, mostBytesScanned, clock } = now;
  return {
    ...withLimits(before, limitsOf(now)),
    ...(clock === undefined ? {} : { clock }),
    ...(bytesScanned === undefined ? {} : { bytesScanned }),
    ...(mostBytesScanned === undefined ? {} : { mostBytesScanned }),
  };
}

function scanned(state: AnalysisState, calls: readonly (number | 'unknown')[] = []): AnalysisState {
  return { ...state, budget: calls.reduce(afterScan, state.budget) };
}

function afterModelTurn(
  before: AnalysisState,
  { turn, model, tookMs }: Extract<ControlEvent, { kind: 'turnCompleted' }>,
): AnalysisState {
  const state: AnalysisState = {
    ...afterReply(before),
    head: turn.head,
    pending: [],
    plan: turn.plan ?? before.plan,
    budget: afterTurn(before.budget, { ...turn, ...(tookMs === undefined ? {} : { tookMs }) }),
    checkpoint: checkpointAt(before),
    spending: addCall(before.spending ?? {}, model, turn.usage, turn.costUsd),
    unfinished: turn.finish === 'length' || turn.finish === 'paused' ? (before.unfinished ?? 0) + 1 : 0,
    ...(before.plan === null && turn.plan !== undefined ? { rejections: 0 } : {}),
    unreadable: unreadableAfter(before, turn),
    ...(turn.finish === 'contextFull' ? {} : afterWholeTurn(before.shortening)),
  };
  if (turn.submission !== undefined) {
    const answered = [...turn.answered, ...turn.calls.map(notRun)];
    const reason = state.wrappingUp ? 'budget' : 'submitted';
    return { ...state, phase: { kind: 'reporting', reason, submission: turn.submission, answered } };
  }
  if (state.wrappingUp) {
    const results = [...turn.answered, ...turn.calls.map(notRun)];
    const pending = results.length === 0 ? [] : [{ kind: 'results' as const, results }];
    return { ...state, pending, phase: { kind: 'reporting', reason: 'budget', answered: [] } };
  }
  if (turn.calls.length > 0)
    return { ...state, phase: { kind: 'calling', calls: turn.calls, answered: turn.answered } };
  if (turn.answered.length > 0)
    return afterCalls(
      { ...afterUnreadable(state), phase: { kind: 'calling', calls: [], answered: turn.answered } },
      [],
    );
  return afterWords(state, turn);
}

/** Where calls are left, their results say whether the model can use its tools. */
function unreadableAfter({ unreadable = 0 }: AnalysisState, turn: Turn): number {
  if (turn.unreadable === true) return unreadable + 1;
  return turn.calls.length > 0 ? unreadable : 0;
}

/** Calls of tools that are not there, or with arguments that these do not take, count as such that nobody can read. */
function afterUse(state: AnalysisState, { misused }: Extract<ControlEvent, { kind: 'callsAnswered' }>): AnalysisState {
  const answered = state.phase.kind === 'calling' ? state.phase.answered : [];
  const isUseless = misused === true && answered.every(({ ok }) => !ok);
  return isUseless
    ? afterUnreadable({ ...state, unreadable: (state.unreadable ?? 0) + 1 })
    : { ...state, unreadable: 0 };
}

/** Nobody knows what they used: only what they may cost is counted. */
function afterBrokenOff(
  state: AnalysisState,
  { model, usd = 0, tokens = 0 }: Extract<ControlEvent, { kind: 'brokenOff' }>,
): AnalysisState {
  const spending = addCall(state.spending ?? {}, model, { inputTokens: 0, outputTokens: 0 }, usd);
  const used = tokens === 0 ? {} : { brokenOffTokens: (state.budget.brokenOffTokens ?? 0) + tokens };
  return { ...state, spending, budget: { ...state.budget, usd: (state.budget.usd ?? 0) + usd, ...used } };
}

/** A turn of words only: the end, unless the model was cut off or paused before it had said all. */
function afterWords(state: AnalysisState, { finish, refusal, rejected, planned }: Turn): AnalysisState {
  if (planned === true) return beforeThinking({ ...state, pending: [{ kind: 'user', text: plannedRequest }] });
  const rejections = state.rejections ?? 0;
  if (rejected !== undefined && rejections < maxRejections)
    return beforeThinking({ ...state, rejections: rejections + 1, pending: [{ kind: 'user', text: rejected }] });
  const unfinished = state.unfinished ?? 0;
  if (finish === 'paused' && unfinished <= maxPauses) return beforeThinking(state);
  if (finish === 'length' && unfinished <= maxContinuations)
    return beforeThinking({ ...state, pending: [{ kind: 'user', text: goOnRequest }] });
  const shortened = finish === 'contextFull' ? afterContextExceeded(state) : undefined;
  if (shortened !== undefined)
    return beforeThinking({ ...shortened, pending: [{ kind: 'user', text: shortenedRequest }] });
  if (finish === 'contextFull' && mayReadMore(state))
    return beforeThinking(afterModelFailure(state, { type: 'Model.ContextTooLong', reason: contextFullReason }));
  const usual = state.refusals > 0 ? 'refused' : 'answered';
  if (finish === 'refusal' && state.windows !== undefined) return afterRefusedTask(state, refusal);
  const reason = finish === 'refusal' ? 'declined' : finish === 'contextFull' ? 'contextFull' : usual;
  return { ...state, phase: { kind: 'reporting', reason, answered: [] } };
}

/** The next model is not shown the refusal; where it is the second one, the words of it are the end. */
function afterRefusedTask(state: AnalysisState, refusal: string | undefined): AnalysisState {
  const reason = `it refused${refusal === undefined ? '' : `: ${refusal.replace(/\.$/, '')}`}`;
  const next = afterModelFailure(state, { type: 'Model.Refused', reason });
  const { head, pending } = state.checkpoint ?? state;
  return next.phase.kind === 'reporting' ? next : beforeThinking({ ...next, head, pending });
}

const contextFullReason = 'the conversation is longer than it can read';

/** Only where windows are known: an analysis of an earlier version ended here. */
function mayReadMore(state: AnalysisState): boolean {
  return state.windows !== undefined && routeAfter(state, { type: 'Model.ContextTooLong', reason: '' }).kind === 'next';
}

function checkpointAt(state: AnalysisState): Checkpoint {
  const { head, pending, budget, refusals, wrappingUp, spending = {}, unfinished = 0, shortening } = state;
  return {
    head,
    pending,
    budget,
    refusals,
    wrappingUp,
    spending,
    unfinished,
    ...(shortening === undefined ? {} : { shortening }),
  };
}

function notRun(requested: Requested): Answered {
  const message = 'Not run: the analysis ends with this turn.';
  return { callId: requested.id, ok: false, text: JSON.stringify({ ok: false, error: { message } }) };
}

function afterCalls(state: AnalysisState, results: readonly Answered[], bytes = 0): AnalysisState {
  const answered = state.phase.kind === 'calling' ? state.phase.answered : [];
  return beforeThinking({
    ...withoutAsks(state),
    pending: [{ kind: 'results', results: [...answered, ...results] }],
    budget: afterToolCalls(state.budget, results.length, bytes),
  });
}

function afterRefusal(state: AnalysisState, event: { callId: string; text: string }): AnalysisState {
  const others = state.phase.kind === 'reporting' ? state.phase.answered : [];
  // What was written in words is answered in words.
  if (event.callId === '')
    return beforeThinking({
      ...state,
      // A limit may have ended the work before the model was given all that there was.
      pending: withWords(state.pending, event.text),
      refusals: state.refusals + 1,
    });
  const results: readonly Answered[] = [...others, { callId: event.callId, ok: false, text: event.text }];
  return beforeThinking({ ...state, pending: [{ kind: 'results', results }], refusals: state.refusals + 1 });
}

/** The last step of the budget is kept for wrapping up, so that what was found is always delivered. */
export function beforeThinking(state: AnalysisState): AnalysisState {
  if (!mayTakeStep(state.budget)) return ended(state, 'steps');
  const next: AnalysisState = { ...state, phase: { kind: 'thinking' } };
  const isLast = state.budget.steps === state.budget.maxSteps - 1;
  return isLast && !state.wrappingUp ? wrapUp(next, 'steps') : next;
}
