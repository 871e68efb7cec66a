/** Makes the request, without the parameters that this model has refused before, and checks that a stream answers. */
import { APIError } from 'openai';
import type { Stream } from 'openai/core/streaming';
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

const refusals = ['unsupported_parameter', 'unsupported_value', 'unknown_parameter'];

export type Opened<Event> = { readonly events: AsyncIterable<Event>; readonly requestId: string | undefined };

type Body = Readonly<Record<string, unknown>>;

export type Send<Event> = (body: Body, signal: AbortSignal) => Pending<Event>;
type Pending<Event> = {
  withResponse(): Promise<{ data: Stream<Event>; response: Response; request_id: string | null }>;
};

/** Remembers what was refused as long as it lives, so that it is refused once. */
export function createStreamOpener(where: { readonly endpoint: string; readonly model: string }) {
  const refused = new Set<string>();
  return async function open<Event>(body: Body, send: Send<Event>, signal: AbortSignal): Promise<Opened<Event>> {
    for (;;) {
      try {
        const { data, response, request_id: id } = await send(without(body, refused), signal).withResponse();
        await requireStream(response, where);
        return { events: data, requestId: id ?? undefined };
      } catch (error) {
        const parameter = refusedParameter(error);
        if (parameter === undefined || refused.has(parameter)) throw error;
        refused.add(parameter);
      }
    }
  };
}

/** A captive portal and a wrong port answer 200 too, and the SDK would see an empty stream. */
async function requireStream(response: Response, where: { endpoint: string; model: string }): Promise<void> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) return;
  await response.body?.cancel();
  throw notTheProtocol(type === '' ? 'no content type' : type.slice(0, 60), where);
}

function refusedParameter(error: unknown): string | undefined {
  if (!(error instanceof APIError) || error.status !== 400 || !refusals.includes(error.code ?? '')) return undefined;
  return droppable.find((name) => name === error.param);
}

function without(body: Body, refused: ReadonlySet<string>): Body {
  const copy: Record<string, unknown> = { ...body };
  for (const path of refused) {
    const [name = '', inner] = path.split('.');
    if (inner === undefined) delete copy[name];
    else if (copy[name] !== undefined) copy[name] = { ...(copy[name] as Body), [inner]: undefined };
  }
  return copy;
}
