/** The activity around a decision that changes a call: its new arguments are checked against the tool and stored. */
import { Failure } from '../analysis/failures.ts';
import { shorten } from '../analysis/progress.ts';
import type { EditCallInput, EditCallResult } from './contract.ts';
import { readCatalog, type ActivityDependencies } from './dependencies.ts';
import { withHeartbeat } from './heartbeat.ts';

/** Beginning of the arguments that goes into history. */
const maxWords = 240;

/** Rejects with `Tool.InvalidArguments` when they do not fit. */
export function createEditCall({ store, connections }: ActivityDependencies) {
  return (input: EditCallInput): Promise<EditCallResult> =>
    withHeartbeat(async () => {
      const { data } = await readCatalog(store, input.catalog);
      const problems = await connections.argumentProblems(input.name, input.arguments, data);
      if (problems.length > 0)
        throw new Failure(
          'Tool.InvalidArguments',
          `Expected arguments that fit the schema of ${input.name}: ${problems.join('; ')}. The call still waits.`,
        );
      const text = JSON.stringify(input.arguments);
      return { ref: await store.put(text), words: shorten(text, maxWords) };
    });
}
