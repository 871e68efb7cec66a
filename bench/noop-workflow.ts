/** The floor: one activity after the other, each of which does nothing. */
import { proxyActivities } from '@temporalio/workflow';

export type NoopActivities = { step(): Promise<void> };

const { step } = proxyActivities<NoopActivities>({ startToCloseTimeout: '1 minute' });

export async function noopWorkflow(steps: number): Promise<void> {
  for (let count = 0; count < steps; count += 1) await step();
}
