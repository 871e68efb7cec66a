/** Models behind OpenAI's Responses API: the dialect of OpenAI itself. */
import { createClient } from './openai/client.ts';
import { completeStreamed } from './openai/complete.ts';
import { toResponsesBody, type ResponsesBody } from './openai/responses-request.ts';
import { createResponsesReader, type ResponsesEvent } from './openai/responses-stream.ts';
import type { Endpoint, ModelProfile } from './profile.ts';
import type { ModelProvider } from './provider.ts';
import { withoutRejectedReasoning } from './rejected-reasoning.ts';
import type { StreamLimits } from './stream-guard.ts';

/** Opens nothing; the key is looked at with the first call. */
export function createOpenAiResponses(
  profile: ModelProfile,
  endpoint: Endpoint,
  limits: Partial<StreamLimits> = {},
): ModelProvider {
  const provider = completeStreamed<ResponsesEvent>({
    profile,
    endpoint,
    limits,
    toBody: toResponsesBody,
    createReader: createResponsesReader,
    createSend: () => {
      const client = createClient(endpoint, profile);
      return (body, signal) => client.responses.create(body as unknown as ResponsesBody, { signal });
    },
  });
  return withoutRejectedReasoning(provider);
}
