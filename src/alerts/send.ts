/** Sends alerts by webhook, each change of an incident at most once: it is noted before it is sent, and what nobody knows the arrival of is said and not sent again. */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../files/durable-file.ts';
import { alertsOf, slackMessage } from '../quality/alert.ts';
import type { RunDocument } from '../quality/run.ts';
import { post, type AlertTarget } from './post.ts';

export type AlertOptions = {
  /** Holds a file for each change that was told. */
  readonly folder: string;
  /** Their addresses are secrets: they are named in no message and no history. */
  readonly targets: readonly AlertTarget[];
};

/** `sending` that is found later was interrupted: whether it arrived nobody knows. */
type Mark = { readonly key: string; readonly state: 'sending' | 'sent' | 'unknown'; readonly runId: string };

/** Resolves with what could not be sent, or may not have arrived, a sentence each; never rejects for a receiver. */
export function createSendAlerts({ folder, targets }: AlertOptions) {
  return async (document: RunDocument): Promise<readonly string[]> => {
    const problems: string[] = [];
    for (const target of targets) problems.push(...(await sendTo(folder, target, document)));
    return problems;
  };
}

async function sendTo(folder: string, target: AlertTarget, document: RunDocument): Promise<readonly string[]> {
  const { runId } = document;
  const pathOf = (key: string): string =>
    join(folder, createHash('sha256').update(`${target.kind} ${key}`).digest('hex'));
  const note = (key: string, state: Mark['state']): Promise<void> =>
    writeDurably(pathOf(key), `${JSON.stringify({ key, state, runId } satisfies Mark)}\n`);
  const problems: string[] = [];
  const noted = new Map<string, Mark>();
  for (const key of alertsOf(document, () => true).flatMap(({ events }) => events.map((event) => event.key))) {
    const mark = await readMark(pathOf(key));
    if (mark === undefined) continue;
    noted.set(key, mark);
    // The run that was interrupted says it, however often it is taken up again; the runs after it do not.
    if (mark.state === 'sending' || (mark.state === 'unknown' && mark.runId === runId)) {
      problems.push(uncertain(target, key));
      await note(key, 'unknown');
    }
  }
  for (const alert of alertsOf(document, (key) => !noted.has(key))) {
    const keys = alert.events.map(({ key }) => key);
    for (const key of keys) await note(key, 'sending');
    const problem = await post(target, {
      about: 'alerts',
      key: keys.join('\n'),
      body: target.kind === 'slack' ? slackMessage(alert) : alert,
    });
    if (problem !== undefined) problems.push(problem.text);
    // It certainly did not arrive: the next run of this night may say it.
    if (problem?.isCertain === true) await Promise.all(keys.map((key) => rm(pathOf(key), { force: true })));
    else for (const key of keys) await note(key, problem === undefined ? 'sent' : 'unknown');
  }
  return problems;
}

/** A mark that cannot be read was cut off while it was written. */
async function readMark(path: string): Promise<Mark | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Mark;
  } catch {
    return { key: '', state: 'sending', runId: '' };
  }
}

function uncertain({ kind }: AlertTarget, key: string): string {
  return `Expected to know whether the ${kind} receiver took the alert ${key}; the worker was lost while it was sent. It may have arrived, so it is not sent again: look there, or tell it by hand.`;
}
