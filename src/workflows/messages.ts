/** What goes into an analysis, what comes out, and the messages it understands: shared by workflow, client and worker. */
import type { Ask } from '../analysis/decisions.ts';
import type { Followed } from '../analysis/follow-up.ts';
import type { GivenAnswer, GivenDecision } from '../analysis/read-decision.ts';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Limits } from '../analysis/budget.ts';
import type { AnalysisState } from '../analysis/state.ts';
import type { ModelTotals, Spending } from '../analysis/cost.ts';
import type { Plan } from '../analysis/plan.ts';
import type { ProgressEvent } from '../analysis/progress.ts';

/** The workflow's type, for the client and for continue-as-new. */
export type AnalysisWorkflow = (input: AnalysisInput) => Promise<AnalysisOutcome>;

export { taskQueue } from '../analysis/task-queue.ts';

export type AnalysisInput = {
  readonly task: string;
  /** Absolute paths or globs given with --data; empty means what the tool servers are configured to read. */
  readonly data: readonly string[];
  readonly model: string;
  readonly maxSteps: number;
  /** Always there in analyses that this version or a later one started. */
  readonly limits?: {
    readonly usd?: number;
    readonly tokens?: number;
    readonly bytesScanned?: number;
    /** Milliseconds of work: what is paused, or waits for a person, uses up none of it. */
    readonly workMs?: number;
    /** Milliseconds on the wall. */
    readonly timeoutMs?: number;
  };
  /** Absent: a person is asked, and waited for as long as usual. */
  readonly approvals?: Approvals;
  /** Whether the service knows our search attributes: an unknown one would block the workflow. */
  readonly searchAttributes: boolean;
  /** The Temporal UI of the service, for the link in the report. */
  readonly uiUrl?: string;
  /** Events after which a run continues as new, for services that allow less than usual; absent: 2,000. */
  readonly continueAfterEvents?: number;
  /** Set in a follow-up. */
  readonly follows?: Followed;
  /** Set only by continue-as-new. */
  readonly carried?: { readonly state: AnalysisState; readonly startedAtMs: number };
};

/** How an analysis deals with what a person has to decide. */
export type Approvals = {
  /** How long a decision is waited for; then the answer is no. Absent: a week. */
  readonly withinMs?: number;
  /** How long until people are reminded, again and again, and until those above them are told. */
  readonly remindAfterMs?: number;
  readonly escalateAfterMs?: number;
  /** Nobody is asked: what would be asked is denied. */
  readonly unattended?: true;
  /** What would change anything is denied, not asked. */
  readonly readOnly?: true;
  /** `ask`: nothing is read before the plan is accepted; `show`: the plan and its cost are only told. */
  readonly plan?: 'ask' | 'show';
};

export type AnalysisOutcome = {
  readonly status: 'completed' | 'stopped';
  readonly exitCode: number;
  readonly headline: string;
  readonly report: { readonly markdown: string; readonly html: string; readonly json: string };
  /** Content-store reference of the result document, and the document itself while small. */
  readonly result: string;
  readonly document?: string;
  /** Names of the datasets that were looked at, at most 20; absent in histories older than this field. */
  readonly datasets?: readonly string[];
};

export type AnalysisStatus = {
  readonly status: 'running' | 'paused' | 'waiting' | 'completed' | 'stopped' | 'failed';
  /** Present while it is paused. */
  readonly paused?: { readonly by?: string; readonly sinceMs: number };
  /** What waits for a person: `dpa approvals` shows all of it. */
  /** `text`: what is needed to end a trouble. */
  readonly waitsFor?: readonly { readonly id: string; readonly kind: Ask['kind']; readonly text?: string }[];
  readonly phase: string;
  readonly task: string;
  readonly model: string;
  readonly steps: number;
  readonly maxSteps: number;
  readonly limits: Limits;
  readonly spent: {
    readonly usd: number | null;
    readonly reservedUsd: number;
    readonly tokens: number;
    readonly bytesScanned: number;
  };
  readonly toolCalls: number;
  readonly startedAtMs: number;
  readonly plan: Plan | null;
  readonly progress: readonly ProgressEvent[];
};

/** `after`: only progress events with a higher number; nothing means all that are kept. */
export const statusQuery = defineQuery<AnalysisStatus, [{ after?: number }?]>('status');

/** What the model calls used so far, by model. */
export const costQuery = defineQuery<{ readonly models: Spending; readonly total: ModelTotals }>('cost');

/** What waits for a person, the oldest first. */
export const pendingQuery = defineQuery<readonly Ask[]>('pending');

/** Where the conversation is, and all that a follow-up has to be started with. */
export type TranscriptHead = Omit<Followed, 'session'> & {
  readonly steps: number;
  readonly data: readonly string[];
};

export const transcriptQuery = defineQuery<TranscriptHead>('transcript');

/** One JSON object each; what has another shape is ignored, with a note in the progress. */
export const pauseSignal = defineSignal<[{ by?: string }?]>('pause');
export const resumeSignal = defineSignal<[{ by?: string }?]>('resume');
export const redirectSignal = defineSignal<[{ text: string; by?: string }]>('redirect');
export const stopSignal = defineSignal<[{ reason?: string; by?: string }?]>('stop');

/** `until`: ISO 8601, or milliseconds since 1970. */
export type BudgetChange = {
  readonly usd?: number;
  readonly steps?: number;
  readonly until?: string | number;
  readonly tokens?: number;
  readonly bytesScanned?: number;
};

/** New limits; what is not named stays. Answers with the limits now in force. */
export const setBudgetUpdate = defineUpdate<Limits, [BudgetChange]>('setBudget');

/** Which thing was decided, and how in words. */
export type Taken = { readonly call: string; readonly decision: string };

/** Approve or deny a tool call or a plan. Rejected when it no longer waits, or its shape is wrong. */
export const decideUpdate = defineUpdate<Taken, [GivenDecision]>('decide');

/** Answer a question of the model. */
export const answerUpdate = defineUpdate<Taken, [GivenAnswer]>('answer');
