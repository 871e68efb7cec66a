/** Posts one message to a receiver; what goes wrong comes back as a sentence that does not hold the address. */
import { createHash } from 'node:crypto';

export type AlertTarget = { readonly kind: 'webhook' | 'slack'; readonly url: string };

export type Message = {
  /** What the receiver receives, for sentences: `alerts`. */
  readonly about: string;
  /** The same for the same message, so that a receiver can tell it apart from a second one. */
  readonly key: string;
  readonly body: unknown;
};

/** `isCertain`: it did not arrive. */
export type PostProblem = { readonly text: string; readonly isCertain: boolean };

/** How long a receiver may take to answer. */
const answerLimitMs = 10_000;

export async function post(
  { kind, url }: AlertTarget,
  { about, key, body }: Message,
): Promise<PostProblem | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': createHash('sha256').update(key).digest('hex'),
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(answerLimitMs),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    return {
      text: `Expected the ${kind} receiver of ${about} to take one, found HTTP ${response.status}. Check its address.`,
      isCertain: true,
    };
  } catch (error) {
    const code = codeIn(error);
    const isCertain = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'].includes(code);
    const unsure = isCertain ? '' : ' It may have arrived, so it is not sent again.';
    return { text: `Expected the ${kind} receiver of ${about} to answer, found ${code}.${unsure}`, isCertain };
  }
}

/** The system's code, without the address that its message would carry. */
function codeIn(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'an unknown failure';
}
