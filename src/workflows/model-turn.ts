/** One turn of the model, and who is asked next when it fails. */
import { ApplicationFailure, isCancellation, patched, proxyActivities } from '@temporalio/workflow';
import type { Activities, CompleteTurnInput } from '../activities/contract.ts';
import { afterContextExceeded, isCompactionDue } from '../analysis/compaction.ts';
import { advance } from '../analysis/control.ts';
import type { AnalysisState, Turn } from '../analysis/state.ts';
import { planNews, type Plan } from '../analysis/plan.ts';
import { shorten } from '../analysis/progress.ts';
import { hasAnother, isTooLong, routeAfter, uselessTrouble, type ModelTrouble } from '../analysis/routing.ts';
import { modelOptions } from './activity-options.ts';
import { compact } from './compacting.ts';
import { beforeDeadline, late } from './deadline.ts';
import { modelFailureIn } from './failure-in.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import { waitForProvider } from './long-wait.ts';
import { attended, type Loop } from './loop.ts';
import { findModel } from './recover.ts';
import { reservedFor } from './reserved.ts';

const { completeTurn } = proxyActivities<Activities>(modelOptions);

export async function think(loop: Loop): Promise<undefined> {
  const useless = uselessTrouble(loop.state);
  if (useless !== undefined && patched('useless-replies')) return afterUseless(loop, useless);
  const { session, input } = loop;
  const model = loop.state.models?.[0] ?? input.model;
  if (isCompactionDue(loop.state, model)) return shortenFirst(loop, model);
  const startedAtMs = Date.now();
  loop.happen({ kind: 'turnDue', model, atMs: startedAtMs });
  const { state } = loop;
  if (state.phase.kind !== 'thinking') return undefined;
  const turn = state.budget.steps + 1;
  let reply;
  try {
    const { head, pending: append, catalog, maxOutputTokens, shortening } = state;
    const another = hasAnother(state) ? { another: true as const } : {};
    const output = outputOf(loop, state);
    const room = maxOutputTokens === undefined ? {} : { maxOutputTokens };
    reply = await untilInterrupted(loop, () =>
      beforeDeadline(loop, () =>
        completeTurn.executeWithOptions({ summary: `turn ${turn} · ${model}` }, [
          {
            session,
            turn,
            model,
            head,
            append,
            catalog: catalog!,
            ...(shortening?.view === undefined ? {} : { view: shortening.view }),
            ...room,
            ...reservedFor(state.budget),
            ...another,
            ...(output === undefined ? {} : { output }),
            ...plansFirst(loop),
            ...failedCalls(state),
            ...attended(loop.input),
          },
        ]),
      ),
    );
  } catch (error) {
    return askAnother(loop, error);
  }
  // The next safe point, or the next look at the limits, says what follows.
  if (reply === late || reply === interrupted) return undefined;
  if (reply.cut === true) {
    loop.happen({ kind: 'cutOff', head: reply.head });
    return undefined;
  }
  const { preview, ...completed } = reply;
  announcePlan(loop, completed.plan);
  if (preview !== '') loop.note('said', preview);
  const trouble = troubleIn(completed);
  if (trouble !== undefined) loop.note('trouble', trouble);
  const tookMs = Date.now() - startedAtMs;
  becomeNoting(loop, advance(loop.state, { kind: 'turnCompleted', turn: completed, model, tookMs }));
}

/** The next pass is a safe point, and makes the turn. */
async function shortenFirst(loop: Loop, model: string): Promise<undefined> {
  try {
    await compact(loop, model);
  } catch (error) {
    return askAnother(loop, error);
  }
}

/** A report in the last call, and after one that could not be used; a plan where a person accepts it before the work begins. */
function outputOf({ input }: Loop, { wrappingUp, rejections = 0, plan }: AnalysisState): CompleteTurnInput['output'] {
  if (!wrappingUp && plan === null && input.approvals?.plan === 'ask') return 'plan';
  return wrappingUp || rejections > 0 ? 'report' : undefined;
}

function failedCalls({ failed = [] }: AnalysisState): Pick<CompleteTurnInput, 'failed'> {
  return failed.length === 0 ? {} : { failed: failed.map(({ same }) => same) };
}

function plansFirst({ input }: Loop): { plansFirst?: true } {
  return input.approvals?.plan === 'ask' ? { plansFirst: true } : {};
}

function announcePlan(loop: Loop, plan: Plan | undefined): void {
  const news = plan === undefined ? undefined : planNews(loop.state.plan, plan);
  if (news !== undefined) loop.note(news.kind, news.text);
}

/** The activity has tried the same model as often as makes sense; which one is asked next is decided here, in history. */
async function askAnother(loop: Loop, error: unknown): Promise<undefined> {
  const failure = modelFailureIn(error);
  if (failure?.type === 'Model.OverBudget') {
    loop.become(afterBrokenOff(loop, failure));
    return undefined;
  }
  if (failure === undefined || isCancellation(error)) throw error;
  const trouble = modelTrouble(failure);
  const shortened = isTooLong(failure.type) ? afterContextExceeded(loop.state) : undefined;
  if (shortened !== undefined) {
    loop.become(shortened);
    loop.note('trouble', `${trouble.reason} The conversation is shortened.`);
    return undefined;
  }
  const route = routeAfter(loop.state, trouble);
  if (route.kind === 'ask') {
    // Analyses that an earlier version ran failed here.
    if (!patched('waits-when-stuck')) throw error;
    return findModel(loop, trouble.reason);
  }
  becomeNoting(loop, advance(loop.state, { kind: 'modelFailed', ...trouble }));
  if (route.kind === 'wait') await waitForProvider(loop, route.ms, trouble.reason);
  return undefined;
}

/** The count starts anew: whoever lets it go on gives the model as many tries again. */
function afterUseless(loop: Loop, { type = 'Model.BadOutput', reason }: ModelTrouble): Promise<undefined> {
  loop.become({ ...loop.state, unreadable: 0 });
  return askAnother(loop, ApplicationFailure.create({ type, message: reason, nonRetryable: true }));
}

function modelTrouble({ type, message, details }: ApplicationFailure): ModelTrouble {
  const { retryAfterMs, retryable } = (details?.[0] ?? {}) as Partial<Record<string, unknown>>;
  const isAsked = typeof retryAfterMs === 'number' && retryAfterMs > 0 && retryable !== false;
  return {
    ...(type ? { type } : {}),
    reason: shorten(message, 200),
    ...(isAsked && patched('long-waits') ? { retryAfterMs } : {}),
  };
}

/** Nothing left for another attempt: what broke off is charged, and what was found so far is reported. */
function afterBrokenOff(loop: Loop, { details }: ApplicationFailure): AnalysisState {
  const model = loop.state.models?.[0] ?? loop.input.model;
  const [, tokens] = /^tokens (\d+)$/.exec(String(details?.[0])) ?? [];
  const used = tokens === undefined ? { usd: Number(details?.[0]) } : { tokens: Number(tokens) };
  return advance(loop.state, { kind: 'brokenOff', model, ...used });
}

/** Whoever watches hears of each model that gave way. */
function becomeNoting(loop: Loop, after: AnalysisState): void {
  const told = loop.state.switches?.length ?? 0;
  loop.become(after);
  for (const sentence of after.switches?.slice(told) ?? []) loop.note('trouble', sentence);
}

function troubleIn({ finish, refusal: why }: Turn): string | undefined {
  switch (finish) {
    case 'refusal':
      return `The model refused to go on${why === undefined ? '' : `: ${why.replace(/\.$/, '')}`}.`;
    case 'contextFull':
      return 'The conversation is longer than the model can read.';
    case 'length':
      return 'The reply was cut off at the output limit.';
    case 'paused':
    case undefined:
      return undefined;
  }
}
