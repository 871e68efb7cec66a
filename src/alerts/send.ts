/** Sends alerts by webhook, each change of an incident at most once: it is noted before it is sent, and stays noted when nobody knows whether it arrived. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
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
        const problem = await post(target, {
          about: 'alerts',
          key: alert.events.map((event) => event.key).join('\n'),
          body: target.kind === 'slack' ? slackMessage(alert) : alert,
        });
        if (problem === undefined) continue;
        problems.push(problem.text);
        // It certainly did not arrive: the next run of this night may say it.
        if (problem.isCertain) await Promise.all(marks.map(({ path }) => rm(path, { force: true })));
      }
    }
    return problems;
  };
}
