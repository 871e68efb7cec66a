/** Waits until a person has decided, for seconds or weeks, at no cost; nobody in time means no. */
import { condition } from '@temporalio/workflow';
import { decisionOn, openAsk, withAsk, withDecision, type Ask, type Decision } from '../analysis/decisions.ts';
import { shorten } from '../analysis/progress.ts';
import { beforeDeadline, late } from './deadline.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import type { Approvals } from './messages.ts';

/** How long a decision is waited for unless the start says otherwise. */
export const defaultWithinMs = 7 * 24 * 3_600_000;

/** What there is to decide, before it has a deadline. */
export type Asking = Ask extends infer One ? (One extends Ask ? Omit<One, 'sinceMs' | 'untilMs'> : never) : never;

/** Asked again, after a pause or a repaired turn, it is decided as before, or waits on with its old deadline. */
export async function decisionFor(loop: Loop, asking: Asking): Promise<Decision | typeof interrupted | typeof late> {
  const known = decisionOn(loop.state, asking.id);
  if (known !== undefined) return known;
  const approvals: Approvals = loop.input.approvals ?? { withinMs: defaultWithinMs };
  if (approvals.unattended === true) return decided(loop, asking.id, 'the analysis runs unattended: nobody is asked');
  if (openAsk(loop.state, asking.id) === undefined) {
    const sinceMs = Date.now();
    loop.become(withAsk(loop.state, { ...asking, sinceMs, untilMs: sinceMs + approvals.withinMs }));
    loop.note('asked', askedText(loop.session, asking));
  }
  const { untilMs } = openAsk(loop.state, asking.id)!;
  const ended = await untilInterrupted(loop, () =>
    beforeDeadline(loop, () =>
      condition(() => decisionOn(loop.state, asking.id) !== undefined, Math.max(1, untilMs - Date.now())),
    ),
  );
  if (ended === interrupted || ended === late) return ended;
  return decisionOn(loop.state, asking.id) ?? decided(loop, asking.id, 'nobody decided in time');
}

function decided(loop: Loop, id: string, reason: string): Decision {
  const decision: Decision = { kind: 'denied', reason };
  loop.become(withDecision(loop.state, id, decision));
  return decision;
}

function askedText(session: string, asking: Asking): string {
  switch (asking.kind) {
    case 'call':
      return `Waits for a yes to ${asking.name}, because ${asking.why}: ${shorten(asking.arguments, 120)} · dpa approve ${session} ${asking.id}`;
    case 'question':
      return `${shorten(asking.text, 200)} · dpa answer ${session} ${asking.id} "…"`;
    case 'plan':
      return `Waits for a yes to the plan · dpa approve ${session} ${asking.id}`;
  }
}
