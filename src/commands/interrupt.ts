/** `dpa pause`, `resume`, `redirect` and `stop`: a word to a running analysis, which is not waited for. */
import { userInfo } from 'node:os';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Interrupt } from '../analysis/interrupts.ts';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import type { Terminal } from '../ui/terminal.ts';
import type { AnalysisWorkflow } from '../workflows/messages.ts';
import { ended } from './ended.ts';
import { openService, type Service } from './service.ts';
import { checkedId } from './start.ts';

/** Resolves with 0 when the service has taken the word; it is in force at once, also inside a running call. */
export async function interrupt(config: Config, id: string, word: Interrupt, terminal: Terminal): Promise<number> {
  const known = checkedId(id);
  if (word.kind === 'redirect' && word.text.trim() === '')
    throw new CommandError(
      `Expected words that say where the analysis shall turn, found none. Example: dpa redirect ${known} "only December"`,
      exitCode.usage,
    );
  await using service = await openService(config, terminal);
  const { kind, ...payload } = word;
  await send(service, known, kind, { by: person(), ...payload });
  terminal.answer(told[kind](known));
  return 0;
}

const told: Readonly<Record<Interrupt['kind'], (id: string) => string>> = {
  pause: (id) => `${id} pauses. \`dpa resume ${id}\` lets it go on.`,
  resume: (id) => `${id} goes on. \`dpa watch ${id}\` follows it.`,
  redirect: (id) => `${id} turns. \`dpa watch ${id}\` follows it.`,
  stop: (id) => `${id} stops; what was found so far is reported. \`dpa show ${id}\` shows it.`,
};

/** Throws a `CommandError` when there is no such analysis, or it has ended. */
export async function send(service: Service, id: string, name: Interrupt['kind'], payload: object): Promise<void> {
  const handle = service.client.workflow.getHandle<AnalysisWorkflow>(id);
  try {
    await handle.signal<[object]>(name, payload);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw await ended(service, id, error);
  }
}

/** Who speaks, for the history; a system without user names has none. */
export function person(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
