/** The report of an analysis as one plain object, from which every written form is made. */
import type { Finding, NumberFormat } from '../analysis/evidence.ts';
import type { ReachedLimit } from '../analysis/limits.ts';
import type { Plan } from '../analysis/plan.ts';
import type { Cell, Column } from '../analysis/table.ts';

export type Report = {
  readonly id: string;
  readonly runId: string;
  readonly status: 'running' | 'paused' | 'waiting' | 'completed' | 'stopped' | 'failed';
  readonly exitCode: number;
  /** Why it ended before it was done, as a sentence; absent when it ended by itself. */
  readonly ending?: string;
  /** The limit that ended it; a time is milliseconds since the epoch. */
  readonly limitReached?: ReachedLimit;
  readonly task: string;
  readonly headline: string;
  readonly findings: readonly ReportFinding[];
  /** Findings the verifier did not let through: shown as such, without their statement. */
  readonly struck: readonly StruckFinding[];
  readonly limits: readonly string[];
  readonly evidence: readonly ReportEvidence[];
  readonly datasets: readonly ReportDataset[];
  readonly plan: Plan | null;
  /** Id of the model; `builtin` is the planner that works without a language model. */
  readonly model: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly steps: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly usage: {
    /** Inclusive: the cached ones are among them. */
    readonly inputTokens: number;
    readonly cachedInputTokens: number;
    readonly outputTokens: number;
    /** Null when the price of a model that was used is not known. */
    readonly costUsd: number | null;
  };
  /** The run in the Temporal UI; the only address outside the report. */
  readonly uiUrl?: string;
};

export type ReportFinding = {
  readonly severity: Finding['severity'];
  readonly parts: readonly ReportPart[];
  readonly quantities: readonly ReportQuantity[];
  readonly chart?: ReportChart;
  readonly intervals: readonly Interval[];
};

/** A piece of a statement; a number says which quantity of its finding it is. */
export type ReportPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly quantity: number };

export type ReportQuantity = {
  readonly value: number;
  readonly format: NumberFormat;
  /** How it was computed, in words. */
  readonly meaning: string;
  /** Calls whose results it comes from; each has an entry in the evidence. */
  readonly calls: readonly string[];
};

export type ReportChart = {
  readonly kind: 'bars' | 'line';
  readonly title: string;
  readonly format: NumberFormat;
  readonly call: string;
  /** A value that is no number is null and drawn as a gap. */
  readonly points: readonly { readonly label: string; readonly value: number | null }[];
  /** Rows of the result that are not drawn. */
  readonly left: number;
};

/** A 95 % confidence interval of a number in the statement. */
export type Interval = {
  readonly low: number;
  readonly high: number;
  readonly point?: number;
  readonly format: NumberFormat;
};

export type ReportEvidence = {
  /** Id of the tool call: what quantities and charts name. */
  readonly call: string;
  /** Content-store reference of the whole result. */
  readonly ref: string;
  readonly tool: string;
  /** What the call was for, in the words of whoever made it. */
  readonly purpose?: string;
  /** The SQL, or the arguments as JSON where the tool takes no SQL. */
  readonly query: string;
  readonly rows: number;
  readonly resultHash: string;
  /** When the call was repeated with the same result; absent when it was not repeated. */
  readonly verifiedAt?: string;
  readonly excerpt: Excerpt;
};

/** The first rows of a result and every cited one, within limits. */
export type Excerpt = {
  readonly columns: readonly Column[];
  readonly rows: readonly {
    readonly row: number;
    readonly cells: readonly Cell[];
    readonly cited: readonly number[];
  }[];
};

export type ReportDataset = { readonly name: string; readonly rows?: number; readonly classification?: string };

export type StruckFinding = { readonly severity: Finding['severity']; readonly problems: readonly string[] };

/** Model id of the planner that works without a language model. */
export const builtinModel = 'builtin';

/** The statement as one text, names in back-quotes. */
export function statementOf(finding: ReportFinding): string {
  return finding.parts.map((part) => (part.kind === 'name' ? `\`${part.text}\`` : part.text)).join('');
}
