/** The report of an analysis: written, or sent back to the model with what is wrong. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { advance, maxRefusals, type AnalysisState } from '../analysis/control.ts';
import { totalOf } from '../analysis/cost.ts';
import { reachedLimit } from '../analysis/limits.ts';
import { reportOptions } from './activity-options.ts';
import type { Loop } from './loop.ts';
import type { AnalysisOutcome } from './messages.ts';

const { writeReport } = proxyActivities<Activities>(reportOptions);

export async function report(
  loop: Loop,
  phase: Extract<AnalysisState['phase'], { kind: 'reporting' }>,
): Promise<AnalysisOutcome | undefined> {
  const { state, session, input, startedAtMs } = loop;
  const limit = phase.reason === 'budget' ? reachedLimit(state, Date.now()) : undefined;
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
      ...(limit === undefined ? {} : { limit }),
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

/** As the report names them: more than one where another one took over. */
function modelsUsed({ spending }: AnalysisState, named: string): string {
  const used = Object.keys(spending ?? {});
  return used.length === 0 ? named : used.join(', ');
}
