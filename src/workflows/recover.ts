/** When an analysis cannot go on by itself it waits for a person's word, and nothing of it is lost. */
import { CancellationScope, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { openAsk, toldDecision } from '../analysis/decisions.ts';
import { modelWays, stoppedBy, stuck, troubleEnded, withModels } from '../analysis/recovery.ts';
import { readWayOut, type Answer, type WayOut } from '../analysis/ways-out.ts';
import { catalogOptions } from './activity-options.ts';
import { decisionFor } from './approvals.ts';
import { late } from './deadline.ts';
import { applicationFailureIn } from './failure-in.ts';
import { interrupted } from './interrupts.ts';
import { attended, type Loop } from './loop.ts';

const { loadCatalog } = proxyActivities<Activities>(catalogOptions);

export type Trouble = {
  readonly id: string;
  readonly text: string;
  readonly ways: readonly WayOut[];
  /** Nobody's word is needed when it goes by itself after this time. */
  readonly retryAfterMs?: number;
};

/** `nobody`: it runs unattended, or nobody answered in time; `told` says which. */
export type Helped =
  | (Answer & { readonly kind: 'answered'; readonly by: string })
  | { readonly kind: 'nobody'; readonly told: string }
  | typeof interrupted
  | typeof late;

/** `stop` is done here already: what is under way is interrupted by it. */
export async function askForHelp(loop: Loop, { retryAfterMs, ...trouble }: Trouble): Promise<Helped> {
  const deciding = decisionFor(loop, { kind: 'trouble', ...trouble });
  const decision = await (retryAfterMs === undefined ? deciding : orAfter(loop, trouble.id, retryAfterMs, deciding));
  if (decision === interrupted || decision === late) return decision;
  const answer = decision.kind === 'answered' ? readWayOut(trouble.ways, decision.text) : undefined;
  if (decision.kind !== 'answered' || answer === undefined || typeof answer === 'string')
    return { kind: 'nobody', told: toldDecision(decision) };
  loop.become(troubleEnded(loop.state));
  if (answer.word !== 'stop') return { kind: 'answered', ...answer, by: decision.by };
  loop.become(stoppedBy(loop.state, decision.by, answer.rest, Date.now()));
  return interrupted;
}

/** The clock answers, too. */
async function orAfter<T>(loop: Loop, id: string, retryAfterMs: number, deciding: Promise<T>): Promise<T> {
  const clock = new CancellationScope();
  const ticking = clock.run(async () => {
    await sleep(retryAfterMs);
    if (openAsk(loop.state, id) === undefined) return;
    loop.happen({ kind: 'decided', id, decision: { kind: 'answered', by: 'the clock', text: 'retry' } });
  });
  ticking.catch(() => undefined);
  try {
    return await deciding;
  } finally {
    clock.cancel();
  }
}

/** No model is left to ask: a person says when to try again, or which one; resolves at the next safe point. */
export async function findModel(loop: Loop, reason: string): Promise<undefined> {
  const { models, budget, troubles = 0 } = loop.state;
  const asked = models?.[0] ?? loop.input.model;
  const text = `No model can go on: ${asked} failed (${reason}), and none is left to ask. Repair that, or name another one.`;
  loop.settle('waiting');
  const helped = await askForHelp(loop, { id: `model-${budget.steps + 1}-${troubles}`, text, ways: modelWays });
  loop.settle('running');
  if (helped === interrupted || helped === late) return undefined;
  if (helped.kind === 'nobody') {
    loop.note('trouble', `${text} It was ${helped.told}.`);
    loop.become(stuck(loop.state, `${asked} could not go on (${reason}), and no other model was left to ask.`));
    return undefined;
  }
  const problem = await takeModels(loop, helped.word === 'model' ? helped.rest : loop.input.model);
  return problem === undefined ? undefined : findModel(loop, problem);
}

/** What can be asked when this one is named; resolves with why nothing can. */
async function takeModels(loop: Loop, model: string): Promise<string | undefined> {
  const { session, input } = loop;
  const priced = loop.state.budget.maxUsd === undefined ? {} : { priced: true as const };
  try {
    const found = await loadCatalog.executeWithOptions({ summary: `models for ${model}` }, [
      { session, task: input.task, data: input.data, model, ...attended(input), ...priced },
    ]);
    loop.become(withModels(loop.state, found));
    return undefined;
  } catch (error) {
    const failure = applicationFailureIn(error);
    if (isCancellation(error) || failure === undefined) throw error;
    return failure.message;
  }
}
