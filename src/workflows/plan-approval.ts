/** Plan mode: before any data is read, the person sees the plan and what it may cost, and says yes, another one, or no. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { withRefused, toldDecision, type Decision } from '../analysis/decisions.ts';
import { redirected } from '../analysis/interrupts.ts';
import type { Plan } from '../analysis/plan.ts';
import { catalogOptions } from './activity-options.ts';
import { decisionFor } from './approvals.ts';
import { late } from './deadline.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';

const { estimatePlan } = proxyActivities<Activities>(catalogOptions);

/** A safe point; resolves at once when there is nothing to accept. */
export async function acceptPlan(loop: Loop): Promise<void> {
  const { plan, phase, catalog, planAccepted } = loop.state;
  const how = loop.input.approvals?.plan;
  if (how === undefined || planAccepted || plan === null || catalog === null || phase.kind === 'reporting') return;
  const model = loop.state.models?.[0] ?? loop.input.model;
  const estimate = await untilInterrupted(loop, () =>
    estimatePlan.executeWithOptions({ summary: 'what the plan may cost' }, [
      { session: loop.session, catalog, model, plan },
    ]),
  );
  if (estimate === interrupted) return;
  const { cost } = estimate;
  if (how === 'show') {
    loop.note('plan', cost);
    return loop.become({ ...loop.state, planAccepted: true });
  }
  loop.settle('waiting');
  const decision = await decisionFor(loop, { kind: 'plan', id: `plan-${loop.state.budget.steps}`, plan, cost });
  loop.settle('running');
  if (decision !== interrupted && decision !== late) follow(loop, decision);
}

function follow(loop: Loop, decision: Decision): void {
  if (decision.kind === 'denied') {
    const refused = withRefused(loop.state, `The plan was ${toldDecision(decision)}.`);
    return loop.become({ ...refused, asks: [], phase: { kind: 'reporting', reason: 'planRefused', answered: [] } });
  }
  loop.become({ ...loop.state, planAccepted: true });
  if (decision.kind === 'approved' && decision.plan !== undefined) {
    loop.become({ ...redirected(loop.state, wordsOf(decision.plan)), plan: decision.plan });
    loop.note('plan', `The plan is now: ${wordsOf(decision.plan)}`);
  }
}

function wordsOf({ steps }: Plan): string {
  return steps.map(({ title }, index) => `${index + 1}. ${title}`).join(' ');
}
