/** Plan mode: before any data is read, the person sees the plan and what it may cost, and says yes, another one, or no. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { planWords } from '../analysis/machine.ts';
import { catalogOptions } from './activity-options.ts';
import { decisionFor } from './approvals.ts';
import { beforeDeadline, late } from './deadline.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';

const { estimatePlan } = proxyActivities<Activities>(catalogOptions);

/** A safe point: whether the work may go on. When not, a person spoke meanwhile, or the time was over. */
export async function acceptPlan(loop: Loop): Promise<boolean> {
  const { plan, phase, catalog, planAccepted, promptTokens } = loop.state;
  const how = loop.input.approvals?.plan;
  if (how === undefined || planAccepted || plan === null || catalog === null || phase.kind === 'reporting') return true;
  const model = loop.state.models?.[0] ?? loop.input.model;
  const turn = loop.state.budget.steps;
  const estimate = await untilInterrupted(loop, () =>
    beforeDeadline(loop, () =>
      estimatePlan.executeWithOptions({ summary: 'what the plan may cost' }, [
        { session: loop.session, catalog, model, plan, turn, ...(promptTokens === undefined ? {} : { promptTokens }) },
      ]),
    ),
  );
  if (estimate === interrupted) return false;
  if (estimate === late) return timeOver(loop);
  // Without an id: estimated by an earlier version.
  const { cost, id = `plan-${turn}` } = estimate;
  if (how === 'show') {
    loop.note('plan', cost);
    loop.happen({ kind: 'planShown' });
    return true;
  }
  loop.settle('waiting');
  const decision = await decisionFor(loop, { kind: 'plan', id, plan, cost });
  loop.settle('running');
  if (decision === interrupted) return false;
  if (decision === late) return timeOver(loop);
  loop.happen({ kind: 'planDecided', decision });
  if (decision.kind === 'approved' && decision.plan !== undefined)
    loop.note('plan', `The plan is now: ${planWords(decision.plan)}`);
  return true;
}

function timeOver(loop: Loop): false {
  loop.happen({ kind: 'timeOver' });
  return false;
}
