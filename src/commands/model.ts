/** Which model a command uses: the flag, else DPA_MODEL, else what keys and this machine offer. */
import { Failure, noPriceMessage } from '../analysis/failures.ts';
import { CommandError, exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import { automatic, chooseModel, knownProfile } from '../llm/choose.ts';
import { endpointsFrom } from '../llm/endpoints.ts';
import { lookAtFirst } from '../llm/first-look.ts';
import { corrected } from '../llm/model-policy.ts';
import type { Terminal } from '../ui/terminal.ts';

/**
 * On a cluster the keys are the worker's, so it chooses; here a wrong name or key is told before anything is started.
 * Rejects with a `CommandError` (64).
 */
export async function modelOf(
  config: Config,
  flag: string | undefined,
  terminal: Terminal,
  mustHavePrice = false,
): Promise<string> {
  const named = flag ?? config.model ?? automatic;
  try {
    if (config.temporal.kind === 'cluster') return named === automatic ? named : knownProfile(named).ref;
    const endpoints = endpointsFrom(config.environment, config.workingFolder, config.settings.models);
    const choice = await chooseModel(named, endpoints);
    for (const note of choice.notes) terminal.progress(note);
    const [model] = choice.candidates;
    if (mustHavePrice && corrected(knownProfile(model), config.settings.models).price === undefined)
      throw new Failure('Model.NoPrice', noPriceMessage(model));
    const away = await lookAtFirst(model, endpoints);
    if (away !== undefined) terminal.notice(`${away} It is asked again, then the next model.`);
    return model;
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new CommandError(cause.message, exitCode.usage, { cause });
  }
}
