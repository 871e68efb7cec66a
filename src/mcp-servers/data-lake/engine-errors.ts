/** DuckDB's messages as errors a caller can act on. */
import { ToolError } from './errors.ts';
import type { ErrorBody } from './errors.ts';
import { messageOf } from './json.ts';

type Rule = { readonly pattern: RegExp; readonly body: Omit<ErrorBody, 'message' | 'retryable'> };

/** The first pattern that matches the message decides. */
const rules: readonly Rule[] = [
  {
    pattern: /Table with name .* does not exist/,
    body: { code: 'unknown_dataset', class: 'not_found', hint: 'Call list_datasets for the names of the datasets.' },
  },
  {
    pattern:
      /Referenced column .* not found|does not have a column named|Table ".*" does not have|column .* not found/i,
    body: { code: 'unknown_column', class: 'not_found', hint: 'Call describe_dataset for the columns.' },
  },
  {
    pattern: /Function with name .* does not exist/,
    body: { code: 'unknown_function', class: 'not_found', hint: 'Use a function of DuckDB SQL.' },
  },
  {
    pattern: /^Parser Error/,
    body: { code: 'bad_syntax', class: 'syntax', hint: 'Write one SELECT statement in DuckDB SQL.' },
  },
  {
    pattern: /^Permission Error|disabled by configuration|configuration has been locked/,
    body: {
      code: 'outside_datasets',
      class: 'policy',
      hint: 'Read the datasets of list_datasets by their names only.',
    },
  },
  {
    pattern: /^Out of Memory|failed to allocate|could not allocate/i,
    body: {
      code: 'out_of_memory',
      class: 'limit',
      hint: 'Aggregate less data: filter rows, name fewer columns, avoid sorting or grouping wide values.',
    },
  },
  {
    pattern: /No such file|No files found|Cannot open file|could not be opened/i,
    body: {
      code: 'file_gone',
      class: 'conflict',
      hint: 'A file vanished since it was listed. Call list_datasets again.',
    },
  },
  {
    pattern: /^(Binder|Conversion|Invalid Input|Out of Range|Catalog|Type) Error/,
    body: {
      code: 'bad_statement',
      class: 'syntax',
      hint: 'Correct the statement; cast text with TRY_CAST where a column is dirty.',
    },
  },
];

const maxMessageChars = 600;

export function toolErrorFrom(error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  const message = messageOf(error).replace(/^Failed to extract statements: /, '');
  const rule = rules.find(({ pattern }) => pattern.test(message));
  const body = rule?.body ?? {
    code: 'engine_failed',
    class: 'internal' as const,
    hint: 'Try a simpler statement; if it fails again, this is a fault of the server.',
  };
  const suggestions = candidatesIn(message);
  return new ToolError({ ...body, message: shortened(message), ...(suggestions ? { suggestions } : {}) }, error);
}

/** DuckDB names near columns itself: `Candidate bindings: "a", "b"` and `Did you mean "x"`. */
function candidatesIn(message: string): string[] | undefined {
  const list = /(?:Candidate (?:bindings|tables|entries):|Did you mean) (.*)/.exec(message)?.[1];
  if (list === undefined) return undefined;
  const quotedNames = [...list.matchAll(/"((?:[^"]|"")+)"/g)].map((match) => match[1]!);
  return quotedNames.length > 0 ? quotedNames : undefined;
}

/** The message without the paths of this machine, the offending lines, and advice about options nobody can set here. */
function shortened(message: string): string {
  const text = message
    .replace(/Original Line: [\s\S]*?\n\s*(?=Expected Number|Value with|Invalid unicode|Maximum line|Error when)/, '')
    .replace(/\s*(Possible (?:fixes|Solution)|\n {2}file = )[\s\S]*$/, '')
    .replace(/(["'])(?:[A-Za-z]:)?[/\\][^"'\n]*[/\\]([^"'/\\\n]+)\1/g, '$1$2$1');
  return text.length > maxMessageChars ? `${text.slice(0, maxMessageChars)}…` : text;
}
