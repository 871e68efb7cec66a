/** Tries one tool call until it has a result, or something has to be decided that is not another attempt. */
import { patched, sleep } from '@temporalio/workflow';
import type { Requested } from '../analysis/state.ts';
import {
  afterToolTrouble,
  triesAfter,
  type ToolRecovery,
  type ToolTrouble,
  type Tries,
} from '../analysis/tool-recovery.ts';
import { toolAccess } from '../policy/tool-access.ts';
import { beforeDeadline, late } from './deadline.ts';
import { interrupted, untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import type { Scanned } from './scan-limit.ts';
import { sendCall, type Changes, type Sent } from './send-call.ts';

/** What a call has come to. `again`: runs of it that a person wanted; `by`: the tools that took over, the last one at work. */
export type Course = {
  readonly tries: Tries;
  readonly again: number;
  readonly asked: number;
  readonly by: readonly string[];
  readonly edited?: NonNullable<Changes['edited']>;
};

/** Attempts that broke off count as one of which nobody knows what it scanned. */
export type Tried = Scanned & { readonly course: Course } & (
    | { readonly kind: 'sent'; readonly sent: Exclude<Sent, { kind: 'trouble' }> }
    | {
        readonly kind: 'trouble';
        readonly trouble: ToolTrouble;
        readonly next: Exclude<ToolRecovery, { readonly kind: 'again' }>;
      }
  );

export async function tryCall(loop: Loop, requested: Requested, before: Course): Promise<Tried> {
  for (let course = before; ;) {
    const sent = await sendCall(loop, requested, changesOf(course));
    if (sent.kind !== 'trouble')
      return { kind: 'sent', sent, course, ...(sent.scanned === undefined ? {} : { scanned: sent.scanned }) };
    const { trouble } = sent;
    loop.note('trouble', `${nameIn(course, requested)}: ${messageOf(trouble)}`);
    // Analyses that an earlier version ran told the model at once.
    if (!patched('recovers-tools'))
      return { kind: 'trouble', trouble, next: { kind: 'tell' }, course, scanned: 'unknown' };
    course = { ...course, tries: triesAfter(course.tries, trouble) };
    const next = nextFor(loop, requested, course, trouble);
    if (next.kind !== 'again') return { kind: 'trouble', trouble, next, course, scanned: 'unknown' };
    loop.note('trouble', `${nameIn(course, requested)} is tried again in ${next.afterMs / 1_000} s.`);
    const slept = await untilInterrupted(loop, () => beforeDeadline(loop, () => sleep(next.afterMs)));
    if (slept === interrupted) return { kind: 'sent', sent: { kind: 'interrupted' }, course, scanned: 'unknown' };
    if (slept === late) return { kind: 'sent', sent: { kind: 'late' }, course, scanned: 'unknown' };
  }
}

export function changesOf({ again, by, tries, edited }: Course): Changes {
  const standIn = by.at(-1);
  return {
    ...(standIn === undefined ? {} : { standIn }),
    ...(again === 0 ? {} : { again }),
    ...(edited === undefined ? {} : { edited }),
    isApart: tries.losses > 0,
  };
}

export function nameIn({ by }: Course, { name }: Requested): string {
  return by.at(-1) ?? name;
}

export function serverOf(name: string): string {
  return name.slice(0, Math.max(0, name.indexOf('__')));
}

export function messageOf(trouble: ToolTrouble): string {
  return trouble.kind === 'lost' ? 'its worker was lost' : trouble.message;
}

function nextFor(loop: Loop, requested: Requested, course: Course, trouble: ToolTrouble): ToolRecovery {
  const standIn = standInFor(loop, requested.name, course.by);
  return afterToolTrouble(trouble, course.tries, {
    ...(standIn === undefined ? {} : { standIn }),
    isGivenUp: loop.state.givenUp?.includes(serverOf(nameIn(course, requested))) === true,
    random: Math.random(),
  });
}

/** Configured ones first; only what may run without a question. */
function standInFor(loop: Loop, name: string, tried: readonly string[]): string | undefined {
  const { tools, always = [] } = loop.state;
  const mode = { readOnly: loop.input.approvals?.readOnly === true, always };
  const standIns = tools.find((tool) => tool.name === name)?.standIns ?? [];
  return standIns.find((one) => {
    const tool = tools.find((other) => other.name === one);
    return !tried.includes(one) && toolAccess(tool, one, mode).kind === 'allow';
  });
}
