/** The loop of an analysis: one phase after the other, each pass through it a safe point. */
import {
  ActivityFailure,
  ApplicationFailure,
  continueAsNew,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { maxToolCallsPerTurn } from '../analysis/budget.ts';
import {
  advance,
  mayAskAnother,
  mayRepair,
  maxRefusals,
  type AnalysisState,
  type Answered,
  type Requested,
  type Turn,
} from '../analysis/control.ts';
import { totalOf } from '../analysis/cost.ts';
import { shorten, type ProgressKind } from '../analysis/progress.ts';
import { toolAccess } from '../policy/tool-access.ts';
import { catalogOptions, modelOptions, reportOptions, toolOptions } from './activity-options.ts';
import type { AnalysisInput, AnalysisOutcome, AnalysisWorkflow } from './messages.ts';

const { loadCatalog } = proxyActivities<Activities>(catalogOptions);
const { completeTurn } = proxyActivities<Activities>(modelOptions);
const { callTool } = proxyActivities<Activities>(toolOptions);
const { writeReport } = proxyActivities<Activities>(reportOptions);

export type Loop = {
  readonly input: AnalysisInput;
  readonly startedAtMs: number;
  readonly session: string;
  readonly state: AnalysisState;
  become(state: AnalysisState): void;
  note(kind: ProgressKind, text: string): void;
};

/**
 * Events after which a run continues as new, though the service suggests it only at 4,096: another worker has to replay
 * them within `workflowTaskTimeout`, on a busy machine at 1 ms each. Promise P4 allows 8,000.
 */
export const maxHistoryEvents = 2_000;

export async function runAgentLoop(loop: Loop): Promise<AnalysisOutcome> {
  for (;;) {
    try {
      const outcome = await takePhase(loop);
      if (outcome !== undefined) return outcome;
    } catch (error) {
      if (!(await mend(loop, error))) throw error;
    }
    await continueAsNewIfDue(loop);
  }
}

async function takePhase(loop: Loop): Promise<AnalysisOutcome | undefined> {
  const { phase } = loop.state;
  switch (phase.kind) {
    case 'discovering':
      return discover(loop);
    case 'thinking':
      return think(loop);
    case 'calling':
      return call(loop, phase.calls);
    case 'reporting':
      return report(loop, phase);
  }
}

async function discover(loop: Loop): Promise<undefined> {
  const { session, input } = loop;
  const found = await loadCatalog.executeWithOptions({ summary: 'tools and datasets' }, [
    { session, task: input.task, data: input.data, model: input.model },
  ]);
  for (const problem of found.problems) loop.note('trouble', problem);
  loop.become(
    advance(loop.state, { kind: 'discovered', catalog: found.catalog, tools: found.tools, models: found.models }),
  );
}

async function think(loop: Loop): Promise<undefined> {
  const { state, session, input } = loop;
  const turn = state.budget.steps + 1;
  const model = state.models?.[0] ?? input.model;
  let reply;
  try {
    reply = await completeTurn.executeWithOptions({ summary: `turn ${turn} · ${model}` }, [
      { session, turn, model, head: state.head, append: state.pending, catalog: state.catalog! },
    ]);
  } catch (error) {
    return askAnother(loop, error);
  }
  const { preview, ...completed } = reply;
  if (preview !== '') loop.note('said', preview);
  const trouble = troubleIn(completed);
  if (trouble !== undefined) loop.note('trouble', trouble);
  loop.become(advance(loop.state, { kind: 'turnCompleted', turn: completed, model }));
}

function troubleIn({ finish, refusal: why }: Turn): string | undefined {
  switch (finish) {
    case 'refusal':
      return `The model refused to go on${why === undefined ? '' : `: ${why}`}.`;
    case 'contextFull':
      return 'The conversation is longer than the model can read.';
    case 'length':
      return 'The reply was cut off at the output limit.';
    case 'paused':
    case undefined:
      return undefined;
  }
}

/** As the report names them: more than one where another one took over. */
function modelsUsed({ spending }: AnalysisState, named: string): string {
  const used = Object.keys(spending ?? {});
  return used.length === 0 ? named : used.join(', ');
}

/** The activity has tried the same model as often as makes sense; which one is asked next is decided here, in history. */
function askAnother(loop: Loop, error: unknown): undefined {
  const failure = applicationFailureIn(error);
  const isModels = failure?.type?.startsWith('Model.') === true && !isCancellation(error);
  if (!isModels || !mayAskAnother(loop.state)) throw error;
  loop.become(advance(loop.state, { kind: 'modelFailed', reason: shorten(failure.message, 200) }));
  loop.note('trouble', loop.state.switches?.at(-1) ?? '');
  return undefined;
}

async function call(loop: Loop, calls: readonly Requested[]): Promise<undefined> {
  const results = await Promise.all(calls.map((requested, index) => answer(loop, requested, index)));
  loop.become(advance(loop.state, { kind: 'callsAnswered', results }));
}

/** Every call gets exactly one result: the tool's, or a sentence that says why there is none. */
async function answer(loop: Loop, requested: Requested, index: number): Promise<Answered> {
  const { state, session } = loop;
  if (index >= maxToolCallsPerTurn)
    return refusal(requested, `More than ${maxToolCallsPerTurn} calls in one turn; ask again for the rest.`);
  const access = toolAccess(
    state.tools.find((tool) => tool.name === requested.name),
    requested.name,
  );
  if (access.kind === 'deny') return refusal(requested, access.reason);
  loop.note('toolCalled', requested.summary);
  try {
    const result = await callTool.executeWithOptions({ summary: requested.summary }, [
      { session, head: state.head!, catalog: state.catalog!, callId: requested.id, name: requested.name },
    ]);
    loop.note('toolAnswered', `${requested.summary} · ${result.preview}`);
    return { callId: requested.id, ok: result.ok, ref: result.ref };
  } catch (error) {
    // A call whose worker was lost again and again must not end the analysis either: the model is told.
    const failure = applicationFailureIn(error) ?? timeoutIn(error);
    if (isCancellation(error) || failure === undefined || isStoreFailure(failure)) throw error;
    loop.note('trouble', `${requested.name}: ${failure.message}`);
    return refusal(requested, `${failure.type}: ${failure.message}`);
  }
}

function refusal(requested: Requested, text: string): Answered {
  return {
    callId: requested.id,
    ok: false,
    text: JSON.stringify({ ok: false, error: { message: shorten(text, 500) } }),
  };
}

async function report(
  loop: Loop,
  phase: Extract<AnalysisState['phase'], { kind: 'reporting' }>,
): Promise<AnalysisOutcome | undefined> {
  const { state, session, input, startedAtMs } = loop;
  const spent = totalOf(state.spending ?? {});
  loop.note('reporting', 'Checking every number by running its query again, and writing the report');
  const written = await writeReport.executeWithOptions({ summary: `report · ${phase.reason}` }, [
    {
      session,
      task: input.task,
      model: modelsUsed(state, input.model),
      head: state.head,
      catalog: state.catalog,
      ...(phase.submission === undefined ? {} : { submission: phase.submission.ref }),
      reason: phase.reason,
      ...(state.switches === undefined ? {} : { switches: state.switches }),
      mayMend: state.refusals < maxRefusals && !state.wrappingUp,
      plan: state.plan,
      steps: state.budget.steps,
      toolCalls: state.budget.toolCalls,
      inputTokens: state.budget.inputTokens,
      outputTokens: state.budget.outputTokens,
      cachedInputTokens: spent.cachedInputTokens,
      costUsd: state.spending === undefined ? null : spent.costUsd,
      startedAtMs,
      endedAtMs: Date.now(),
      runId: workflowInfo().firstExecutionRunId,
      ...(input.uiUrl === undefined ? {} : { uiUrl: input.uiUrl }),
    },
  ]);
  if (written.kind === 'written') return { ...outcomeOf(written) };
  loop.note('trouble', written.text);
  loop.become(
    advance(loop.state, { kind: 'reportRefused', callId: phase.submission?.callId ?? '', text: written.text }),
  );
  return undefined;
}

function outcomeOf(
  written: Extract<Awaited<ReturnType<Activities['writeReport']>>, { kind: 'written' }>,
): AnalysisOutcome {
  const { kind: _, ...rest } = written;
  return { status: 'completed', ...rest };
}

/** A damaged blob is mended by doing again what wrote it: the journal still has the reply, tools are asked again. */
async function mend(loop: Loop, error: unknown): Promise<boolean> {
  const failure = applicationFailureIn(error);
  const isLost = failure?.type === 'Store.Corrupt' || failure?.type === 'Store.Missing';
  if (!isLost || !mayRepair(loop.state)) return false;
  loop.note('trouble', failure.message);
  const ref: unknown = failure.details?.[0];
  loop.become(advance(loop.state, { kind: 'blobLost', ...(typeof ref === 'string' ? { ref } : {}) }));
  return true;
}

async function continueAsNewIfDue(loop: Loop): Promise<void> {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  if (!continueAsNewSuggested && historyLength < maxHistoryEvents) return;
  const { state, input, startedAtMs } = loop;
  await continueAsNew<AnalysisWorkflow>({ ...input, carried: { state, startedAtMs } });
}

function isStoreFailure(failure: { readonly type?: string | null | undefined }): boolean {
  return failure.type?.startsWith('Store.') ?? false;
}

function timeoutIn(error: unknown): { type: string; message: string } | undefined {
  const isTimeout = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  return isTimeout
    ? { type: 'Tool.Timeout', message: 'the call did not end within its time, however often it was tried' }
    : undefined;
}

function applicationFailureIn(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause : undefined;
}
