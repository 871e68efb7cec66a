/** What failed before is not tried again blindly: within an analysis the same call, and between analyses what a source is known for. */
import { shorten } from './progress.ts';
import type { AnalysisState } from './state.ts';

/** Fails each time it is made with these arguments. `same`: the fingerprint of tool and arguments. */
export type FailedCall = { readonly same: string; readonly callId: string; readonly ref: string };

/** Of calls that failed in an analysis, the latest ones are remembered. */
const maxFailedCalls = 20;

/** Classes of a tool's error that the same call meets again; other failures may pass. */
const lasting = ['syntax', 'not_found', 'permission'];

export function isLasting(errorClass: string | undefined): boolean {
  return errorClass !== undefined && lasting.includes(errorClass);
}

export function withFailedCall(state: AnalysisState, call: FailedCall): AnalysisState {
  return { ...state, failed: [...(state.failed ?? []), call].slice(-maxFailedCalls) };
}

export function failedBefore({ failed = [] }: AnalysisState, same: string | undefined): FailedCall | undefined {
  return failed.find((call) => call.same === same);
}

/** One way in which a tool of a source failed, and what it said would help; times are milliseconds since 1970. */
export type SourceFailure = {
  readonly tool: string;
  readonly class: string;
  readonly message: string;
  readonly remedy?: string;
  readonly times: number;
  readonly lastMs: number;
};

/** Kept of a source, told to a model of one, and of all together. */
const maxKept = 20;
const maxToldOfSource = 3;
const maxTold = 8;

/** What happened longer ago has probably been repaired. */
const maxAgeMs = 30 * 24 * 3_600_000;

const maxCharacters = 160;

/** The same failure again counts; the ones that were met last stay. */
export function withSourceFailure(
  known: readonly SourceFailure[],
  failure: Omit<SourceFailure, 'times'>,
): readonly SourceFailure[] {
  const short = { ...failure, message: shorten(failure.message, maxCharacters) };
  const isSame = (one: SourceFailure) => one.tool === short.tool && one.message === short.message;
  const times = 1 + (known.find(isSame)?.times ?? 0);
  const remedy = failure.remedy === undefined ? {} : { remedy: shorten(failure.remedy, maxCharacters) };
  return [...known.filter((one) => !isSame(one)), { ...short, ...remedy, times }].slice(-maxKept);
}

/** A line for each that the model should know of, the most frequent first. */
export function lessonsOf(sources: readonly (readonly SourceFailure[])[], nowMs: number): readonly string[] {
  return sources
    .flatMap((known) => mostMet(known.filter(({ lastMs }) => nowMs - lastMs <= maxAgeMs)).slice(0, maxToldOfSource))
    .slice(0, maxTold)
    .map(({ tool, class: kind, message, remedy, times }) => {
      const often = times === 1 ? 'once' : `${times} times`;
      return `${tool} failed ${often} (${kind}): ${message}${remedy === undefined ? '' : ` What helps: ${remedy}`}`;
    });
}

function mostMet(failures: readonly SourceFailure[]): readonly SourceFailure[] {
  return failures.toSorted((a, b) => b.times - a.times || b.lastMs - a.lastMs);
}
