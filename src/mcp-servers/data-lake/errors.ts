/** The one error of this server: what a caller needs to choose its next step, made here and nowhere else. */
import { nearestNames } from './nearest.ts';

export const errorClasses = [
  'network',
  'auth',
  'permission',
  'policy',
  'syntax',
  'not_found',
  'timeout',
  'limit',
  'conflict',
  'internal',
] as const;

type ErrorClass = (typeof errorClasses)[number];

/** The `error` of a failed tool result. `class` says how to recover; `hint` what to do next. */
export type ErrorBody = {
  readonly code: string;
  readonly class: ErrorClass;
  readonly message: string;
  readonly retryable: boolean;
  readonly hint: string;
  readonly suggestions?: readonly string[];
};

export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly body: ErrorBody;

  constructor(body: Omit<ErrorBody, 'retryable'> & { readonly retryable?: boolean }, cause?: unknown) {
    super(body.message, { cause });
    this.body = { ...body, retryable: body.retryable ?? false };
  }
}

export function unknownName(
  kind: 'dataset' | 'column' | 'tool' | 'file',
  wanted: string,
  available: readonly string[],
) {
  const shown = available.slice(0, 50).join(', ');
  const rest = available.length > 50 ? ` and ${available.length - 50} more` : '';
  return new ToolError({
    code: `unknown_${kind}`,
    class: 'not_found',
    message: `Expected the name of a ${kind}, found ${JSON.stringify(wanted)}, which does not exist.`,
    hint: available.length > 0 ? `Available: ${shown}${rest}.` : `There is no ${kind} at all.`,
    suggestions: nearestNames(wanted, available),
  });
}

export function unreadableDataset(name: string, problem: string) {
  return new ToolError({
    code: 'dataset_unreadable',
    class: 'conflict',
    message: `Dataset ${JSON.stringify(name)} cannot be read: ${problem}`,
    hint: 'Repair or replace the file, then ask again; other datasets are not affected.',
  });
}

export function refused(code: string, message: string, hint: string) {
  return new ToolError({ code, class: 'policy', message, hint });
}

export function badArguments(message: string, hint: string, suggestions: readonly string[] = []) {
  return new ToolError({ code: 'bad_arguments', class: 'syntax', message, hint, suggestions });
}

export function timedOut(timeoutMs: number) {
  return new ToolError({
    code: 'statement_timeout',
    class: 'timeout',
    message: `The statement was stopped after its limit of ${timeoutMs / 1000} s.`,
    retryable: true,
    hint: 'Aggregate less data: filter rows, name fewer columns, or ask for a longer timeout_ms.',
  });
}

export function cancelled() {
  return new ToolError({
    code: 'cancelled',
    class: 'timeout',
    message: 'The caller cancelled the request; the statement was stopped.',
    retryable: true,
    hint: 'Ask again if the result is still needed.',
  });
}
