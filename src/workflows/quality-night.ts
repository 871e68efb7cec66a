/** What a schedule starts: finds out which night it is and runs it under the night's own id, so that a night is run once. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, executeChild, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { intervalAt, momentInterval } from '../quality/interval.ts';
import type { QualityNightInput, QualityNightOutcome, QualityRunWorkflow } from './quality-messages.ts';

/** Clocks that are put back reach the same hour twice; a schedule may be backfilled over nights that were run: both end here. */
export async function qualityNightWorkflow({ run, timeZone, by }: QualityNightInput): Promise<QualityNightOutcome> {
  const atMs = scheduledAtMs();
  const interval = by === 'day' ? intervalAt(atMs, timeZone) : momentInterval(atMs);
  const workflowId = `nightly-${run.suiteName}-${interval.name}`;
  setCurrentDetails(`data of **${interval.name}**, run as \`${workflowId}\``);
  try {
    const outcome = await executeChild<QualityRunWorkflow>('qualityRunWorkflow', {
      workflowId,
      args: [{ ...run, interval }],
      // A night that came to its end is run once; one that was lost, by a failure or a termination, may be made up for.
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `quality of ${run.suiteName}, ${interval.name}`,
      memo: { suite: run.suiteName },
    });
    return { night: interval.name, ran: true, exitCode: outcome.exitCode, headline: outcome.headline };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { night: interval.name, ran: false };
  }
}

/** What the schedule meant, not when it came to start: a night that is caught up is still that night. */
function scheduledAtMs(): number {
  const { searchAttributes, startTime } = workflowInfo();
  const scheduled: unknown = searchAttributes['TemporalScheduledStartTime']?.[0];
  return scheduled instanceof Date ? scheduled.getTime() : startTime.getTime();
}
