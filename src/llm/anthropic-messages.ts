/** Models that speak Anthropic's Messages API. */
import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import { toolCallsOf } from '../analysis/conversation.ts';
import { createAnswer } from './anthropic/answer.ts';
import { createClient } from './anthropic/client.ts';
import { wireRequest } from './anthropic/request.ts';
import { prefixHashes } from './prefix-hash.ts';
import type { Endpoint, ModelProfile } from './profile.ts';
import type { ModelContext, ModelProvider, ModelReply, ModelRequest } from './provider.ts';
import { createAccepted, type Body } from './refused-parameters.ts';
import { withoutRejectedReasoning } from './rejected-reasoning.ts';
import {
  hurried,
  notTheProtocol,
  readStream,
  streamLimits,
  thoughtfulLimits,
  type StreamLimits,
  type StreamPlace,
} from './stream-guard.ts';
import { neutralIds, neutralNames } from './wire-names.ts';

/** What an answer is as good without; proxies hand them on to models that take none of them. */
const droppable = ['cache_control', 'thinking', 'output_config.effort'];

/** Of a content type, in a message. */
const maxTypeCharacters = 60;

/** Opens nothing; the key is looked at with the first call. */
export function createAnthropicMessages(
  profile: ModelProfile,
  endpoint: Endpoint,
  limits: Partial<StreamLimits> = {},
): ModelProvider {
  const secrets = [endpoint.apiKey, ...Object.values(endpoint.headers)].filter((secret) => secret !== '');
  const where = { endpoint: endpoint.name, model: profile.model, local: endpoint.local, secrets };
  const accepted = createAccepted(droppable);
  let client: Anthropic | undefined;

  async function complete(request: ModelRequest, { signal, emit, hasAnother }: ModelContext): Promise<ModelReply> {
    const { messages } = (client ??= createClient(endpoint, profile));
    const wire = wireRequest(request, profile);
    const answer = createAnswer({
      where,
      tokens: profile.tokens,
      prefixHash: prefixHashes(request).at(-1)!,
      neutralName: neutralNames(request.tools),
      neutralId: neutralIds(callIdsOf(request), request),
      emit,
    });
    let requestId: string | undefined;
    await readStream<unknown>({
      where,
      signal,
      limits: { ...hurried(limitsFor(wire), hasAnother, endpoint.local), ...limits },
      read: (event) => answer.read(event),
      open: async (stop) => {
        const opened = await accepted(wire as unknown as Body, (fitting) =>
          messages.create(fitting as unknown as typeof wire, { signal: stop }).withResponse(),
        );
        await requireStream(opened.response, where);
        requestId = opened.request_id ?? undefined;
        return untilStop(opened.data);
      },
    });
    return answer.reply(requestId);
  }

  return withoutRejectedReasoning({ profile, complete });
}

/** A sign-in page and a wrong port answer 200 too, and the SDK would see an empty stream. */
async function requireStream({ headers, body }: Response, where: StreamPlace): Promise<void> {
  const type = headers.get('content-type') ?? 'no content type';
  if (type.startsWith('text/event-stream')) return;
  await body?.cancel();
  throw notTheProtocol(type.slice(0, maxTypeCharacters), where);
}

/** The answer is whole with this event: a server that keeps the connection open is not waited for. */
async function* untilStop(events: AsyncIterable<unknown>): AsyncGenerator {
  for await (const event of events) {
    yield event;
    if (isStop(event)) return;
  }
}

function isStop(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'message_stop';
}

/** A model that thinks hard may be silent for long. */
function limitsFor({ output_config }: MessageCreateParamsStreaming): StreamLimits {
  return ['high', 'xhigh', 'max'].includes(output_config?.effort ?? '') ? thoughtfulLimits : streamLimits;
}

function callIdsOf({ messages }: ModelRequest): string[] {
  return messages.flatMap((message) => toolCallsOf(message).map(({ id }) => id));
}
