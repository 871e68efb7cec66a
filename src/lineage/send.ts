/** Sends OpenLineage events of quality runs to a receiver such as Marquez; what does not arrive is said, and stops nothing. */
import type { RunDocument } from '../quality/run.ts';
import { endEvent, startEvent, type StartedRun } from '../reports/quality/openlineage.ts';

export type LineageTarget = {
  /** Of the events' receiver, with its path; may hold a secret, so it is named in no message. */
  readonly url: string;
  readonly apiKey?: string;
  readonly namespace: string;
};

/** Resolve with the sentence that says why an event did not arrive; never reject for a receiver. */
export type Lineage = {
  started(run: StartedRun): Promise<string | undefined>;
  ended(document: RunDocument): Promise<string | undefined>;
};

/** How long a receiver may take to answer. */
const answerLimitMs = 5_000;

/** Without a receiver nothing is sent. */
export function createLineage(target: LineageTarget | undefined): Lineage {
  if (target === undefined) return { started: async () => undefined, ended: async () => undefined };
  return {
    started: (run) => post(target, startEvent(run, target.namespace)),
    ended: (document) => post(target, endEvent(document, target.namespace)),
  };
}

async function post({ url, apiKey }: LineageTarget, event: object): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(event),
      redirect: 'error',
      signal: AbortSignal.timeout(answerLimitMs),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    return problem(`HTTP ${response.status}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return problem(cause.code);
    return problem(cause instanceof Error ? cause.name : 'an unknown failure');
  }
}

function problem(found: string): string {
  return `Expected the receiver of OpenLineage events to take one, found ${found}. Check OPENLINEAGE_URL; the run is not touched by it.`;
}
