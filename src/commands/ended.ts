/** Why an analysis cannot be spoken to: there is none of that name, or it has ended. */
import { CommandError, exitCode } from '../command-error.ts';
import { unknownAnalysis } from './follow.ts';
import type { Service } from './service.ts';

export async function ended(service: Service, id: string, cause: Error): Promise<CommandError> {
  const description = await service.client.workflow
    .getHandle(id)
    .describe()
    .catch(() => undefined);
  if (description === undefined) return unknownAnalysis(id);
  return new CommandError(
    `Expected an analysis that runs, found ${id}, which has ended (${description.status.name.toLowerCase()}). \`dpa show ${id}\` shows it.`,
    exitCode.usage,
    { cause },
  );
}
