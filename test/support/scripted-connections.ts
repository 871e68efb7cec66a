/** Tool servers that answer from a script, count their calls, and complain when asked too much or too little. */
import type {
  Connections,
  ToolCallInput,
  ToolCatalog,
  ToolDefinition,
  ToolOutcome,
} from '../../src/tools/connections.ts';

export type ScriptedAnswer = ToolOutcome | Error | ((input: ToolCallInput) => Promise<ToolOutcome>);

export type ScriptedConnections = Connections & {
  readonly calls: readonly ToolCallInput[];
  /** Throws when answers are left: the test expected more calls than were made. */
  assertUsedUp(): void;
};

export type ScriptedServers = {
  /** Answers by tool name, in the order of the calls; a function alone answers every call. */
  readonly answers: Readonly<
    Record<string, readonly ScriptedAnswer[] | ((input: ToolCallInput) => Promise<ToolOutcome>)>
  >;
  readonly tools?: readonly ToolDefinition[];
  readonly problems?: ToolCatalog['problems'];
};

export function scriptedConnections({
  answers,
  tools = [queryTool],
  problems = [],
}: ScriptedServers): ScriptedConnections {
  const calls: ToolCallInput[] = [];
  return {
    calls,
    catalog: async () => ({ tools, problems }),
    argumentProblems: async (name, input) => {
      const required = tools.find((tool) => tool.name === name)?.inputSchema['required'] as readonly string[];
      return required.filter((key) => !(key in input)).map((key) => `${key}: is missing`);
    },
    async call(input) {
      const before = calls.filter((call) => call.tool === input.tool).length;
      await input.beforeSend?.();
      calls.push(input);
      const script = answers[input.tool];
      const answer = typeof script === 'function' ? script : script?.[before];
      if (answer === undefined) throw new Error(`${input.tool} was called ${before + 1} times, less was expected`);
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(input) : answer;
    },
    assertUsedUp() {
      for (const [name, script] of Object.entries(answers)) {
        const made = calls.filter((call) => call.tool === name).length;
        const left = typeof script === 'function' ? 0 : script.length - made;
        if (left !== 0) throw new Error(`${left} scripted answers of ${name} were not asked for`);
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export const queryTool: ToolDefinition = toolNamed('lake__query', 'read');

export function toolNamed(name: string, effect: ToolDefinition['effect']): ToolDefinition {
  const [server = '', tool = ''] = name.split('__');
  const inputSchema = { type: 'object', properties: { sql: { type: 'string' } }, required: ['sql'] };
  return {
    name,
    server,
    tool,
    description: `${tool} of ${server}`,
    inputSchema,
    effect,
    idempotent: effect === 'read',
  };
}

/** A result as the data servers give it: one column `n` with the given values. */
export function tableResult(...values: readonly (number | string)[]): ToolOutcome {
  const data = { columns: [{ name: 'n', type: 'BIGINT' }], rows: values.map((value) => [String(value)]) };
  const meta = { returnedRows: values.length, elapsedMs: 1, datasets: ['sales'] };
  return { ok: true, text: JSON.stringify({ data, meta, ok: true }) };
}
