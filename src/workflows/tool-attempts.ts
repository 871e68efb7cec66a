/** One tool call until it has its result: tried, made by another tool, or put to a person. */
import { cancelled, isTurning } from '../analysis/interrupts.ts';
import { failedBefore, withFailedCall, type FailedCall } from '../analysis/lessons.ts';
import { gaveUp, tookOver, withCutOff, withoutCutOff } from '../analysis/recovery.ts';
import type { Requested } from '../analysis/state.ts';
import {
  needText,
  noTries,
  retriesWhileAskingMs,
  waysFor,
  type Need,
  type ToolTrouble,
} from '../analysis/tool-recovery.ts';
import { late } from './deadline.ts';
import { interrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import { refusal, timeOver, type Made } from './made-call.ts';
import { askForHelp, type Helped } from './recover.ts';
import type { ScanGate } from './scan-limit.ts';
import { lookUp, type Sent } from './send-call.ts';
import { changesOf, messageOf, nameIn, serverOf, tryCall, type Course, type Tried } from './try-call.ts';

/** The place of a call in its turn; `wait`: meanwhile it is not at work. */
export type Seat = {
  readonly index: number;
  wait<T>(work: Promise<T>): Promise<T>;
  /** Absent for what scans no data. */
  readonly gate?: ScanGate;
};

export async function attempt(loop: Loop, seat: Seat, requested: Requested, edited?: Course['edited']): Promise<Made> {
  const known = loop.state.standIns?.[requested.name];
  const by = known === undefined ? [] : [known];
  let course: Course = { tries: noTries, again: 0, asked: 0, by, ...(edited === undefined ? {} : { edited }) };
  const before = edited === undefined ? failedBefore(loop.state, requested.same) : undefined;
  if (before !== undefined) return repeated(loop, requested, before);
  loop.note('toolCalled', requested.summary);
  loop.become(withoutCutOff(loop.state, requested.id));
  for (;;) {
    const from = course;
    const tried = await passing(seat, () => tryCall(loop, requested, from));
    if (tried === 'full') return refusal(requested.id, scanLimitReached);
    const next =
      tried.kind === 'sent' ? await madeOf(loop, requested, tried) : await recover(loop, seat, requested, tried);
    if (next.kind === 'made') return withScanned(seat, tried, withTold(next.made, requested, edited));
    ({ course } = next);
  }
}

/** The same call fails the same way: its answer is known. */
function repeated(loop: Loop, { id, name, summary }: Requested, { callId, ref }: FailedCall): Made {
  loop.note('toolAnswered', `${summary} · not run: it failed before with the same arguments`);
  const told = `${name} (${id}) was not run: the same call failed before as ${callId}. Change it, or go on without it.`;
  return { callId: id, ok: false, ref, told };
}

const scanLimitReached = 'The bytes that may be scanned are used up; the call was not run.';

/** One after the other, where what they scan is limited; a wait for a person holds up nobody. */
function passing(seat: Seat, tries: () => Promise<Tried>): Promise<Tried | 'full'> {
  return seat.gate === undefined ? tries() : seat.gate.pass(tries);
}

function withScanned({ gate }: Seat, { scanned }: Tried, one: Made): Made {
  return gate === undefined || scanned === undefined ? one : { ...one, scanned };
}

type Next = { readonly kind: 'made'; readonly made: Made } | { readonly kind: 'course'; readonly course: Course };

async function recover(
  loop: Loop,
  seat: Seat,
  requested: Requested,
  { trouble, next, course }: Extract<Tried, { kind: 'trouble' }>,
): Promise<Next> {
  switch (next.kind) {
    case 'tell':
      return made({ ...refusal(requested.id, toldOfTrouble(trouble)), ...misuse(trouble) });
    case 'standIn':
      loop.note('trouble', `${next.tool} takes over for ${requested.name}.`);
      return { kind: 'course', course: { ...course, tries: noTries, by: [...course.by, next.tool] } };
    case 'ask':
      return ask(loop, seat, requested, course, next.need, trouble);
  }
}

function misuse(trouble: ToolTrouble): { misused?: true } {
  const isMisuse = trouble.kind === 'failed' && ['Tool.Unknown', 'Tool.InvalidArguments'].includes(trouble.type);
  return isMisuse ? { misused: true } : {};
}

async function ask(
  loop: Loop,
  seat: Seat,
  requested: Requested,
  course: Course,
  need: Need,
  trouble: ToolTrouble,
): Promise<Next> {
  const name = nameIn(course, requested);
  const { troubles = 0, budget } = loop.state;
  // Of calls that wait for one source, one word is enough.
  const id =
    need === 'source' ? `source-${serverOf(name)}-${troubles}` : `call-${budget.steps}-${seat.index}-${course.asked}`;
  const retryAfterMs = need === 'source' ? retriesWhileAskingMs[course.asked] : undefined;
  const text = needText(need, { name, summary: requested.summary }, messageOf(trouble));
  const asked = { id, text, ways: waysFor(need), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const helped = await seat.wait(askForHelp(loop, asked));
  return follow(loop, requested, course, { need, reason: toldOfTrouble(trouble) }, helped);
}

function follow(
  loop: Loop,
  requested: Requested,
  course: Course,
  { need, reason }: { readonly need: Need; readonly reason: string },
  helped: Helped,
): Next {
  const { id, name, summary } = requested;
  if (helped === interrupted) return made({ ...cancelled(id), wasCancelled: true });
  if (helped === late) return made(refusal(id, timeOver));
  const asked = course.asked + 1;
  if (helped.kind === 'answered' && helped.word === 'retry')
    return { kind: 'course', course: { ...course, asked, tries: noTries } };
  if (helped.kind === 'answered' && helped.word === 'again')
    return { kind: 'course', course: { ...course, asked, tries: noTries, again: course.again + 1 } };
  const why = helped.kind === 'answered' && helped.rest !== '' ? `: ${helped.rest}` : '';
  if (helped.kind === 'answered' && helped.word === 'done') {
    const note = `It took effect, says ${helped.by}${why}; what it answered is not known.`;
    return made({ callId: id, ok: true, text: JSON.stringify({ ok: true, note }) });
  }
  const who = helped.kind === 'answered' ? `${helped.by} said to go on without it${why}` : helped.told;
  const isUnknown = need === 'outcome' && helped.kind === 'nobody';
  const what = isUnknown ? 'was cut off, and whether it took effect is not known' : 'could not be had';
  loop.become(gaveUp(loop.state, need === 'source' ? serverOf(name) : undefined, `\`${name}\` (${summary}) ${what}.`));
  return made(refusal(id, `${name} ${what} (${reason}): ${who}. Go on without it and say so in the limits.`));
}

function made(one: Made): Next {
  return { kind: 'made', made: one };
}

async function madeOf(
  loop: Loop,
  requested: Requested,
  { sent, course }: Extract<Tried, { kind: 'sent' }>,
): Promise<Next> {
  switch (sent.kind) {
    case 'late':
      return made(refusal(requested.id, timeOver));
    case 'interrupted':
      return made(await cutOff(loop, requested, course));
    case 'result':
      return made(answered(loop, requested, course, sent));
  }
}

function answered(
  loop: Loop,
  requested: Requested,
  { by, edited }: Course,
  { result }: Extract<Sent, { kind: 'result' }>,
): Made {
  loop.note('toolAnswered', `${requested.summary} · ${result.preview}`);
  const { bytes, ok, ref, failing } = result;
  if (failing !== undefined && edited === undefined)
    loop.become(withFailedCall(loop.state, { same: failing, callId: requested.id, ref }));
  const standIn = by.at(-1);
  const isNew = standIn !== undefined && loop.state.standIns?.[requested.name] !== standIn;
  if (isNew) loop.become(tookOver(loop.state, requested.name, standIn));
  const words = `${standIn} answered in the place of ${requested.name}, which cannot be used, and will from now on.`;
  return {
    callId: requested.id,
    ok,
    ref,
    ...(edited === undefined ? {} : { edited: edited.ref }),
    ...(standIn === undefined ? {} : { standIn }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(isNew ? { told: words } : {}),
  };
}

/** Cut off by a pause it is made again, or asked about, afterwards; by a redirect or a stop it has to be settled here. */
async function cutOff(loop: Loop, requested: Requested, course: Course): Promise<Made> {
  const none = { ...cancelled(requested.id), wasCancelled: true };
  const isOnce = loop.state.tools.find(({ name }) => name === requested.name)?.once === true;
  if (!isOnce) return none;
  const call = { callId: requested.id, name: requested.name, summary: requested.summary };
  if (!isTurning(loop.state)) {
    loop.become(withCutOff(loop.state, call));
    return none;
  }
  const found = await lookUp(loop, requested, changesOf(course));
  if (found.kind === 'result') return { ...answered(loop, requested, course, found), wasCancelled: true };
  if (found.kind === 'unsent') return none;
  loop.become(withCutOff(loop.state, call));
  const text = `${requested.name} was cut off, and whether it took effect is not known. Do not run it again before you know.`;
  return { ...refusal(requested.id, text), wasCancelled: true };
}

function toldOfTrouble(trouble: ToolTrouble): string {
  return trouble.kind === 'lost'
    ? 'Tool.Timeout: the call did not end within its time, however often it was tried'
    : `${trouble.type}: ${trouble.message}`;
}

function withTold(one: Made, requested: Requested, edited: Course['edited']): Made {
  if (edited === undefined) return one;
  const changed = `The person changed the arguments of ${requested.name} (${requested.id}) to ${edited.words}`;
  return { ...one, told: one.told === undefined ? changed : `${changed}\n${one.told}` };
}
