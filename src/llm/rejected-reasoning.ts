/** Asks once more without the private reasoning when a provider rejects the reasoning that it was sent back. */
import type { Message } from '../analysis/conversation.ts';
import { ModelFailure } from './model-failure.ts';
import type { ModelProvider } from './provider.ts';

/** A rejected request is not paid for; without its reasoning the conversation still says all that was said. */
export function withoutRejectedReasoning({ profile, complete }: ModelProvider): ModelProvider {
  return {
    profile,
    async complete(request, context) {
      try {
        return await complete(request, context);
      } catch (error) {
        const rejected = error instanceof ModelFailure && error.facts.kind === 'HistoryRejected';
        if (!rejected || !request.messages.some(hasReasoning)) throw error;
        return complete({ ...request, messages: request.messages.map(spokenOnly) }, context);
      }
    },
  };
}

function hasReasoning({ parts }: Message): boolean {
  return parts.some(({ kind }) => kind === 'opaque');
}

function spokenOnly(message: Message): Message {
  if (message.role !== 'assistant') return message;
  return { ...message, parts: message.parts.filter(({ kind }) => kind !== 'opaque') };
}
