/** Waits until a person has decided, for seconds or weeks, at no cost; nobody in time means no. */
import { CancellationScope, condition, isCancellation, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { decisionOn, openAsk, type Ask, type Decision } from '../analysis/decisions.ts';
import { shorten } from '../analysis/progress.ts';
import { nextWord } from '../analysis/waiting-words.ts';
import { wayText } from '../analysis/ways-out.ts';
import { tellOptions } from './activity-options.ts';
import { beforeDeadline, late } from './deadline.ts';
import { applicationFailureIn } from './failure-in.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import type { Approvals } from './messages.ts';

/** How long a decision is waited for unless the start says otherwise. */
const usualWithinMs = 7 * 24 * 3_600_000;

const { tellPeople } = proxyActivities<Activities>(tellOptions);

/** Of the task, in a word to people. */
const maxTaskCharacters = 200;

/** What there is to decide, before it has a deadline. */
export type Asking = Ask extends infer One ? (One extends Ask ? Omit<One, 'sinceMs' | 'untilMs'> : never) : never;

/** Asked again after a pause, it is decided as before, or waits on with its old deadline. */
export async function decisionFor(loop: Loop, asking: Asking): Promise<Decision | typeof interrupted | typeof late> {
  const known = decisionOn(loop.state, asking.id);
  if (known !== undefined) return known;
  const approvals: Approvals = loop.input.approvals ?? {};
  if (approvals.unattended === true) return decided(loop, asking.id, 'the analysis runs unattended: nobody is asked');
  if (openAsk(loop.state, asking.id) === undefined) {
    const sinceMs = Date.now();
    const untilMs = sinceMs + (approvals.withinMs ?? usualWithinMs);
    loop.happen({ kind: 'asked', ask: { ...asking, sinceMs, untilMs } });
    loop.note('asked', askedText(loop.session, asking));
  }
  const ended = await untilInterrupted(loop, () =>
    beforeDeadline(loop, () => decidedInTime(loop, asking.id, approvals)),
  );
  if (ended === interrupted || ended === late) return ended;
  return decisionOn(loop.state, asking.id) ?? decided(loop, asking.id, 'nobody decided in time');
}

/** Tells people while it waits; the decision ends it at any moment. */
async function decidedInTime(loop: Loop, id: string, approvals: Approvals): Promise<void> {
  const isDecided = () => decisionOn(loop.state, id) !== undefined;
  for (let ask = openAsk(loop.state, id); ask !== undefined && !isDecided(); ask = openAsk(loop.state, id)) {
    const word = loop.state.tells === true ? nextWord(ask, approvals) : undefined;
    const untilMs = word?.atMs ?? ask.untilMs;
    const waitMs = untilMs - Date.now();
    if (waitMs > 0 && (await condition(isDecided, waitMs))) return;
    if (word === undefined) return;
    loop.happen({ kind: 'reminded', id });
    await untilDecided(ask, isDecided, () => tell(loop, ask, word.stage));
  }
}

/** A receiver that takes its time neither holds up the decision nor moves the deadline. */
async function untilDecided(ask: Ask, isDecided: () => boolean, work: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope({ cancellable: true, timeout: Math.max(1, ask.untilMs - Date.now()) });
  try {
    await scope.run(() => Promise.race([work(), condition(isDecided)]));
  } catch (error) {
    if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
  } finally {
    scope.cancel();
  }
}

async function tell(loop: Loop, ask: Ask, stage: 'asked' | 'reminder' | 'escalation'): Promise<void> {
  const { session, input } = loop;
  const page = input.uiUrl === undefined ? undefined : `${input.uiUrl}/${session}/${workflowInfo().runId}/history`;
  const word = { session, task: shorten(input.task, maxTaskCharacters), ask, stage };
  try {
    const { problems } = await tellPeople.executeWithOptions({ summary: `${stage}: ${ask.id}` }, [
      { ...word, ...(page === undefined ? {} : { url: page }) },
    ]);
    for (const problem of problems) loop.note('trouble', problem);
  } catch (error) {
    if (isCancellation(error)) throw error;
    loop.note(
      'trouble',
      `Nobody could be told that ${ask.id} waits: ${applicationFailureIn(error)?.message ?? 'the worker was lost'}.`,
    );
  }
}

function decided(loop: Loop, id: string, reason: string): Decision {
  const decision: Decision = { kind: 'denied', reason };
  loop.happen({ kind: 'decided', id, decision });
  return decision;
}

function askedText(session: string, asking: Asking): string {
  switch (asking.kind) {
    case 'call':
      return `Waits for a yes to ${asking.name}, because ${asking.why}: ${shorten(asking.arguments, 120)} · dpa approve ${session} ${asking.id}`;
    case 'question':
      return `${shorten(asking.text, 200)} · dpa answer ${session} ${asking.id} "…"`;
    case 'trouble':
      return `${shorten(asking.text, 200)} · dpa answer ${session} ${asking.id} "${asking.ways.map(wayText).join(' | ')}"`;
    case 'plan':
      return `Waits for a yes to the plan. ${asking.cost} · dpa approve ${session} ${asking.id}`;
  }
}
