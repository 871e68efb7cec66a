/** The tool calls of one turn, side by side: each gets exactly one result. */
import { CancellationScope, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { maxToolCallsPerTurn } from '../analysis/budget.ts';
import { advance } from '../analysis/control.ts';
import { toldDecision, type Decision } from '../analysis/decisions.ts';
import { cancelled, isTurning } from '../analysis/interrupts.ts';
import { withWords } from '../analysis/pending.ts';
import { shorten } from '../analysis/progress.ts';
import type { Answered, Requested } from '../analysis/state.ts';
import { toolAccess } from '../policy/tool-access.ts';
import { toolOptions } from './activity-options.ts';
import { decisionFor, type Asking } from './approvals.ts';
import { beforeDeadline, late } from './deadline.ts';
import { applicationFailureIn, isTimeout } from './failure-in.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import { openScanGate, type ScanGate, type Scanned } from './scan-limit.ts';

const { callTool } = proxyActivities<Activities>(toolOptions);

/** `told`: what the model has to know about the call beside its result. `misused`: its tool is not there or takes no such call. */
type Made = Answered &
  Scanned & {
    readonly bytes?: number;
    readonly wasCancelled?: boolean;
    readonly told?: string;
    readonly misused?: true;
  };

type Edited = Extract<Decision, { kind: 'approved' }>['edited'];

export async function call(loop: Loop, calls: readonly Requested[]): Promise<undefined> {
  const crew = { ...crewOf(loop, calls.length), gate: openScanGate(loop) };
  const answers = await together(() =>
    calls.map((requested, index) => answer(loop, crew, requested, index).finally(() => crew.rest())),
  );
  loop.settle('running');
  // Made again after a pause, even one that is over already: what was answered is in the journal, what was decided in the state.
  if (answers.some(({ wasCancelled }) => wasCancelled) && !isTurning(loop.state)) return undefined;
  const results = answers.map(
    ({ bytes: _, wasCancelled: __, told: ___, misused: ____, scanned: _____, ...result }) => result,
  );
  const misused = answers.every((one) => one.misused) ? { misused: true as const } : {};
  const bytes = answers.reduce((sum, answered) => sum + (answered.bytes ?? 0), 0);
  const told = answers.flatMap((answered) => (answered.told === undefined ? [] : [answered.told]));
  const scanned = answers.flatMap((answered) => answered.scanned ?? []);
  const next = advance(loop.state, { kind: 'callsAnswered', results, bytes, scanned, ...misused });
  loop.become(told.length === 0 ? next : { ...next, pending: withWords(next.pending, told.join('\n')) });
}

/** When one of them fails for good, nothing of the others may go on behind the next turn. */
async function together<T>(works: () => Promise<T>[]): Promise<T[]> {
  const scope = new CancellationScope();
  try {
    return await scope.run(() => Promise.all(works()));
  } catch (error) {
    scope.cancel();
    throw error;
  }
}

/** Counts who is at work: when all that is left waits for a person, the analysis does. */
type Crew = { rest(): void; goOn(): void; readonly gate: ScanGate };

function crewOf(loop: Loop, size: number): Omit<Crew, 'gate'> {
  let busy = size;
  return {
    rest() {
      busy -= 1;
      if (busy === 0 && (loop.state.asks ?? []).length > 0) loop.settle('waiting');
    },
    goOn() {
      busy += 1;
      loop.settle('running');
    },
  };
}

/** Every call gets exactly one result: the tool's, a person's words, or a sentence that says why there is none. */
async function answer(loop: Loop, crew: Crew, requested: Requested, index: number): Promise<Made> {
  if (index >= maxToolCallsPerTurn)
    return refusal(requested, `More than ${maxToolCallsPerTurn} calls in one turn; ask again for the rest.`);
  if (requested.question !== undefined) return askPerson(loop, crew, requested, requested.question);
  const tool = loop.state.tools.find(({ name }) => name === requested.name);
  const { approvals } = loop.input;
  const mode = { readOnly: approvals?.readOnly === true, always: loop.state.always ?? [] };
  const access = toolAccess(tool, requested.name, mode);
  if (access.kind === 'deny')
    return { ...refusal(requested, access.reason), ...(tool === undefined ? { misused: true } : {}) };
  if (approvals?.plan === 'ask' && loop.state.planAccepted !== true && tool?.metadata !== true)
    return refusal(requested, 'The plan has to be accepted before any data is read: state it first, and wait.');
  if (access.kind === 'allow') return scan(loop, crew, requested);
  const asked = requested.ask ?? { id: requested.id, arguments: '' };
  const asking = { kind: 'call', callId: requested.id, name: requested.name, why: access.why, ...asked };
  const decision = await waitFor(loop, crew, asking as Asking);
  if (decision === interrupted) return { ...cancelled(requested.id), wasCancelled: true };
  if (decision === late) return refusal(requested, timeOver);
  if (decision.kind === 'approved') return scan(loop, crew, requested, decision.edited);
  const words = `was not run: ${toldDecision(decision)}.`;
  loop.happen({ kind: 'refused', sentence: `\`${requested.name}\` (${shorten(requested.summary, 80)}) ${words}` });
  return refusal(requested, `${requested.name} ${words} Go on without it and say so in the limits.`);
}

async function askPerson(
  loop: Loop,
  crew: Crew,
  requested: Requested,
  question: NonNullable<Requested['question']>,
): Promise<Made> {
  const decision = await waitFor(loop, crew, { kind: 'question', callId: requested.id, ...question });
  if (decision === interrupted) return { ...cancelled(requested.id), wasCancelled: true };
  const text =
    decision !== late && decision.kind === 'answered'
      ? { ok: true, answer: decision.text, by: decision.by }
      : { ok: true, answer: null, note: 'No answer: decide yourself, and say in the limits what you assumed.' };
  return { callId: requested.id, ok: true, text: JSON.stringify(text) };
}

async function waitFor(loop: Loop, crew: Crew, asking: Asking): ReturnType<typeof decisionFor> {
  const deciding = decisionFor(loop, asking);
  crew.rest();
  try {
    return await deciding;
  } finally {
    crew.goOn();
  }
}

/** What only tells about data scans none of it. */
async function scan(loop: Loop, crew: Crew, requested: Requested, edited?: Edited): Promise<Made> {
  const isMetadata = loop.state.tools.some(({ name, metadata }) => name === requested.name && metadata === true);
  if (isMetadata) {
    const { scanned: _, ...made } = await run(loop, requested, edited);
    return made;
  }
  const made = await crew.gate.pass(() => run(loop, requested, edited));
  return made === 'full' ? refusal(requested, scanLimitReached) : made;
}

const scanLimitReached = 'The bytes that may be scanned are used up; the call was not run.';

async function run(loop: Loop, requested: Requested, edited?: Edited): Promise<Made> {
  const { state, session } = loop;
  loop.note('toolCalled', requested.summary);
  const change = edited === undefined ? {} : { edited: edited.ref };
  try {
    const { id: callId, name } = requested;
    const counts = state.budget.maxBytesScanned === undefined ? {} : { countsScans: true as const };
    const input = { session, head: state.head!, catalog: state.catalog!, callId, name, ...change, ...counts };
    const result = await untilInterrupted(loop, () =>
      beforeDeadline(loop, () => callTool.executeWithOptions({ summary: requested.summary }, [input])),
    );
    if (result === interrupted) return { ...cancelled(requested.id), wasCancelled: true, scanned: 'unknown' };
    if (result === late) return { ...refusal(requested, timeOver), scanned: 'unknown' };
    loop.note('toolAnswered', `${requested.summary} · ${result.preview}`);
    const { bytes, ok, ref, bytesScanned } = result;
    return {
      callId,
      ok,
      ref,
      ...change,
      ...(bytes === undefined ? {} : { bytes }),
      ...(bytesScanned === undefined ? {} : { scanned: bytesScanned }),
      ...toldOf(requested, edited),
    };
  } catch (error) {
    // A call whose worker was lost again and again must not end the analysis either: the model is told.
    const failure = applicationFailureIn(error) ?? timeoutIn(error);
    if (isCancellation(error) || failure === undefined || isStoreFailure(failure)) throw error;
    loop.note('trouble', `${requested.name}: ${failure.message}`);
    return {
      ...refusal(requested, `${failure.type}: ${failure.message}`),
      scanned: 'unknown',
      ...toldOf(requested, edited),
      ...(misuses.includes(failure.type) ? { misused: true } : {}),
    };
  }
}

const misuses: readonly (string | null | undefined)[] = ['Tool.Unknown', 'Tool.InvalidArguments'];

const timeOver = 'The time of the analysis is over; the call was cancelled.';

function toldOf(requested: Requested, edited: Edited): { told?: string } {
  if (edited === undefined) return {};
  return { told: `The person changed the arguments of ${requested.name} (${requested.id}) to ${edited.words}` };
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
  return isTimeout(error)
    ? { type: 'Tool.Timeout', message: 'the call did not end within its time, however often it was tried' }
    : undefined;
}
