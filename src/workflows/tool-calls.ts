/** The tool calls of one turn, side by side: each gets exactly one result. */
import { ActivityFailure, isCancellation, proxyActivities, TimeoutFailure } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { maxToolCallsPerTurn } from '../analysis/budget.ts';
import { advance } from '../analysis/control.ts';
import type { Answered, Requested } from '../analysis/state.ts';
import { cancelled } from '../analysis/interrupts.ts';
import { shorten } from '../analysis/progress.ts';
import { toolAccess } from '../policy/tool-access.ts';
import { toolOptions } from './activity-options.ts';
import { beforeDeadline, late } from './deadline.ts';
import { applicationFailureIn } from './failure-in.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';

const { callTool } = proxyActivities<Activities>(toolOptions);

type Made = Answered & { readonly bytes?: number; readonly wasCancelled?: boolean };

export async function call(loop: Loop, calls: readonly Requested[]): Promise<undefined> {
  const answers = await Promise.all(calls.map((requested, index) => answer(loop, requested, index)));
  // Made again when the pause is over: what was answered already is in the journal.
  if (loop.state.paused !== undefined && answers.some(({ wasCancelled }) => wasCancelled)) return undefined;
  const results = answers.map(({ bytes: _, wasCancelled: __, ...result }) => result);
  const bytes = answers.reduce((sum, answered) => sum + (answered.bytes ?? 0), 0);
  loop.become(advance(loop.state, { kind: 'callsAnswered', results, bytes }));
}

/** Every call gets exactly one result: the tool's, or a sentence that says why there is none. */
async function answer(loop: Loop, requested: Requested, index: number): Promise<Made> {
  const { state, session } = loop;
  if (index >= maxToolCallsPerTurn)
    return refusal(requested, `More than ${maxToolCallsPerTurn} calls in one turn; ask again for the rest.`);
  const access = toolAccess(
    state.tools.find((tool) => tool.name === requested.name),
    requested.name,
  );
  if (access.kind === 'deny') return refusal(requested, access.reason);
  loop.note('toolCalled', requested.summary);
  try {
    const result = await untilInterrupted(loop, () =>
      beforeDeadline(loop, () =>
        callTool.executeWithOptions({ summary: requested.summary }, [
          { session, head: state.head!, catalog: state.catalog!, callId: requested.id, name: requested.name },
        ]),
      ),
    );
    if (result === interrupted) return { ...cancelled(requested.id), wasCancelled: true };
    if (result === late) return refusal(requested, 'The time of the analysis is over; the call was cancelled.');
    loop.note('toolAnswered', `${requested.summary} · ${result.preview}`);
    const { bytes } = result;
    return { callId: requested.id, ok: result.ok, ref: result.ref, ...(bytes === undefined ? {} : { bytes }) };
  } catch (error) {
    // A call whose worker was lost again and again must not end the analysis either: the model is told.
    const failure = applicationFailureIn(error) ?? timeoutIn(error);
    if (isCancellation(error) || failure === undefined || isStoreFailure(failure)) throw error;
    loop.note('trouble', `${requested.name}: ${failure.message}`);
    return refusal(requested, `${failure.type}: ${failure.message}`);
  }
}

function refusal(requested: Requested, text: string): Answered {
  return {
    callId: requested.id,
    ok: false,
    text: JSON.stringify({ ok: false, error: { message: shorten(text, 500) } }),
  };
}

function isStoreFailure(failure: { readonly type?: string | null | undefined }): boolean {
  return failure.type?.startsWith('Store.') ?? false;
}

function timeoutIn(error: unknown): { type: string; message: string } | undefined {
  const isTimeout = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  return isTimeout
    ? { type: 'Tool.Timeout', message: 'the call did not end within its time, however often it was tried' }
    : undefined;
}
