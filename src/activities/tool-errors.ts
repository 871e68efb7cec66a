/** What a tool says of its own error: its class, by which it is decided what helps. */
import { Failure } from '../analysis/failures.ts';
import { shorten } from '../analysis/progress.ts';
import type { ToolOutcome } from '../tools/connections.ts';

/** As in the envelope of a result. */
export type ToolError = {
  readonly code?: string;
  readonly class?: string;
  readonly message: string;
  readonly hint?: string;
};

/** Of a message that goes into history. */
const maxMessageCharacters = 400;

/** Undefined: the result is none of an error, or does not say more than that it is one. */
export function errorIn(text: string): ToolError | undefined {
  const { error } = JSON.parse(text) as { error?: Readonly<Record<string, unknown>> };
  if (typeof error !== 'object' || error === null) return undefined;
  const word = (name: string) => (typeof error[name] === 'string' ? { [name]: error[name] } : {});
  return { message: 'no reason given', ...word('message'), ...word('code'), ...word('class'), ...word('hint') };
}

/** Rejects with `Tool.SourceUnavailable` instead of a result that says so: it is no answer yet. */
export function reachable(tool: string, outcome: ToolOutcome): ToolOutcome {
  const error = outcome.ok ? undefined : errorIn(outcome.text);
  if (error?.class !== 'network' && error?.class !== 'auth') return outcome;
  const message = shorten(`${tool}: ${error.message} ${error.hint ?? ''}`, maxMessageCharacters);
  throw Object.assign(new Failure('Tool.SourceUnavailable', message), { retryable: error.class === 'network' });
}
