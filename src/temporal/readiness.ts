/** Knows when a Temporal service can be worked with, by speaking its protocol: an open port is not enough. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';

const callLimitMs = 1_000;
const pollMs = 20;

export type ReadinessOptions = {
  readonly namespace: string;
  /** Names of search attributes that must be registered. */
  readonly searchAttributes: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** Resolves when the namespace answers and knows the search attributes; rejects with the last answer after the limit. */
export async function waitUntilServing(connection: Connection, options: ReadinessOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal.throwIfAborted();
    try {
      const missing = await connection.withAbortSignal(options.signal, () =>
        connection.withDeadline(Date.now() + callLimitMs, () => missingAttributes(connection, options)),
      );
      if (missing.length === 0) return;
      throw new Error(`search attributes not registered yet: ${missing.join(', ')}`);
    } catch (cause) {
      if (performance.now() >= deadline) {
        const found = cause instanceof Error ? cause.message : String(cause);
        throw new Error(
          `Expected the Temporal service to serve namespace "${options.namespace}" within ${options.timeoutMs} ms. Last answer: ${found}`,
          { cause },
        );
      }
    }
    await delay(pollMs, undefined, { signal: options.signal });
  }
}

async function missingAttributes(connection: Connection, options: ReadinessOptions): Promise<string[]> {
  const { namespace } = options;
  await connection.workflowService.describeNamespace({ namespace });
  if (options.searchAttributes.length === 0) return [];
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return options.searchAttributes.filter((name) => !(name in (customAttributes ?? {})));
}
