/** One call of a model in either dialect of OpenAI: request out, guarded stream in, reply back. */
import type { Effort, Endpoint, ModelProfile } from '../profile.ts';
import type { ModelContext, ModelProvider, ModelReply, ModelRequest, StreamEvent } from '../provider.ts';
import { hurried, readStream, streamLimits, thoughtfulLimits, type StreamLimits } from '../stream-guard.ts';
import { createStreamOpener, type Send } from './open-stream.ts';
import { effortFor } from '../parameters.ts';
import type { Reader } from './responses-stream.ts';

export type DialectPieces<Event> = {
  readonly profile: ModelProfile;
  readonly endpoint: Endpoint;
  readonly limits: Partial<StreamLimits>;
  toBody(request: ModelRequest, profile: ModelProfile): object;
  createReader(request: ModelRequest, profile: ModelProfile, emit: (event: StreamEvent) => void): Reader<Event>;
  /** Throws a `ModelFailure` when the endpoint cannot be used at all. */
  createSend(): Send<Event>;
};

const thoughtful: readonly (Effort | undefined)[] = ['high', 'xhigh', 'max'];

export function completeStreamed<Event>(pieces: DialectPieces<Event>): ModelProvider {
  const { profile, endpoint } = pieces;
  const secrets = [endpoint.apiKey, ...Object.values(endpoint.headers)].filter((secret) => secret !== '');
  const where = { endpoint: endpoint.name, model: profile.model, local: endpoint.local, secrets };
  const open = createStreamOpener(where);
  let send: Send<Event> | undefined;

  async function complete(request: ModelRequest, { signal, emit, hasAnother }: ModelContext): Promise<ModelReply> {
    const given = (send ??= pieces.createSend());
    const reader = pieces.createReader(request, profile, emit);
    const body = pieces.toBody(request, profile);
    // A machine under a desk takes minutes to read a long conversation.
    const slow = endpoint.local || thoughtful.includes(effortFor(profile, request.effort));
    let requestId: string | undefined;
    await readStream<Event>({
      where,
      signal,
      limits: { ...hurried(slow ? thoughtfulLimits : streamLimits, hasAnother, endpoint.local), ...pieces.limits },
      read: (event) => reader.read(event),
      ended: () => reader.ended?.(),
      open: async (stop) => {
        const opened = await open(body as Readonly<Record<string, unknown>>, given, stop);
        requestId = opened.requestId;
        return opened.events;
      },
    });
    return { ...reader.reply(), ...(requestId === undefined ? {} : { requestId }) };
  }

  return { profile, complete };
}
