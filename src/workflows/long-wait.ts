/** Waits for a provider that asked to be left alone for long, where no other model can take over: a timer costs nothing. */
import { sleep } from '@temporalio/workflow';
import { writtenTime } from '../analysis/time-words.ts';
import { beforeDeadline } from './deadline.ts';
import { untilInterrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';

/** Ends early when a person interrupts or the time of the analysis is over: the next safe point says what follows. */
export async function waitForProvider(loop: Loop, ms: number, reason: string): Promise<void> {
  const model = loop.state.models?.[0] ?? loop.input.model;
  loop.note('trouble', `${model} is waited for, for ${writtenTime(ms)} as its provider asked: ${reason}`);
  await untilInterrupted(loop, () => beforeDeadline(loop, () => sleep(ms)));
}
