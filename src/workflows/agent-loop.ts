/** The loop of an analysis: one phase after the other, each pass through it a safe point. */
import { allHandlersFinished, condition, continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { advance, mayRepair } from '../analysis/control.ts';
import { isFinal } from '../analysis/machine.ts';
import { catalogOptions } from './activity-options.ts';
import { applicationFailureIn } from './failure-in.ts';
import { settleCutOff } from './cut-off.ts';
import { heedInterrupts, whilePaused } from './interrupts.ts';
import { attended, type Loop } from './loop.ts';
import { acceptPlan } from './plan-approval.ts';
import type { AnalysisOutcome, AnalysisWorkflow } from './messages.ts';
import { think } from './model-turn.ts';
import { report } from './reporting.ts';
import { call } from './tool-calls.ts';

const { loadCatalog } = proxyActivities<Activities>(catalogOptions);

/**
 * Events after which a run continues as new, though the service suggests it only at 4,096: another worker has to replay
 * them within `workflowTaskTimeout`, on a busy machine at 1 ms each. Promise P4 allows 8,000.
 */
export const maxHistoryEvents = 2_000;

export async function runAgentLoop(loop: Loop): Promise<AnalysisOutcome> {
  for (;;) {
    try {
      await heedInterrupts(loop);
      await settleCutOff(loop);
      const outcome = (await acceptPlan(loop)) ? await takePhase(loop) : undefined;
      if (outcome !== undefined && (await isTheEnd(loop))) return outcome;
    } catch (error) {
      if (!(await mend(loop, error))) throw error;
    }
    await continueAsNewIfDue(loop);
  }
}

/**
 * Signals that come with the completion of the report are heard before it, and the service lets no run end that has not
 * heard all: so whatever was said until now is in the state, and decides.
 */
async function isTheEnd(loop: Loop): Promise<boolean> {
  do await whilePaused(loop);
  while (loop.state.paused !== undefined);
  return isFinal(loop.state);
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
    {
      session,
      task: input.task,
      data: input.data,
      model: input.model,
      ...attended(input),
      ...(loop.state.budget.maxUsd === undefined ? {} : { priced: true as const }),
    },
  ]);
  for (const problem of found.problems) loop.note('trouble', problem);
  loop.become(
    advance(loop.state, {
      kind: 'discovered',
      catalog: found.catalog,
      tools: found.tools,
      models: found.models,
      ...(found.quotes === undefined ? {} : { quotes: found.quotes }),
      ...(found.windows === undefined ? {} : { windows: found.windows }),
      ...(found.promptTokens === undefined ? {} : { promptTokens: found.promptTokens }),
      ...(found.tells === undefined ? {} : { tells: found.tells }),
      ...(found.compacts === undefined ? {} : { compacts: found.compacts }),
    }),
  );
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
  if (!continueAsNewSuggested && historyLength < (loop.input.continueAfterEvents ?? maxHistoryEvents)) return;
  // A decision that is being taken belongs to this run.
  await condition(allHandlersFinished);
  const { state, input, startedAtMs } = loop;
  await continueAsNew<AnalysisWorkflow>({ ...input, carried: { state, startedAtMs } });
}
