/** A turn that was cancelled in the middle: what the model had said by then is kept in the conversation, and marked. */
import { Context } from '@temporalio/activity';
import type { StreamEvent } from '../llm/provider.ts';
import type { Transcript } from '../store/transcript.ts';
import type { CompleteTurnResult } from './contract.ts';

/** What stands behind words that break off. */
export const cutMark = '[cut off here, because the person interrupted]';

/** Gathers what the model says while it says it. */
export type Said = { text(): string; hear(event: StreamEvent): void };

export function createSaid(): Said {
  let text = '';
  return {
    text: () => text,
    hear(event) {
      if (event.kind === 'text') text += event.delta;
    },
  };
}

/** Undefined when nobody asked for the end (a worker that shuts down does the turn again), or nothing was said. */
export async function cutTurn(
  transcript: Transcript,
  head: string,
  said: Said,
): Promise<CompleteTurnResult | undefined> {
  const words = said.text().trimEnd();
  if (words === '' || Context.current().cancellationDetails?.cancelRequested !== true) return undefined;
  const parts = [{ kind: 'text', text: `${words} ${cutMark}` }] as const;
  const cutHead = await transcript.append(head, { role: 'assistant', parts });
  const nothing = { inputTokens: 0, outputTokens: 0 };
  return { head: cutHead, preview: '', calls: [], answered: [], usage: nothing, cut: true };
}
