/** Tools that answer from a script instead of a server, each answer given exactly once. */
import type { Connections, ToolCallInput, ToolDefinition, ToolOutcome } from '../tools/connections.ts';
import { ToolFailure, type ToolFailureType } from '../tools/failures.ts';

export type ScriptedAnswer =
  ToolOutcome | ToolFailure | ((input: Readonly<Record<string, unknown>>) => ToolOutcome | Promise<ToolOutcome>);

export type ScriptedTool = {
  /** In the order of the calls. A report asks each cited query again: its answer has to be there twice. */
  readonly answers: readonly ScriptedAnswer[];
  readonly description?: string;
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  /** `read` when nothing is said; what writes asks for approval or is denied. */
  readonly effect?: ToolDefinition['effect'];
};

export type ScriptedTools = Connections & {
  readonly calls: readonly Pick<ToolCallInput, 'tool' | 'arguments'>[];
  /** What went against the script so far: called more often than expected, or answers left unused. */
  problems(): readonly string[];
};

/** By full name, `server__tool`. */
export function scriptedTools(tools: Readonly<Record<string, ScriptedTool>>): ScriptedTools {
  const definitions = Object.entries(tools).map(([name, tool]) => definitionOf(name, tool));
  const calls: ToolCallInput[] = [];
  const madeOf = (name: string) => calls.filter(({ tool }) => tool === name).length;
  return {
    calls,
    catalog: async () => ({ tools: definitions, problems: [] }),
    argumentProblems: async () => [],
    async call(input) {
      await input.beforeSend?.();
      const answer = tools[input.tool]?.answers[madeOf(input.tool)];
      calls.push(input);
      if (answer === undefined)
        throw new ToolFailure('Tool.Unavailable', tooOften(input.tool, tools, madeOf), { retryable: false });
      if (answer instanceof ToolFailure) throw answer;
      return typeof answer === 'function' ? answer(input.arguments) : answer;
    },
    problems: () =>
      Object.entries(tools).flatMap(([name, { answers }]) => {
        const left = answers.length - madeOf(name);
        if (left < 0) return [tooOften(name, tools, madeOf)];
        return left === 0 ? [] : [`${name}: ${left} of ${answers.length} answers were not asked for.`];
      }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** A result as the data servers give it; whole numbers and text, column by column. */
export function table(...rows: readonly Readonly<Record<string, number | string>>[]): ToolOutcome {
  const columns = Object.entries(rows[0] ?? {}).map(([name, value]) => ({
    name,
    type: typeof value === 'number' ? (Number.isInteger(value) ? 'BIGINT' : 'DOUBLE') : 'VARCHAR',
  }));
  const data = { columns, rows: rows.map((row) => columns.map(({ name }) => String(row[name]))) };
  return { ok: true, text: JSON.stringify({ data, meta: { returnedRows: rows.length, elapsedMs: 1 }, ok: true }) };
}

/** The call fails outside the tool; `retryable` says whether it is tried again. */
export function failed(type: ToolFailureType, message: string, retryable = false): ToolFailure {
  return new ToolFailure(type, message, { retryable });
}

function definitionOf(name: string, { effect = 'read', description, inputSchema }: ScriptedTool): ToolDefinition {
  const at = name.indexOf('__');
  if (at < 1) throw new Error(`Expected the name of a tool as server__tool, found ${JSON.stringify(name)}.`);
  return {
    name,
    server: name.slice(0, at),
    tool: name.slice(at + 2),
    description: description ?? name,
    inputSchema: inputSchema ?? { type: 'object' },
    effect,
    idempotent: effect === 'read',
  };
}

function tooOften(
  name: string,
  tools: Readonly<Record<string, ScriptedTool>>,
  madeOf: (name: string) => number,
): string {
  return `${name} was called ${madeOf(name)} times; its script has ${tools[name]?.answers.length ?? 0} answers.`;
}
