/** The report of an analysis: written, or sent back to the model with what is wrong. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { advance, maxRefusals } from '../analysis/control.ts';
import type { AnalysisState } from '../analysis/state.ts';
import { totalOf } from '../analysis/cost.ts';
import { reachedLimit } from '../analysis/limits.ts';
import { reportOptions } from './activity-options.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
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
  const written = await untilInterrupted(
    loop,
    () =>
      writeReport.executeWithOptions({ summary: `report · ${phase.reason}` }, [
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
          ...(state.refused === undefined ? {} : { refused: state.refused }),
          ...(state.gaps === undefined ? {} : { gaps: state.gaps }),
          ...(state.budget.maxBytesScanned === undefined ? {} : { countsScans: true as const }),
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
      ]),
    isHeldBack,
  );
  // The words came before the end, so they count: the report is written again after them, and after a pause.
  if (written === interrupted || isRedirected(loop.state)) return undefined;
  if (written.kind === 'written') return { ...outcomeOf(written) };
  loop.note('trouble', written.text);
  loop.become(
    advance(loop.state, { kind: 'reportRefused', callId: phase.submission?.callId ?? '', text: written.text }),
  );
  return undefined;
}

/** What an analysis ends with that a person stopped. */
const stoppedExitCode = 5;

function isRedirected({ redirects = [] }: AnalysisState): boolean {
  return redirects.length > 0;
}

/** A stop does not end it: the report is what a stopped analysis ends with. */
function isHeldBack(state: AnalysisState): boolean {
  return isRedirected(state) || state.paused !== undefined;
}

function outcomeOf(
  written: Extract<Awaited<ReturnType<Activities['writeReport']>>, { kind: 'written' }>,
): AnalysisOutcome {
  const { kind: _, ...rest } = written;
  return { status: rest.exitCode === stoppedExitCode ? 'stopped' : 'completed', ...rest };
}

/** As the report names them: more than one where another one took over. */
function modelsUsed({ spending }: AnalysisState, named: string): string {
  const used = Object.keys(spending ?? {});
  return used.length === 0 ? named : used.join(', ');
}
