/** What a tool is here: its definition as MCP lists it, strict arguments, and a run that ends in an envelope. */
import * as z from 'zod';
import { ToolSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Tool as Definition } from '@modelcontextprotocol/sdk/types.js';
import { envelopeSchema, success } from './envelope.ts';
import type { Failure, Outcome, Success } from './envelope.ts';
import { badArguments, ToolError } from './errors.ts';
import { messageOf } from './json.ts';
import type { Lake, Snapshot } from './lake.ts';
import { nearestNames } from './nearest.ts';

type CallContext = { readonly lake: Lake; readonly signal: AbortSignal };

export type Tool = {
  readonly definition: Definition;
  /** Never throws: a failure is an answer too. */
  readonly call: (args: unknown, context: CallContext) => Promise<Success | Failure>;
};

type Spec<Shape extends z.ZodRawShape> = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Shape;
  readonly dataType: 'tabular' | 'metadata';
  /** 0 metadata only · 1 aggregates and bounded reads · 2 samples of confidential rows, heavy scans · 3 writes. */
  readonly securityLevel: 0 | 1 | 2 | 3;
  readonly run: (
    args: z.output<z.ZodObject<Shape>>,
    context: { readonly snapshot: Snapshot; readonly signal: AbortSignal },
  ) => Promise<Outcome>;
};

export function defineTool<Shape extends z.ZodRawShape>(spec: Spec<Shape>): Tool {
  const input = z.strictObject(spec.input);
  return {
    definition: ToolSchema.parse({
      name: spec.name,
      title: spec.title,
      description: spec.description,
      inputSchema: z.toJSONSchema(input, { io: 'input' }),
      outputSchema: z.toJSONSchema(envelopeSchema),
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      _meta: { 'dpa/dataType': spec.dataType, 'dpa/securityLevel': spec.securityLevel, 'dpa/effect': 'read' },
    }),
    call: async (args, { lake, signal }) => {
      const startedMs = performance.now();
      try {
        const parsed = input.safeParse(args ?? {});
        if (!parsed.success) throw argumentError(parsed.error, Object.keys(spec.input));
        const values = parsed.data as z.output<z.ZodObject<Shape>>;
        const outcome = await lake.use((snapshot) => spec.run(values, { snapshot, signal }));
        return success(outcome, performance.now() - startedMs);
      } catch (error) {
        return { ok: false, error: bodyOf(error) };
      }
    },
  };
}

function argumentError(error: z.ZodError, known: readonly string[]): ToolError {
  const issues = error.issues.map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`);
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const hint = known.length > 0 ? `Arguments of this tool: ${known.join(', ')}.` : 'This tool takes no arguments.';
  return badArguments(
    issues.join('; '),
    hint,
    unknown.flatMap((key) => nearestNames(key, known)),
  );
}

function bodyOf(error: unknown): Failure['error'] {
  if (error instanceof ToolError) return error.body;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return {
    code: 'internal',
    class: 'internal',
    message: messageOf(error),
    retryable: false,
    hint: 'This is a fault of the server; its standard error has the details.',
  };
}
