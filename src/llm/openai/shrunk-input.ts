/** Notices a local server that cut the conversation to fit its window and answered without a word about it. */
import { ModelFailure } from '../model-failure.ts';
import type { Endpoint } from '../profile.ts';
import type { ModelRequest, Usage } from '../provider.ts';

/** No tokenizer makes so few tokens of English, JSON or SQL: prose measured at 4.7 characters a token. */
const mostCharactersPerToken = 8;

/** Below this no server cuts. */
const smallestSuspect = 8_000;

/** The system text and the tools stand in front, and the front is what such a server cuts away. */
export function checkNothingWasCut(
  { system, tools, messages }: ModelRequest,
  usage: Usage | undefined,
  { local, name }: Endpoint,
  where: { readonly endpoint: string; readonly model: string },
): void {
  const characters = system.length + JSON.stringify([tools, messages]).length;
  if (!local || usage === undefined || usage.inputTokens === 0 || characters < smallestSuspect) return;
  const least = Math.floor(characters / mostCharactersPerToken);
  if (usage.inputTokens >= least) return;
  throw new ModelFailure(
    `${name} read only ${usage.inputTokens} tokens of a conversation of at least ${least}: its context window is too small. ` +
      'Raise it there (Ollama: OLLAMA_CONTEXT_LENGTH, or num_ctx in a Modelfile).',
    { kind: 'ContextTooLong', ...where },
  );
}
