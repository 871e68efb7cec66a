/** The arguments of a call, or the steps of a plan, as YAML that a person can change in an editor. */
import { parse, stringify } from 'yaml';
import type { Decidable } from '../../analysis/decisions.ts';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { editText } from '../../ui/editor.ts';

/** The changed arguments. Throws a `CommandError` when there is no editor, or what it leaves cannot be read. */
export async function editArguments(
  { environment }: Config,
  ask: Decidable,
): Promise<Readonly<Record<string, unknown>>> {
  const editor = environment['VISUAL'] || environment['EDITOR'];
  if (!editor)
    throw new CommandError(
      'Expected an editor in $EDITOR, found none. Set it, or write the arguments to a file and name it: --edit FILE.',
      exitCode.usage,
    );
  const edited = await editText(editor, textOf(ask), environment);
  const given = typeof edited === 'string' ? readArguments(edited) : edited.problem;
  if (typeof given !== 'string') return given;
  throw new CommandError(`${given} Nothing was decided.`, exitCode.usage);
}

function textOf(ask: Decidable): string {
  if (ask.kind === 'plan') return `# The steps of the plan.\n${stringify({ steps: ask.plan.steps })}`;
  const given = readArguments(ask.arguments);
  if (typeof given !== 'string') return `# The arguments of ${ask.name}.\n${stringify(given)}`;
  throw new CommandError(
    `Expected arguments of at most 1 KB for the editor, found longer ones. Write them to a file and name it: --edit FILE. \`dpa show ID --transcript\` has them.`,
    exitCode.usage,
  );
}

/** The arguments in a text of JSON or YAML, or what is wrong with it. */
export function readArguments(text: string): Readonly<Record<string, unknown>> | string {
  let given: unknown;
  try {
    given = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const [why] = error instanceof Error ? error.message.split('\n') : ['something else'];
    return `Expected arguments as JSON or YAML, found ${why}.`;
  }
  if (typeof given === 'object' && given !== null && !Array.isArray(given))
    return given as Readonly<Record<string, unknown>>;
  return `Expected names with values, found ${given === null ? 'nothing' : JSON.stringify(given).slice(0, 80)}.`;
}
