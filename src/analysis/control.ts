/** The state machine of an analysis: which phase it is in, and how each thing that happens changes it. */
import {
  afterToolCalls,
  afterTurn,
  limitsOf,
  mayTakeStep,
  openBudget,
  withLimits,
  type Budget,
  type Limits,
} from './budget.ts';
import { addCall, type CallUsage, type Spending } from './cost.ts';
import type { Interrupts } from './interrupts.ts';
import { ended, wrapUp, wrapUpRequestFor, type LimitKind } from './limits.ts';
import { noProgress, type Progress } from './progress.ts';
import type { Quote } from './reservation.ts';
import type { Plan } from './plan.ts';

/** Content-store reference. */
type Ref = string;

/** A message that the next model turn appends to the transcript; small, results by reference. */
export type Pending =
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'results'; readonly results: readonly Answered[] };

/** The one result of a tool call: by reference, or made up here (denied, failed, planning) with its text. */
export type Answered = { readonly callId: string; readonly ok: boolean; readonly ref?: Ref; readonly text?: string };

export type Requested = { readonly id: string; readonly name: string; readonly summary: string };

/** `declined`: the model refused to go on; `contextFull`: the conversation outgrew what it can read. */
export type EndReason = 'submitted' | 'answered' | 'budget' | 'refused' | 'declined' | 'contextFull' | 'stopped';

export type Phase =
  | { readonly kind: 'discovering' }
  | { readonly kind: 'thinking' }
  | { readonly kind: 'calling'; readonly calls: readonly Requested[]; readonly answered: readonly Answered[] }
  | {
      readonly kind: 'reporting';
      readonly reason: EndReason;
      readonly submission?: { readonly ref: Ref; readonly callId: string };
      /** Results of the turn's other calls, for the model should the report be sent back. */
      readonly answered: readonly Answered[];
    };

/**
 * Where a damaged store can be gone back to: the state before a model turn, whose reply is in the journal. The budget
 * goes back with it: the turn has the same number again, by which the journal knows it.
 */
type Checkpoint = Pick<
  AnalysisState,
  'head' | 'pending' | 'budget' | 'refusals' | 'wrappingUp' | 'spending' | 'unfinished'
>;

export type AnalysisState = Interrupts & {
  readonly phase: Phase;
  readonly head: Ref | null;
  readonly pending: readonly Pending[];
  readonly catalog: Ref | null;
  readonly tools: readonly KnownTool[];
  readonly plan: Plan | null;
  readonly budget: Budget;
  readonly progress: Progress;
  readonly checkpoint: Checkpoint | null;
  /** Reports the verifier sent back, and times the store was repaired: both are limited. */
  readonly refusals: number;
  readonly repairs: number;
  readonly wrappingUp: boolean;
  /** Absent in analyses that an earlier version began. */
  readonly spending?: Spending;
  /** Models that may be asked, the first one first; absent: the one the analysis was started with. */
  readonly models?: readonly string[];
  /** Which model gave way to which, and why: a sentence each, for the report. */
  readonly switches?: readonly string[];
  /** Replies in a row that were cut off or paused: both are limited. */
  readonly unfinished?: number;
  /** What the models cost, by name: those whose price is known. */
  readonly quotes?: Readonly<Record<string, Quote>>;
  /** Tokens of instructions and tools, guessed: what the first call reads before any conversation. */
  readonly promptTokens?: number;
  /** What the money that is left allows the next call to write. */
  readonly maxOutputTokens?: number;
  /** The limit that made it wrap up or end. */
  readonly limit?: LimitKind;
};

export type KnownTool = { readonly name: string; readonly effect: 'read' | 'write' | 'admin' };

export type Turn = {
  readonly head: Ref;
  readonly calls: readonly Requested[];
  /** Calls answered within the turn itself: planning, invalid submissions. */
  readonly answered: readonly Answered[];
  readonly submission?: { readonly ref: Ref; readonly callId: string };
  readonly plan?: Plan;
  readonly usage: CallUsage;
  /** Absent: the price is not known. */
  readonly costUsd?: number;
  /** Set when the reply is not whole: cut at the output limit, paused by the provider, refused, or the context is full. */
  readonly finish?: 'length' | 'paused' | 'refusal' | 'contextFull';
  /** Why it refused, in the provider's word. */
  readonly refusal?: string;
};

export type ControlEvent =
  | {
      readonly kind: 'discovered';
      readonly catalog: Ref;
      readonly tools: readonly KnownTool[];
      readonly models?: readonly string[];
      readonly quotes?: Readonly<Record<string, Quote>>;
      readonly promptTokens?: number;
    }
  | { readonly kind: 'turnCompleted'; readonly turn: Turn; readonly model: string; readonly tookMs?: number }
  /** The first of the models failed for good. */
  | { readonly kind: 'modelFailed'; readonly reason: string }
  /** `bytes`: of the results, for what the next call costs. */
  | { readonly kind: 'callsAnswered'; readonly results: readonly Answered[]; readonly bytes?: number }
  | { readonly kind: 'reportRefused'; readonly callId: string; readonly text: string }
  /** `ref`: what was lost, where that is known. */
  | { readonly kind: 'blobLost'; readonly ref?: Ref };

/** Times the model may mend a report that the verifier sent back. */
export const maxRefusals = 1;

/** Times one analysis goes back a turn because a stored blob was damaged. */
export const maxRepairs = 5;

/** What the model is told when one step is left. */
export const wrapUpRequest = wrapUpRequestFor('steps');

/** What the model is told when its reply was cut off. */
export const goOnRequest =
  'Your last reply was cut off at the output limit, and tool calls in it were dropped. Go on, more briefly.';

/** Times in a row the model is told to go on. */
export const maxContinuations = 1;

/** Times in a row the model is asked again because the provider paused it. */
export const maxPauses = 5;

export function beginAnalysis(task: string, maxSteps: number, limits: Limits = {}): AnalysisState {
  return {
    phase: { kind: 'discovering' },
    head: null,
    pending: [{ kind: 'user', text: task }],
    catalog: null,
    tools: [],
    plan: null,
    budget: openBudget(maxSteps, limits),
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
        ...(event.promptTokens === undefined ? {} : { promptTokens: event.promptTokens }),
      });
    case 'turnCompleted':
      return afterModelTurn(state, event);
    case 'modelFailed':
      return afterModelFailure(state, event.reason);
    case 'callsAnswered':
      return afterCalls(state, event.results, event.bytes);
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
function afterLoss(state: AnalysisState, ref: Ref | undefined): AnalysisState {
  const { checkpoint, catalog } = state;
  const kind = checkpoint === null || (ref !== undefined && ref === catalog) ? 'discovering' : 'thinking';
  // Limits that were set meanwhile stay.
  const budget = withLimits(checkpoint?.budget ?? state.budget, limitsOf(state.budget));
  return { ...state, ...checkpoint, budget, phase: { kind }, repairs: state.repairs + 1 };
}

function afterModelTurn(
  before: AnalysisState,
  { turn, model, tookMs }: Extract<ControlEvent, { kind: 'turnCompleted' }>,
): AnalysisState {
  const state: AnalysisState = {
    ...before,
    head: turn.head,
    pending: [],
    plan: turn.plan ?? before.plan,
    budget: afterTurn(before.budget, { ...turn, ...(tookMs === undefined ? {} : { tookMs }) }),
    checkpoint: checkpointAt(before),
    spending: addCall(before.spending ?? {}, model, turn.usage, turn.costUsd),
    unfinished: turn.finish === 'length' || turn.finish === 'paused' ? (before.unfinished ?? 0) + 1 : 0,
  };
  if (turn.submission !== undefined) {
    const answered = [...turn.answered, ...turn.calls.map(notRun)];
    const reason = state.wrappingUp ? 'budget' : 'submitted';
    return { ...state, phase: { kind: 'reporting', reason, submission: turn.submission, answered } };
  }
  if (state.wrappingUp) return { ...state, phase: { kind: 'reporting', reason: 'budget', answered: [] } };
  if (turn.calls.length > 0)
    return { ...state, phase: { kind: 'calling', calls: turn.calls, answered: turn.answered } };
  if (turn.answered.length > 0)
    return afterCalls({ ...state, phase: { kind: 'calling', calls: [], answered: turn.answered } }, []);
  return afterWords(state, turn);
}

/** A turn of words only: the end, unless the model was cut off or paused before it had said all. */
function afterWords(state: AnalysisState, { finish }: Turn): AnalysisState {
  const unfinished = state.unfinished ?? 0;
  if (finish === 'paused' && unfinished <= maxPauses) return beforeThinking(state);
  if (finish === 'length' && unfinished <= maxContinuations)
    return beforeThinking({ ...state, pending: [{ kind: 'user', text: goOnRequest }] });
  const usual = state.refusals > 0 ? 'refused' : 'answered';
  const reason = finish === 'refusal' ? 'declined' : finish === 'contextFull' ? 'contextFull' : usual;
  return { ...state, phase: { kind: 'reporting', reason, answered: [] } };
}

/** Whether another model may take over from one that failed. */
export function mayAskAnother({ models = [] }: AnalysisState): boolean {
  return models.length > 1;
}

/** The next model goes on from the same place: the conversation is neutral, each model is given it in its own form. */
function afterModelFailure(state: AnalysisState, reason: string): AnalysisState {
  const [failed, ...others] = state.models ?? [];
  const told = `${failed} could not go on (${reason}); ${others[0]} took over.`;
  return { ...state, models: others, switches: [...(state.switches ?? []), told] };
}

function checkpointAt(state: AnalysisState): Checkpoint {
  const { head, pending, budget, refusals, wrappingUp, spending = {}, unfinished = 0 } = state;
  return { head, pending, budget, refusals, wrappingUp, spending, unfinished };
}

function notRun(requested: Requested): Answered {
  const message = 'Not run: the report was submitted in the same turn.';
  return { callId: requested.id, ok: false, text: JSON.stringify({ ok: false, error: { message } }) };
}

function afterCalls(state: AnalysisState, results: readonly Answered[], bytes = 0): AnalysisState {
  const answered = state.phase.kind === 'calling' ? state.phase.answered : [];
  return beforeThinking({
    ...state,
    pending: [{ kind: 'results', results: [...answered, ...results] }],
    budget: afterToolCalls(state.budget, results.length, bytes),
  });
}

function afterRefusal(state: AnalysisState, event: { callId: string; text: string }): AnalysisState {
  const others = state.phase.kind === 'reporting' ? state.phase.answered : [];
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
