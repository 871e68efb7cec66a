/** Sends alerts by webhook, each change of an incident at most once: it is noted before it is sent, and stays noted when nobody knows whether it arrived. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../files/durable-file.ts';
import { alertsOf, slackMessage } from '../quality/alert.ts';
import type { Alert } from '../quality/alert.ts';
import type { RunDocument } from '../quality/run.ts';

export type AlertTarget = { readonly kind: 'webhook' | 'slack'; readonly url: string };

export type AlertOptions = {
  /** Holds a file for each change that was told. */
  readonly folder: string;
  /** Their addresses are secrets: they are named in no message and no history. */
  readonly targets: readonly AlertTarget[];
};

/** How long a receiver may take to answer. */
const answerLimitMs = 10_000;

/** Resolves with what could not be sent, a sentence each; never rejects for a receiver. */
export function createSendAlerts({ folder, targets }: AlertOptions) {
  return async (document: RunDocument): Promise<readonly string[]> => {
    const problems: string[] = [];
    for (const target of targets) {
      const markOf = (key: string): string =>
        join(folder, createHash('sha256').update(`${target.kind} ${key}`).digest('hex'));
      for (const alert of alertsOf(document, (key) => !existsSync(markOf(key)))) {
        const marks = alert.events.map(({ key }) => ({ key, path: markOf(key) }));
        for (const { key, path } of marks) await writeDurably(path, `${key}\n`);
        const problem = await post(target, alert);
        if (problem === undefined) continue;
        problems.push(problem.text);
        // It certainly did not arrive: the next run of this night may say it.
        if (problem.isCertain) await Promise.all(marks.map(({ path }) => rm(path, { force: true })));
      }
    }
    return problems;
  };
}

async function post(
  { kind, url }: AlertTarget,
  alert: Alert,
): Promise<{ text: string; isCertain: boolean } | undefined> {
  const key = createHash('sha256')
    .update(alert.events.map((event) => event.key).join('\n'))
    .digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(kind === 'slack' ? slackMessage(alert) : alert),
      redirect: 'error',
      signal: AbortSignal.timeout(answerLimitMs),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    return {
      text: `Expected the ${kind} receiver of alerts to take one, found HTTP ${response.status}. Check its address.`,
      isCertain: true,
    };
  } catch (error) {
    const code = codeIn(error);
    const isCertain = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'].includes(code);
    const unsure = isCertain ? '' : ' It may have arrived, so it is not sent again.';
    return { text: `Expected the ${kind} receiver of alerts to answer, found ${code}.${unsure}`, isCertain };
  }
}

/** The system's code, without the address that its message would carry. */
function codeIn(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'an unknown failure';
}
