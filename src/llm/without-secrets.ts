/** Keeps keys out of what a provider hands on: a server may put the key it was sent into its answer. */
import { redact } from '../policy/redaction.ts';
import { ModelFailure } from './model-failure.ts';
import type { ModelProvider } from './provider.ts';
import { redactedStream } from './redacted-stream.ts';

/** The same provider; its failures carry no cause, since causes are logged with everything in them. */
export function withoutSecrets(provider: ModelProvider, secrets: readonly string[]): ModelProvider {
  return {
    profile: provider.profile,
    async complete(request, context) {
      const stream = redactedStream(context.emit, secrets);
      try {
        const reply = await provider.complete(request, { ...context, emit: stream.emit });
        stream.end();
        const text = JSON.stringify(reply);
        return secrets.some((secret) => text.includes(secret)) ? cleaned(reply, secrets) : reply;
      } catch (error) {
        if (!(error instanceof Error) || context.signal.aborted) throw error;
        throw withoutSecretsIn(error, secrets);
      }
    },
  };
}

function withoutSecretsIn(error: Error, secrets: readonly string[]): Error {
  const message = redact(error.message, secrets);
  if (error instanceof ModelFailure) return new ModelFailure(message, cleaned(error.facts, secrets));
  const clean = new Error(message);
  clean.name = error.name;
  return clean;
}

/** Strings at any depth; a reply's keys are the program's own. */
function cleaned<T>(value: T, secrets: readonly string[]): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' && secrets.some((secret) => part.includes(secret)) ? redact(part, secrets) : part,
  ) as T;
}
