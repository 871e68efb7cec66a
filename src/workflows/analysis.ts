/** One analysis as a durable workflow: it keeps references and decisions, the activities do the work. */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import {
  ContinueAsNew,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { busy, idle, limitsOf, tokensUsed } from '../analysis/budget.ts';
import { beginAnalysis } from '../analysis/control.ts';
import { following, leftBehind } from '../analysis/follow-up.ts';
import { happened, stateName } from '../analysis/machine.ts';
import type { AnalysisState } from '../analysis/state.ts';
import { totalOf } from '../analysis/cost.ts';
import { addProgress, progressAfter } from '../analysis/progress.ts';
import { runAgentLoop } from './agent-loop.ts';
import { handleBudgetMessages } from './budget-messages.ts';
import { currentDetails } from './current-details.ts';
import { handleDecisions } from './decisions.ts';
import { handleInterrupts } from './interrupts.ts';
import type { Loop } from './loop.ts';
import {
  costQuery,
  statusQuery,
  transcriptQuery,
  type AnalysisInput,
  type AnalysisOutcome,
  type AnalysisStatus,
} from './messages.ts';

const datasetsAttribute = defineSearchAttributeKey('DpaDatasets', SearchAttributeType.KEYWORD_LIST);
const costUsdAttribute = defineSearchAttributeKey('DpaCostUsd', SearchAttributeType.DOUBLE);
const modelAttribute = defineSearchAttributeKey('DpaModel', SearchAttributeType.KEYWORD);
const statusAttribute = defineSearchAttributeKey('DpaStatus', SearchAttributeType.KEYWORD);

export async function analysisWorkflow(input: AnalysisInput): Promise<AnalysisOutcome> {
  const startedAtMs = input.carried?.startedAtMs ?? Date.now();
  let state = input.carried?.state ?? begun(input);
  let status: AnalysisStatus['status'] = 'running';

  setHandler(statusQuery, (query) => ({
    status: status === 'running' ? liveStatus(state) : status,
    ...waitsFor(state),
    ...(state.paused === undefined ? {} : { paused: state.paused }),
    phase: state.phase.kind,
    task: input.task,
    model: state.models?.[0] ?? input.model,
    steps: state.budget.steps,
    maxSteps: state.budget.maxSteps,
    limits: limitsOf(state.budget),
    spent: spentOf(state),
    toolCalls: state.budget.toolCalls,
    startedAtMs,
    plan: state.plan,
    progress: progressAfter(state.progress, query?.after ?? 0),
  }));
  setHandler(costQuery, () => ({ models: state.spending ?? {}, total: totalOf(state.spending ?? {}) }));
  setHandler(transcriptQuery, () => ({
    ...leftBehind(state),
    steps: state.budget.steps,
    data: input.data,
  }));

  const end = (how: 'completed' | 'stopped' | 'failed', datasets: readonly string[] = []): void => {
    status = how;
    if (!input.searchAttributes) return;
    upsertSearchAttributes([
      { key: statusAttribute, value: how },
      { key: datasetsAttribute, value: [...datasets] },
      ...costAttribute(input, totalOf(state.spending ?? {}).costUsd),
      ...modelAttributeOf(state),
    ]);
  };
  let told: string = 'running';
  const loop: Loop = {
    input,
    startedAtMs,
    session: workflowInfo().workflowId,
    get state() {
      return state;
    },
    become(next: AnalysisState) {
      state = next;
      setCurrentDetails(currentDetails(input.task, state));
    },
    happen(event) {
      this.become(happened(state, event));
    },
    settle(how) {
      const { budget } = state;
      state = { ...state, budget: how === 'running' ? busy(budget, Date.now()) : idle(budget, Date.now()) };
      if (input.searchAttributes && how !== told) upsertSearchAttributes([{ key: statusAttribute, value: how }]);
      told = how;
    },
    note(kind, text) {
      this.become({ ...state, progress: addProgress(state.progress, Date.now(), kind, text) });
    },
  };

  handleInterrupts(loop);
  handleBudgetMessages(loop);
  handleDecisions(loop);

  try {
    const outcome = await runAgentLoop(loop);
    loop.note('ended', outcome.headline);
    end(outcome.status, outcome.datasets);
    log.info('analysis completed', { exitCode: outcome.exitCode });
    return outcome;
  } catch (error) {
    if (!(error instanceof ContinueAsNew)) end('failed');
    throw error;
  }
}

function liveStatus(state: AnalysisState): AnalysisStatus['status'] {
  const name = stateName(state);
  return name === 'paused' || name === 'waiting' ? name : 'running';
}

function spentOf({ spending = {}, budget }: AnalysisState): AnalysisStatus['spent'] {
  return {
    usd: totalOf(spending).costUsd,
    reservedUsd: budget.reservedUsd ?? 0,
    tokens: tokensUsed(budget),
    bytesScanned: budget.bytesScanned ?? 0,
  };
}

function waitsFor({ asks = [] }: AnalysisState): Pick<AnalysisStatus, 'waitsFor'> {
  return asks.length === 0
    ? {}
    : {
        waitsFor: asks.map((ask) => ({
          id: ask.id,
          kind: ask.kind,
          ...(ask.kind === 'trouble' ? { text: ask.text } : {}),
        })),
      };
}

function begun(input: AnalysisInput): AnalysisState {
  const { timeoutMs, workMs, ...limits } = input.limits ?? {};
  const withinMs = workMs ?? timeoutMs;
  const state = beginAnalysis(
    input.task,
    input.maxSteps,
    { ...limits, ...(withinMs === undefined ? {} : { untilMs: Date.now() + withinMs }) },
    workMs !== undefined,
  );
  const begins = input.follows === undefined ? state : following(state, input.task, input.follows);
  return { ...begins, progress: addProgress(state.progress, Date.now(), 'started', input.task) };
}

/** Not in analyses that an earlier version started: what it recorded has to replay. */
function costAttribute({ limits }: AnalysisInput, costUsd: number | null) {
  return limits === undefined || costUsd === null ? [] : [{ key: costUsdAttribute, value: costUsd }];
}

/** The model that was asked last; not in analyses that an earlier version started. */
function modelAttributeOf({ models: [model] = [], windows }: AnalysisState) {
  return windows === undefined || model === undefined ? [] : [{ key: modelAttribute, value: model }];
}
