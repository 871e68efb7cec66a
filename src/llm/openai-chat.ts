/** Models behind the Chat Completions API: the dialect that every local server and proxy speaks. */
import { createClient } from './openai/client.ts';
import { toChatBody, type ChatBody } from './openai/chat-request.ts';
import { createChatReader, type ChatChunk } from './openai/chat-stream.ts';
import { completeStreamed } from './openai/complete.ts';
import type { Endpoint, ModelProfile } from './profile.ts';
import type { ModelProvider } from './provider.ts';
import type { StreamLimits } from './stream-guard.ts';

/** Opens nothing; the key is looked at with the first call. */
export function createOpenAiChat(
  profile: ModelProfile,
  endpoint: Endpoint,
  limits: Partial<StreamLimits> = {},
): ModelProvider {
  return completeStreamed<ChatChunk>({
    profile,
    endpoint,
    limits,
    toBody: (request) => toChatBody(request, profile, endpoint),
    createReader: (request, _, emit) => createChatReader(request, profile, endpoint, emit),
    createSend: () => {
      const client = createClient(endpoint, profile);
      return (body, signal) => client.chat.completions.create(body as unknown as ChatBody, { signal });
    },
  });
}
