/** The signals pause, resume, redirect and stop: accepted at any time, in force inside a running call. */
import { CancellationScope, allHandlersFinished, condition, setHandler } from '@temporalio/workflow';
import type { AnalysisState } from '../analysis/state.ts';
import { isInterrupted, maxRedirects, readInterrupt, type Interrupt } from '../analysis/interrupts.ts';
import { happened } from '../analysis/machine.ts';
import { shorten } from '../analysis/progress.ts';
import type { Loop } from './loop.ts';
import { pauseSignal, redirectSignal, resumeSignal, stopSignal } from './messages.ts';

export const interrupted = Symbol('interrupted');

const signals = [pauseSignal, resumeSignal, redirectSignal, stopSignal] as const;

export function handleInterrupts(loop: Loop): void {
  for (const signal of signals)
    setHandler(signal as typeof pauseSignal, (payload: unknown) => {
      const read = readInterrupt(signal.name as Interrupt['kind'], payload);
      if (typeof read === 'string') return loop.note('trouble', read);
      const before = loop.state;
      const after = happened(before, { kind: 'spoken', interrupt: read, atMs: Date.now() });
      if (isSame(before, after)) return loop.note('trouble', ignored(before, read.kind));
      loop.become(after);
      loop.note(read.kind === 'resume' ? 'said' : 'interrupted', sentenceOf(read));
    });
}

function ignored({ redirects = [] }: AnalysisState, kind: Interrupt['kind']): string {
  const isFull = kind === 'redirect' && redirects.length >= maxRedirects;
  return isFull ? `Ignored a redirect: ${maxRedirects} wait to be given to the model.` : `Nothing to ${kind}.`;
}

/** A safe point: waits while paused, at no cost, then does what the person said. */
export async function heedInterrupts(loop: Loop): Promise<void> {
  if (!isInterrupted(loop.state)) return;
  await whilePaused(loop);
  loop.happen({ kind: 'safePoint' });
}

/** Resolves when it is not paused, and nobody is in the middle of a decision. */
export async function whilePaused(loop: Loop): Promise<void> {
  const isPaused = () => loop.state.paused !== undefined;
  if (isPaused()) loop.settle('paused');
  await condition(() => !isPaused() && allHandlersFinished());
  loop.settle('running');
}

/** Resolves with `interrupted` when `ends` came true first: the work is cancelled then. */
export async function untilInterrupted<T>(
  loop: Loop,
  work: () => Promise<T>,
  ends: (state: AnalysisState) => boolean = isInterrupted,
): Promise<T | typeof interrupted> {
  const scope = new CancellationScope();
  const watching = new CancellationScope({ cancellable: true });
  // Ends with the work, so that nothing is left waiting for a word that never comes.
  let isEnded = false;
  const watched = watching.run(async () => {
    await condition(() => ends(loop.state));
    isEnded = true;
    scope.cancel();
  });
  watched.catch(() => undefined);
  try {
    return await scope.run(work);
  } catch (error) {
    // However a cancelled call ended, also with its worker: the person wanted it to end, and may have spoken again since.
    if (!isEnded || CancellationScope.current().consideredCancelled) throw error;
    return interrupted;
  } finally {
    watching.cancel();
  }
}

function isSame(before: AnalysisState, after: AnalysisState): boolean {
  return before.paused === after.paused && before.stopped === after.stopped && before.redirects === after.redirects;
}

function sentenceOf(interrupt: Interrupt): string {
  const by = interrupt.by === undefined ? '' : ` by ${interrupt.by}`;
  switch (interrupt.kind) {
    case 'pause':
      return `Paused${by}; it goes on with \`dpa resume\`.`;
    case 'resume':
      return `Resumed${by}.`;
    case 'redirect':
      return `Redirected${by}: ${shorten(interrupt.text, 200)}`;
    case 'stop':
      return `Stopped${by}${interrupt.reason === undefined ? '' : `: ${shorten(interrupt.reason, 200)}`}.`;
  }
}
