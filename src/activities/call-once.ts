/** A call that may not be made twice is marked before it is sent: a mark without a result means that nobody knows its outcome. */
import { Failure } from '../analysis/failures.ts';
import type { Journal } from '../store/journal.ts';

/** `send` awaits what it is given just before the call leaves. Rejects with `Tool.OutcomeUnknown`. */
export async function callOnce<T>(
  journal: Journal,
  key: readonly string[],
  tool: string,
  send: (beforeSend: () => Promise<void>) => Promise<T>,
): Promise<T> {
  let isSent = false;
  if ((await journal.read(key)) !== undefined) throw unknownOutcome(tool, cutOff);
  try {
    return await send(async () => {
      if (!(await journal.claim(key, { sent: true }))) throw unknownOutcome(tool, cutOff);
      isSent = true;
    });
  } catch (error) {
    if (!isSent) throw error;
    throw unknownOutcome(tool, error instanceof Error ? error.message : String(error), error);
  }
}

const cutOff = 'an earlier attempt was cut off after it was sent.';

/** Of a call that has no result: rejects with what is known. From then on it cannot be sent any more. */
export async function lookUp(journal: Journal, key: readonly string[], tool: string): Promise<never> {
  if (await journal.claim(key, { sent: false })) throw new Failure('Tool.Cancelled', `${tool} was never sent.`);
  throw unknownOutcome(tool, cutOff);
}

function unknownOutcome(tool: string, why: string, cause?: unknown): Failure {
  return new Failure('Tool.OutcomeUnknown', `Whether ${tool} took effect is not known: ${why}`, { cause });
}
