/** The tool calls of one turn, side by side: each gets exactly one result. */
import { CancellationScope } from '@temporalio/workflow';
import { maxToolCallsPerTurn } from '../analysis/budget.ts';
import { advance } from '../analysis/control.ts';
import { toldDecision } from '../analysis/decisions.ts';
import { cancelled, isTurning } from '../analysis/interrupts.ts';
import { withWords } from '../analysis/pending.ts';
import { shorten } from '../analysis/progress.ts';
import type { Requested } from '../analysis/state.ts';
import { toolAccess } from '../policy/tool-access.ts';
import { decisionFor, type Asking } from './approvals.ts';
import { late } from './deadline.ts';
import { interrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import { refusal, timeOver, type Made } from './made-call.ts';
import { openScanGate, type ScanGate } from './scan-limit.ts';
import { attempt } from './tool-attempts.ts';

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
    return refusal(requested.id, `More than ${maxToolCallsPerTurn} calls in one turn; ask again for the rest.`);
  if (requested.question !== undefined) return askPerson(loop, crew, requested, requested.question);
  const tool = loop.state.tools.find(({ name }) => name === requested.name);
  // What only tells about data scans none of it.
  const gate = tool?.metadata === true ? {} : { gate: crew.gate };
  const seat = { index, wait: <T>(work: Promise<T>) => waiting(crew, work), ...gate };
  const { approvals } = loop.input;
  const mode = { readOnly: approvals?.readOnly === true, always: loop.state.always ?? [] };
  const access = toolAccess(tool, requested.name, mode);
  if (access.kind === 'deny')
    return { ...refusal(requested.id, access.reason), ...(tool === undefined ? { misused: true } : {}) };
  if (approvals?.plan === 'ask' && loop.state.planAccepted !== true && tool?.metadata !== true)
    return refusal(requested.id, 'The plan has to be accepted before any data is read: state it first, and wait.');
  if (access.kind === 'allow') return attempt(loop, seat, requested);
  const asked = requested.ask ?? { id: requested.id, arguments: '' };
  const asking = { kind: 'call', callId: requested.id, name: requested.name, why: access.why, ...asked };
  const decision = await waitFor(loop, crew, asking as Asking);
  if (decision === interrupted) return { ...cancelled(requested.id), wasCancelled: true };
  if (decision === late) return refusal(requested.id, timeOver);
  if (decision.kind === 'approved') return attempt(loop, seat, requested, decision.edited);
  const words = `was not run: ${toldDecision(decision)}.`;
  loop.happen({ kind: 'refused', sentence: `\`${requested.name}\` (${shorten(requested.summary, 80)}) ${words}` });
  return refusal(requested.id, `${requested.name} ${words} Go on without it and say so in the limits.`);
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

function waitFor(loop: Loop, crew: Crew, asking: Asking): ReturnType<typeof decisionFor> {
  return waiting(crew, decisionFor(loop, asking));
}

async function waiting<T>(crew: Crew, work: Promise<T>): Promise<T> {
  crew.rest();
  try {
    return await work;
  } finally {
    crew.goOn();
  }
}
