/** What an analysis knows about itself between two steps, and what can happen to it. */
import type { Budget } from './budget.ts';
import type { Compacted, Shortening } from './compaction.ts';
import type { CallUsage, Spending } from './cost.ts';
import type { Decisions, Question } from './decisions.ts';
import type { Interrupts } from './interrupts.ts';
import type { LimitKind } from './limits.ts';
import type { Plan } from './plan.ts';
import type { Progress } from './progress.ts';
import type { Quote } from './reservation.ts';
import type { FailedCall } from './lessons.ts';
import type { CutOff } from './recovery.ts';
import type { ModelTrouble } from './routing.ts';

/** Content-store reference. */
type Ref = string;

/** A message that the next model turn appends to the transcript; small, results by reference. */
export type Pending =
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'results'; readonly results: readonly Answered[] };

/**
 * The one result of a tool call: by reference, or made up here (denied, failed, planning) with its text. `edited`: the
 * arguments it was made with, where a person changed them.
 */
export type Answered = {
  readonly callId: string;
  readonly ok: boolean;
  readonly ref?: Ref;
  readonly text?: string;
  readonly edited?: Ref;
  /** The tool that answered in the place of the one that was called. */
  readonly standIn?: string;
};

export type Requested = {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  /** Set where a call of the same tool with the same arguments failed before, for a reason that lasts. */
  readonly same?: string;
  /** For calls that may have to be decided by a person: an id of exactly this call, and its arguments as JSON. */
  readonly ask?: { readonly id: string; readonly arguments: string; readonly touches?: string };
  /** For a question of the model. */
  readonly question?: Question & { readonly id: string };
};

/**
 * `declined`: the model refused to go on; `contextFull`: the conversation outgrew what it can read; `stuck`: no model is
 * left, and nobody said how to go on.
 */
export type EndReason =
  'submitted' | 'answered' | 'budget' | 'refused' | 'declined' | 'contextFull' | 'stopped' | 'planRefused' | 'stuck';

export type Phase =
  | { readonly kind: 'discovering' }
  | { readonly kind: 'thinking' }
  | { readonly kind: 'calling'; readonly calls: readonly Requested[]; readonly answered: readonly Answered[] }
  | {
      readonly kind: 'reporting';
      readonly reason: EndReason;
      readonly submission?: { readonly ref: Ref; readonly callId: string };
      /** Results of the turn's other calls, for the model should the report be sent back. */
      readonly answered: readonly Answered[];
    };

/**
 * Where a damaged store can be gone back to: the state before a model turn, whose reply is in the journal. The budget
 * goes back with it: the turn has the same number again, by which the journal knows it.
 */
export type Checkpoint = Pick<
  AnalysisState,
  'head' | 'pending' | 'budget' | 'refusals' | 'wrappingUp' | 'spending' | 'unfinished' | 'shortening'
>;

export type AnalysisState = Interrupts &
  Decisions & {
    readonly phase: Phase;
    readonly head: Ref | null;
    readonly pending: readonly Pending[];
    readonly catalog: Ref | null;
    readonly tools: readonly KnownTool[];
    readonly plan: Plan | null;
    readonly budget: Budget;
    readonly progress: Progress;
    readonly checkpoint: Checkpoint | null;
    /** Reports the verifier sent back, and times the store was repaired: both are limited. */
    readonly refusals: number;
    readonly repairs: number;
    readonly wrappingUp: boolean;
    /** Absent in analyses that an earlier version began. */
    readonly spending?: Spending;
    /** Models that may be asked, the first one first; absent: the one the analysis was started with. */
    readonly models?: readonly string[];
    /** Which model gave way to which, and why: a sentence each, for the report. */
    readonly switches?: readonly string[];
    /** Replies in a row that were cut off or paused: both are limited. */
    readonly unfinished?: number;
    /** Replies in a row that held calls and not one that could be used. */
    readonly unreadable?: number;
    /** Failures for which another model is asked once, and was. */
    readonly gaveWayFor?: readonly string[];
    /** Times in a row that a provider was waited for as long as it asked. */
    readonly waits?: number;
    /** Reports, or plans, in words that could not be used: limited. */
    readonly rejections?: number;
    /** Tokens that the models read at once, by name. */
    readonly windows?: Readonly<Record<string, number>>;
    /** What the models cost, by name: those whose price is known. */
    readonly quotes?: Readonly<Record<string, Quote>>;
    /** Tokens of instructions and tools, guessed: what the first call reads before any conversation. */
    readonly promptTokens?: number;
    /** What the money that is left allows the next call to write. */
    readonly maxOutputTokens?: number;
    /** How the conversation is shortened; absent in analyses that an earlier version began. */
    readonly shortening?: Shortening;
    /** Calls that failed in a way that lasts. */
    readonly failed?: readonly FailedCall[];
    /** Tools that took over for others, by the name of those. */
    readonly standIns?: Readonly<Record<string, string>>;
    /** Tool servers that a person said to go on without. */
    readonly givenUp?: readonly string[];
    /** Calls whose outcome nobody knows, until a person was asked about them. */
    readonly cutOff?: readonly CutOff[];
    /** The limit that made it wrap up or end. */
    readonly limit?: LimitKind;
  };

/** `access` is absent where reading is free, and in analyses that an earlier version began: those may only read. */
export type KnownTool = {
  readonly name: string;
  readonly effect: 'read' | 'write' | 'admin';
  readonly securityLevel?: number;
  /** Tells about data and reads none of it: free before a plan is accepted. */
  readonly metadata?: true;
  /** A second call may do harm: where the outcome of one is unknown, a person is asked. */
  readonly once?: true;
  /** Tools of other servers that can answer in its place, the configured ones first. */
  readonly standIns?: readonly string[];
  readonly access?: 'allow' | 'ask' | 'deny';
  readonly why?: string;
};

export type Turn = {
  readonly head: Ref;
  readonly calls: readonly Requested[];
  /** Calls answered within the turn itself: planning, invalid submissions. */
  readonly answered: readonly Answered[];
  /** `callId` is empty when the report was written and not submitted by a call. */
  readonly submission?: { readonly ref: Ref; readonly callId: string };
  readonly plan?: Plan;
  readonly usage: CallUsage;
  /** Absent: the price is not known. */
  readonly costUsd?: number;
  /** Calls that broke off before the one that ended. */
  readonly brokenOff?: number;
  /** Set when the reply is not whole: cut at the output limit, paused by the provider, refused, or the context is full. */
  readonly finish?: 'length' | 'paused' | 'refusal' | 'contextFull';
  /** Why it refused, in the provider's word. */
  readonly refusal?: string;
  /** Set when it made calls and none of them could be read: invalid JSON, a report that is none. */
  readonly unreadable?: true;
  /** Set when its words were the plan: it goes on with it. */
  readonly planned?: true;
  /** What is wrong with the report, or the plan, that it wrote instead of submitting it. */
  readonly rejected?: string;
};

export type ControlEvent =
  | {
      readonly kind: 'discovered';
      readonly catalog: Ref;
      readonly tools: readonly KnownTool[];
      readonly models?: readonly string[];
      readonly quotes?: Readonly<Record<string, Quote>>;
      readonly windows?: Readonly<Record<string, number>>;
      readonly promptTokens?: number;
      readonly tells?: true;
      readonly compacts?: true;
    }
  | { readonly kind: 'turnCompleted'; readonly turn: Turn; readonly model: string; readonly tookMs?: number }
  /** The first of the models failed for good. */
  | ({ readonly kind: 'modelFailed' } & ModelTrouble)
  /** Calls broke off that may have taken so much, and not enough is left for another one. */
  | { readonly kind: 'brokenOff'; readonly model: string; readonly usd?: number; readonly tokens?: number }
  /**
   * `bytes`: of the results, for what the next call costs. `misused`: no call was one that its tool takes. `scanned`: bytes of
   * data, by call.
   */
  | {
      readonly kind: 'callsAnswered';
      readonly results: readonly Answered[];
      readonly bytes?: number;
      readonly misused?: true;
      readonly scanned?: readonly (number | 'unknown')[];
    }
  | { readonly kind: 'reportRefused'; readonly callId: string; readonly text: string }
  | Compacted
  /** `ref`: what was lost, where that is known. */
  | { readonly kind: 'blobLost'; readonly ref?: Ref };
