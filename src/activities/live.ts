/** Shows a model's answer while it is written: to the worker's live server, and in small in the heartbeat. */
import { Context } from '@temporalio/activity';
import type { StreamEvent } from '../llm/provider.ts';
import type { LiveDetails } from '../live/details.ts';
import type { LiveText } from '../live/live-text.ts';
import type { Carry } from './heartbeat.ts';

export type Live = {
  readonly text: LiveText;
  /** Where a client on this machine may follow a session. */
  readonly urlOf: (session: string) => string;
};

/** Runs one model call; what it emits is shown until it ends, well or not. */
export async function shown<T>(
  live: Live | undefined,
  { session, turn }: { readonly session: string; readonly turn: number },
  carry: Carry,
  call: (emit: (event: StreamEvent) => void) => Promise<T>,
): Promise<T> {
  if (live === undefined) return call(() => undefined);
  const { attempt } = Context.current().info;
  const writer = live.text.begin({ session, turn, attempt });
  const url = live.urlOf(session);
  carry((): LiveDetails => ({ turn, attempt, ...writer.state(), url }));
  try {
    return await call((event) => {
      if (event.kind === 'text') writer.write(event.delta);
    });
  } finally {
    writer.end();
  }
}
