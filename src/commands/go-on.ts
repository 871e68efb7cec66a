/** Continue, redirect, stop or detach: asked when an analysis is paused, and part of what is asked about a plan. */
import { askWords, choose, type Asked } from '../ui/question.ts';
import { person, send } from './interrupt.ts';
import type { Service } from './service.ts';

export type GoOn =
  | { readonly kind: 'continue' }
  | { readonly kind: 'redirect'; readonly text: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'detach' };

/** Ctrl+C and Escape mean detach. */
export async function askHowToGoOn(message: string, asked?: Asked): Promise<GoOn> {
  const kind = await choose(
    message,
    [
      { value: 'continue', label: 'Continue' },
      { value: 'redirect', label: 'Redirect', hint: 'say in words where it shall turn' },
      { value: 'stop', label: 'Stop', hint: 'with a report of what was found so far' },
      { value: 'detach', label: 'Detach', hint: 'it goes on by itself' },
    ],
    asked,
  );
  if (kind !== 'redirect') return { kind: kind ?? 'detach' };
  const text = await askWords('Where to?', asked);
  return text === undefined ? { kind: 'detach' } : { kind, text };
}

/** `leave` is called after the word of one who detaches. */
export async function goOn(service: Service, id: string, go: GoOn, leave: () => void): Promise<void> {
  const by = person();
  switch (go.kind) {
    case 'continue':
      return send(service, id, 'resume', { by });
    case 'redirect':
      return send(service, id, 'redirect', { by, text: go.text });
    case 'stop':
      return send(service, id, 'stop', { by });
    case 'detach':
      // The pause was ours: whoever detaches wants it to go on.
      await send(service, id, 'resume', { by });
      return leave();
  }
}
