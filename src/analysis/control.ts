/** The state machine of an analysis: which phase it is in, and how each thing that happens changes it. */
import { afterToolCalls, afterTurn, mayTakeStep, openBudget, type Budget } from './budget.ts';
import { noProgress, type Progress } from './progress.ts';
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

export type EndReason = 'submitted' | 'answered' | 'budget' | 'refused';

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
type Checkpoint = Pick<AnalysisState, 'head' | 'pending' | 'budget' | 'refusals' | 'wrappingUp'>;

export type AnalysisState = {
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
};

export type KnownTool = { readonly name: string; readonly effect: 'read' | 'write' | 'admin' };

export type Turn = {
  readonly head: Ref;
  readonly calls: readonly Requested[];
  /** Calls answered within the turn itself: planning, invalid submissions. */
  readonly answered: readonly Answered[];
  readonly submission?: { readonly ref: Ref; readonly callId: string };
  readonly plan?: Plan;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
};

export type ControlEvent =
  | { readonly kind: 'discovered'; readonly catalog: Ref; readonly tools: readonly KnownTool[] }
  | { readonly kind: 'turnCompleted'; readonly turn: Turn }
  | { readonly kind: 'callsAnswered'; readonly results: readonly Answered[] }
  | { readonly kind: 'reportRefused'; readonly callId: string; readonly text: string }
  /** `ref`: what was lost, where that is known. */
  | { readonly kind: 'blobLost'; readonly ref?: Ref };

/** Times the model may mend a report that the verifier sent back. */
export const maxRefusals = 1;

/** Times one analysis goes back a turn because a stored blob was damaged. */
export const maxRepairs = 5;

/** What the model is told when one step is left. */
export const wrapUpRequest =
  'The step limit is reached: this is the last step. Submit now what has been found, say what is missing, and whether the result is incomplete.';

export function beginAnalysis(task: string, maxSteps: number): AnalysisState {
  return {
    phase: { kind: 'discovering' },
    head: null,
    pending: [{ kind: 'user', text: task }],
    catalog: null,
    tools: [],
    plan: null,
    budget: openBudget(maxSteps),
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
      return beforeThinking({ ...state, catalog: event.catalog, tools: event.tools });
    case 'turnCompleted':
      return afterModelTurn(state, event.turn);
    case 'callsAnswered':
      return afterCalls(state, event.results);
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
  return { ...state, ...checkpoint, phase: { kind }, repairs: state.repairs + 1 };
}

function afterModelTurn(before: AnalysisState, turn: Turn): AnalysisState {
  const state: AnalysisState = {
    ...before,
    head: turn.head,
    pending: [],
    plan: turn.plan ?? before.plan,
    budget: afterTurn(before.budget, turn.usage),
    checkpoint: checkpointAt(before),
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
  return { ...state, phase: { kind: 'reporting', reason: state.refusals > 0 ? 'refused' : 'answered', answered: [] } };
}

function checkpointAt({ head, pending, budget, refusals, wrappingUp }: AnalysisState): Checkpoint {
  return { head, pending, budget, refusals, wrappingUp };
}

function notRun(requested: Requested): Answered {
  const message = 'Not run: the report was submitted in the same turn.';
  return { callId: requested.id, ok: false, text: JSON.stringify({ ok: false, error: { message } }) };
}

function afterCalls(state: AnalysisState, results: readonly Answered[]): AnalysisState {
  const answered = state.phase.kind === 'calling' ? state.phase.answered : [];
  return beforeThinking({
    ...state,
    pending: [{ kind: 'results', results: [...answered, ...results] }],
    budget: afterToolCalls(state.budget, results.length),
  });
}

function afterRefusal(state: AnalysisState, event: { callId: string; text: string }): AnalysisState {
  const others = state.phase.kind === 'reporting' ? state.phase.answered : [];
  const results: readonly Answered[] = [...others, { callId: event.callId, ok: false, text: event.text }];
  return beforeThinking({ ...state, pending: [{ kind: 'results', results }], refusals: state.refusals + 1 });
}

/** The last step of the budget is kept for wrapping up, so that what was found is always delivered. */
function beforeThinking(state: AnalysisState): AnalysisState {
  if (!mayTakeStep(state.budget)) return { ...state, phase: { kind: 'reporting', reason: 'budget', answered: [] } };
  const isLast = state.budget.steps === state.budget.maxSteps - 1;
  if (!isLast || state.wrappingUp) return { ...state, phase: { kind: 'thinking' } };
  return {
    ...state,
    phase: { kind: 'thinking' },
    wrappingUp: true,
    pending: [...state.pending, { kind: 'user', text: wrapUpRequest }],
  };
}
