/** Calls that a redirect or a stop cut off, and that may not be made twice: a person says what became of them. */
import { cutOffSettled, cutOffWays, nextCutOff, type CutOff } from '../analysis/recovery.ts';
import { late } from './deadline.ts';
import { interrupted } from './interrupts.ts';
import type { Loop } from './loop.ts';
import { askForHelp } from './recover.ts';

/** A safe point; resolves at once when there is none of them. */
export async function settleCutOff(loop: Loop): Promise<void> {
  for (let call = nextCutOff(loop.state); call !== undefined; call = nextCutOff(loop.state)) {
    const what = `\`${call.name}\` (${call.summary})`;
    const gap = `${what} was cut off; whether it took effect is not known.`;
    // Who has stopped it is not asked any more.
    if (loop.state.phase.kind === 'reporting') {
      loop.become(cutOffSettled(loop.state, call.callId, gap, gap));
      continue;
    }
    const helped = await ask(loop, call);
    if (helped === interrupted || helped === late) return;
    if (helped.kind === 'nobody') {
      loop.become(cutOffSettled(loop.state, call.callId, `${gap} Look before you run it again.`, gap));
      continue;
    }
    const fact = helped.word === 'done' ? 'took effect before it was cut off' : 'did not take effect';
    const words = helped.rest === '' ? '' : `: ${helped.rest}`;
    loop.become(cutOffSettled(loop.state, call.callId, `${what} ${fact}, says ${helped.by}${words}.`));
  }
}

async function ask(loop: Loop, { name, summary }: CutOff): ReturnType<typeof askForHelp> {
  const text = `${name} was cut off by the redirect, and whether it took effect is not known. It was "${summary}". Look at what it would have changed, then say whether it did.`;
  loop.settle('waiting');
  const helped = await askForHelp(loop, { id: `cut-off-${loop.state.troubles ?? 0}`, text, ways: cutOffWays });
  loop.settle('running');
  return helped;
}
