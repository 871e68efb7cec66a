/** Shortens the conversation before a turn that would be too long: one activity, settled in the same budget. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities, CompactInput } from '../activities/contract.ts';
import { advance } from '../analysis/control.ts';
import { withinLimits } from '../analysis/limits.ts';
import type { AnalysisState } from '../analysis/state.ts';
import { modelOptions } from './activity-options.ts';
import { beforeDeadline, late } from './deadline.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import { reservedFor } from './reserved.ts';

const { compact: shorten } = proxyActivities<Activities>(modelOptions);

/** Tokens that a summary may take, reasoning included. */
const maxSummaryTokens = 8_192;

/** An interrupt or the end of the time leaves everything as it was: the next safe point says what follows. */
export async function compact(loop: Loop, model: string): Promise<void> {
  const { state, session } = loop;
  const { head, budget, shortening, windows, promptTokens = 0, plan } = state;
  const window = windows?.[model];
  const ask = askOf(state, model);
  const input: CompactInput = {
    session,
    step: budget.steps,
    model,
    head: head!,
    contextTokens: budget.contextTokens ?? 0,
    promptTokens,
    plan,
    ...(window === undefined ? {} : { window }),
    ...(shortening?.view === undefined ? {} : { view: shortening.view }),
    ...(shortening?.exceeded === undefined ? {} : { exceeded: true }),
    ...(ask === undefined ? {} : { ask }),
  };
  const done = await untilInterrupted(loop, () =>
    beforeDeadline(loop, () => shorten.executeWithOptions({ summary: `shortening · ${model}` }, [input])),
  );
  if (done === interrupted || done === late) return;
  const { told, ...result } = done;
  loop.note('said', told);
  loop.become(advance(loop.state, { kind: 'compacted', model, ...result }));
}

/** Under a limit a model is asked only where a step and the wrap-up can still be paid: as if it were a step itself. */
function askOf(state: AnalysisState, model: string): CompactInput['ask'] {
  if (model === 'builtin') return undefined;
  const reserved = withinLimits(state, model, Date.now());
  if (reserved.phase.kind !== 'thinking' || reserved.wrappingUp !== state.wrappingUp) return undefined;
  const room = reserved.maxOutputTokens ?? maxSummaryTokens;
  return { maxOutputTokens: Math.min(room, maxSummaryTokens), ...reservedFor(reserved.budget) };
}
