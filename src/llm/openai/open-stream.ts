/** Makes the request, without the parameters that this model has refused before, and checks that a stream answers. */
import type { Stream } from 'openai/core/streaming';
import { createAccepted, type Body } from '../refused-parameters.ts';
import { notTheProtocol } from '../stream-guard.ts';

/** What an answer is as good without. */
const droppable = [
  'reasoning.summary',
  'reasoning.effort',
  'reasoning_effort',
  'temperature',
  'prompt_cache_key',
  'parallel_tool_calls',
  'include',
  'store',
  'stream_options',
];

export type Opened<Event> = { readonly events: AsyncIterable<Event>; readonly requestId: string | undefined };

export type Send<Event> = (body: Body, signal: AbortSignal) => Pending<Event>;
type Pending<Event> = {
  withResponse(): Promise<{ data: Stream<Event>; response: Response; request_id: string | null }>;
};

export function createStreamOpener(where: { readonly endpoint: string; readonly model: string }) {
  const accepted = createAccepted(droppable);
  return function open<Event>(body: Body, send: Send<Event>, signal: AbortSignal): Promise<Opened<Event>> {
    return accepted(body, async (fitting) => {
      const { data, response, request_id: id } = await send(fitting, signal).withResponse();
      await requireStream(response, where);
      return { events: data, requestId: id ?? undefined };
    });
  };
}

/** A captive portal and a wrong port answer 200 too, and the SDK would see an empty stream. */
async function requireStream(response: Response, where: { endpoint: string; model: string }): Promise<void> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) return;
  await response.body?.cancel();
  throw notTheProtocol(type === '' ? 'no content type' : type.slice(0, 60), where);
}
