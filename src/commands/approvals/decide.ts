/** `dpa approve`, `dpa deny` and `dpa answer`: one word to what waits; whoever comes second is told who was first. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { isDecidable, namedAsk } from '../../analysis/decisions.ts';
import type { GivenAnswer, GivenDecision } from '../../analysis/read-decision.ts';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { answerUpdate, decideUpdate, type AnalysisWorkflow, type Taken } from '../../workflows/messages.ts';
import { ended } from '../ended.ts';
import { person } from '../interrupt.ts';
import { openService, type Service } from '../service.ts';
import { checkedId } from '../start.ts';
import { editArguments, readArguments } from './arguments.ts';
import { pendingOf } from './list.ts';

/** How long a worker may take to hear it. */
const updateLimitMs = 30_000;

export async function approve(
  config: Config,
  givenId: string,
  call: string,
  flags: { readonly edit?: string | true; readonly always?: string | true },
  terminal: Terminal,
): Promise<number> {
  const id = checkedId(givenId);
  // Before the service is started for it.
  const fromFile = typeof flags.edit === 'string' ? await argumentsIn(flags.edit, config.workingFolder) : undefined;
  await using service = await openService(config, terminal);
  const edited = flags.edit === true ? await inEditor(config, service, id, call) : fromFile;
  const taken = await decide(service, id, {
    call: await idOf(service, id, call),
    decision: 'approve',
    by: person(),
    ...(edited === undefined ? {} : { arguments: edited }),
    ...(flags.always === undefined ? {} : { always: flags.always }),
  });
  terminal.answer(`${taken.call} is ${taken.decision}.`);
  return 0;
}

export async function deny(
  config: Config,
  givenId: string,
  call: string,
  reason: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const id = checkedId(givenId);
  await using service = await openService(config, terminal);
  const why = reason === undefined ? {} : { reason };
  const taken = await decide(service, id, {
    call: await idOf(service, id, call),
    decision: 'deny',
    by: person(),
    ...why,
  });
  terminal.answer(`${taken.call} is ${taken.decision}.`);
  return 0;
}

export async function answer(
  config: Config,
  givenId: string,
  question: string,
  text: string,
  terminal: Terminal,
): Promise<number> {
  const id = checkedId(givenId);
  if (text.trim() === '') throw new CommandError(`Expected words that answer ${question}, found none.`, exitCode.usage);
  await using service = await openService(config, terminal);
  const taken = await sendAnswer(service, id, { question: await idOf(service, id, question), text, by: person() });
  terminal.answer(`${taken.call} is ${taken.decision}.`);
  return 0;
}

/** Of what waits now under that name. The id is of exactly what is decided: should it change meanwhile, it is refused. */
async function idOf(service: Service, id: string, named: string): Promise<string> {
  return namedAsk(await pendingOf(service, id), named)?.id ?? named;
}

/** Throws a `CommandError` when it waits no more, when what was sent does not fit, or when nobody hears it. */
export async function decide(service: Service, id: string, given: GivenDecision): Promise<Taken> {
  return heard(service, id, () => handleOf(service, id).executeUpdate(decideUpdate, { args: [given] }));
}

export async function sendAnswer(service: Service, id: string, given: GivenAnswer): Promise<Taken> {
  return heard(service, id, () => handleOf(service, id).executeUpdate(answerUpdate, { args: [given] }));
}

function handleOf(service: Service, id: string) {
  return service.client.workflow.getHandle<AnalysisWorkflow>(id);
}

async function heard(service: Service, id: string, send: () => Promise<Taken>): Promise<Taken> {
  try {
    return await service.client.withDeadline(Date.now() + updateLimitMs, send);
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw new CommandError(why, exitCode.usage, { cause: error });
    }
    if (error instanceof WorkflowNotFoundError) throw await ended(service, id, error);
    throw new CommandError(
      `Expected a worker that takes the decision within ${updateLimitMs / 1000} s, found none. It may still be taken: \`dpa approvals ${id}\` says what waits.`,
      exitCode.unreachable,
      { cause: error },
    );
  }
}

async function inEditor(config: Config, service: Service, id: string, call: string) {
  const ask = namedAsk(await pendingOf(service, id), call);
  if (ask === undefined || !isDecidable(ask))
    throw new CommandError(
      `Expected a call or a plan that waits, found ${JSON.stringify(call)}. \`dpa approvals ${id}\` says what waits.`,
      exitCode.usage,
    );
  return editArguments(config, ask);
}

async function argumentsIn(file: string, folder: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(folder, file);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`--edit: expected a file that can be read, found ${path}.`, exitCode.usage, { cause });
  });
  const given = readArguments(text);
  if (typeof given !== 'string') return given;
  throw new CommandError(`${path}: ${given}`, exitCode.usage);
}
