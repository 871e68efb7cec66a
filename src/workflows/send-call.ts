/** Sends one tool call through its activity, and says how that ended. */
import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities, CallToolInput, CallToolResult, CallTrouble } from '../activities/contract.ts';
import type { Decision } from '../analysis/decisions.ts';
import type { Requested } from '../analysis/state.ts';
import { attemptsTogether, type ToolTrouble } from '../analysis/tool-recovery.ts';
import { toolAloneOptions, toolOptions } from './activity-options.ts';
import { beforeDeadline, late } from './deadline.ts';
import { applicationFailureIn, isTimeout } from './failure-in.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import type { Scanned } from './scan-limit.ts';

const { callTool } = proxyActivities<Activities>(toolOptions);
const { callTool: callAlone } = proxyActivities<Activities>(toolAloneOptions);

/** What a trouble scanned is counted with the attempt that ends it. */
export type Sent = Scanned &
  (
    | { readonly kind: 'result'; readonly result: CallToolResult }
    | { readonly kind: 'interrupted' }
    | { readonly kind: 'late' }
    | { readonly kind: 'trouble'; readonly trouble: ToolTrouble }
  );

export type Changes = Pick<CallToolInput, 'standIn' | 'again'> & {
  /** After its worker was lost: one attempt, by itself. */
  readonly isApart: boolean;
  readonly edited?: NonNullable<Extract<Decision, { kind: 'approved' }>['edited']>;
};

export async function sendCall(loop: Loop, requested: Requested, changed: Changes): Promise<Sent> {
  const send = changed.isApart ? callAlone : callTool;
  try {
    const result = await untilInterrupted(loop, () =>
      beforeDeadline(loop, () =>
        send.executeWithOptions({ summary: summaryOf(requested, changed) }, [inputOf(loop, requested, changed)]),
      ),
    );
    if (result === interrupted) return { kind: 'interrupted', scanned: 'unknown' };
    return result === late ? { kind: 'late', scanned: 'unknown' } : answered(result);
  } catch (error) {
    const trouble = isCancellation(error) ? undefined : troubleIn(error, changed.isApart ? 1 : attemptsTogether);
    if (trouble === undefined) throw error;
    return { kind: 'trouble', trouble };
  }
}

/** `unsent`: it never reached its server, and cannot any more. */
export async function lookUp(
  loop: Loop,
  requested: Requested,
  changed: Changes,
): Promise<Extract<Sent, { kind: 'result' }> | { readonly kind: 'unsent' } | { readonly kind: 'unknown' }> {
  try {
    const input = { ...inputOf(loop, requested, changed), look: true as const };
    const result = await callTool.executeWithOptions({ summary: `what became of ${requested.summary}` }, [input]);
    return answered(result);
  } catch (error) {
    return { kind: applicationFailureIn(error)?.type === 'Tool.Cancelled' ? 'unsent' : 'unknown' };
  }
}

function answered(result: CallToolResult): Extract<Sent, { kind: 'result' }> {
  const { bytesScanned: scanned } = result;
  return { kind: 'result', result, ...(scanned === undefined ? {} : { scanned }) };
}

function inputOf({ state, session }: Loop, { id, name }: Requested, changed: Changes): CallToolInput {
  const { isApart: _, edited, ...others } = changed;
  const change = edited === undefined ? {} : { edited: edited.ref };
  const counts = state.budget.maxBytesScanned === undefined ? {} : { countsScans: true as const };
  return { session, head: state.head!, catalog: state.catalog!, callId: id, name, ...change, ...counts, ...others };
}

function summaryOf({ summary }: Requested, { standIn }: Changes): string {
  return standIn === undefined ? summary : `${standIn} instead · ${summary}`;
}

/** Undefined: not the trouble of a call; the store's is mended elsewhere, a bug is not hidden. */
function troubleIn(error: unknown, attempts: number): ToolTrouble | undefined {
  const failure = applicationFailureIn(error);
  if (failure === undefined) return isTimeout(error) ? { kind: 'lost', attempts } : undefined;
  const type = failure.type ?? 'Bug';
  if (type.startsWith('Store.')) return undefined;
  const [said] = (failure.details ?? []) as readonly (CallTrouble | undefined)[];
  return { kind: 'failed', type, message: failure.message, mayRetry: said?.mayRetry === true };
}
