/** What the workflow and the activities say to each other: one object in, one object out, all of it small. */
import type { Answered, EndReason, KnownTool, Pending, Turn } from '../analysis/state.ts';
import type { ReachedLimit } from '../analysis/limits.ts';
import type { CallUsage } from '../analysis/cost.ts';
import type { Ask } from '../analysis/decisions.ts';
import type { Plan } from '../analysis/plan.ts';
import type { Quote } from '../analysis/reservation.ts';

/** Content-store reference. */
type Ref = string;

export type LoadCatalogInput = {
  readonly session: string;
  readonly task: string;
  readonly data: readonly string[];
  readonly model: string;
  /** Set under a limit of money: a model without a price is refused. */
  readonly priced?: true;
  /** Set where a person may be asked, so that a call may come long after the one before it. */
  readonly attended?: true;
};

export type LoadCatalogResult = {
  readonly catalog: Ref;
  readonly tools: readonly KnownTool[];
  /** Servers or tools that could not be used, one sentence each. */
  readonly problems: readonly string[];
  /** The models that may be asked, the first one first: what the worker makes of the one that was named. */
  readonly models: readonly string[];
  /** What the models cost, where that is known. */
  readonly quotes?: Readonly<Record<string, Quote>>;
  /** Tokens that the models read at once. */
  readonly windows?: Readonly<Record<string, number>>;
  /** Tokens of instructions and tools, guessed. */
  readonly promptTokens?: number;
  /** Set where people outside are told what waits for them. */
  readonly tells?: true;
  /** The worker shortens conversations that become too long. */
  readonly compacts?: true;
};

export type TellPeopleInput = {
  readonly session: string;
  readonly task: string;
  readonly ask: Ask;
  readonly stage: 'asked' | 'reminder' | 'escalation';
  readonly url?: string;
};

export type TellPeopleResult = {
  /** What could not be sent, a sentence each. */
  readonly problems: readonly string[];
};

/** US dollars: what is left, and what the call may cost at most, which is part of it. */
export type Money = { readonly leftUsd: number; readonly reservedUsd: number };

/** Tokens that are left, and those the call may use at most, which are part of them. */
export type TokensLeft = { readonly left: number; readonly reserved: number };

export type CompleteTurnInput = {
  readonly session: string;
  readonly turn: number;
  readonly model: string;
  readonly head: Ref | null;
  readonly append: readonly Pending[];
  /** What the model is given of a conversation that was shortened. */
  readonly view?: Ref;
  readonly catalog: Ref;
  /** Set under a limit of money or tokens. */
  readonly maxOutputTokens?: number;
  readonly money?: Money;
  readonly tokens?: TokensLeft;
  /** Set when words have to be the report, or the plan: the model is held to its shape where that is possible. */
  readonly output?: 'report' | 'plan';
  /** Calls that failed before for a reason that lasts, as they are known. */
  readonly failed?: readonly string[];
  /** Set when the model of another provider can take over. */
  readonly another?: true;
  /** Set in an analysis whose plan a person accepts before it begins. */
  readonly plansFirst?: true;
  /** Set where a person may be asked, so that the next call may come late. */
  readonly attended?: true;
};

export type CompleteTurnResult = Turn & {
  /** Beginning of what the model said, for people: at most 240 characters. */
  readonly preview: string;
  /** It was cancelled in the middle: `head` has what it had said, marked, and nothing else counts. */
  readonly cut?: true;
};

export type CompactInput = {
  readonly session: string;
  /** Steps made so far. */
  readonly step: number;
  readonly model: string;
  readonly head: Ref;
  readonly view?: Ref;
  /** Tokens that the model reads at once, where that is known, and those that the last call sent. */
  readonly window?: number;
  readonly contextTokens: number;
  /** Tokens of instructions and tools, guessed. */
  readonly promptTokens: number;
  readonly plan: Plan | null;
  /** A model said that the conversation is too long: a mask is not enough. */
  readonly exceeded?: true;
  /** Set when the model may be asked for the summary. */
  readonly ask?: Pick<CompleteTurnInput, 'money' | 'tokens'> & { readonly maxOutputTokens: number };
};

export type CompactResult = {
  /** Absent: there was nothing that could be shortened. */
  readonly view?: Ref;
  /** Tokens of the next call, guessed. */
  readonly tokens: number;
  /** One sentence for people. */
  readonly told: string;
  readonly usage?: CallUsage;
  readonly costUsd?: number;
  /** Tokens that calls which broke off may have used. */
  readonly brokenOffTokens?: number;
};

/** The arguments are read from the transcript at `head`: they are in history once, with the model's turn. */
export type CallToolInput = {
  readonly session: string;
  readonly head: Ref;
  readonly catalog: Ref;
  readonly callId: string;
  readonly name: string;
  /** Arguments that a person put in place of the model's. */
  readonly edited?: Ref;
  /** Set under a limit of bytes: attempts that broke off are counted. */
  readonly countsScans?: true;
  /** The tool that is called instead, with the same arguments. */
  readonly standIn?: string;
  /** Which run of a call that may not be made twice: a person wanted so many more. */
  readonly again?: number;
  /** Nothing is sent: only what became of it is looked up. */
  readonly look?: true;
};

/** `bytesScanned`: of this call and of attempts that broke off before it; absent: the tool does not tell. */
export type CallToolResult = Answered & {
  readonly ref: Ref;
  readonly preview: string;
  readonly bytes?: number;
  readonly bytesScanned?: number;
  /** Set when the same call would fail again: how it is known. */
  readonly failing?: string;
};

/** The details of a failure of a tool call: whether another attempt may help. Who makes it, the workflow decides. */
export type CallTrouble = { readonly mayRetry: boolean };

export type EditCallInput = {
  readonly session: string;
  readonly catalog: Ref;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
};

/** `words`: their beginning, for people. */
export type EditCallResult = { readonly ref: Ref; readonly words: string };

export type EstimatePlanInput = {
  readonly session: string;
  readonly catalog: Ref;
  readonly model: string;
  readonly plan: Plan;
  /** Turns taken so far: the same plan of another turn is decided anew. */
  readonly turn: number;
  /** Of instructions and tools; absent: not known. */
  readonly promptTokens?: number;
};

export type EstimatePlanResult = {
  /** Of exactly this plan, for whoever decides. */
  readonly id?: string;
  /** Rows and bytes of each dataset that the plan touches, tokens and money, in sentences. */
  readonly cost: string;
};

export type WriteReportInput = {
  readonly session: string;
  readonly task: string;
  readonly model: string;
  readonly head: Ref | null;
  readonly catalog: Ref | null;
  readonly submission?: Ref;
  readonly reason: EndReason;
  /** Absent: none, or an analysis of an earlier version. */
  readonly limit?: ReachedLimit;
  /** Models that failed and which took over, a sentence each. */
  readonly switches?: readonly string[];
  /** What a person, or nobody in time, did not allow: a sentence each. */
  readonly refused?: readonly string[];
  /** What could not be had, a sentence each. */
  readonly gaps?: readonly string[];
  /** Set under a limit of bytes: a cited call runs again once, however often the report is written. */
  readonly countsScans?: true;
  /** Whether the model may still mend a refused report; if not, refused findings are struck. */
  readonly mayMend: boolean;
  readonly plan: Plan | null;
  readonly steps: number;
  readonly toolCalls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  /** Null: not known. */
  readonly costUsd: number | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly runId: string;
  readonly uiUrl?: string;
};

export type WriteReportResult =
  | { readonly kind: 'refused'; readonly text: string }
  | {
      readonly kind: 'written';
      readonly exitCode: number;
      readonly headline: string;
      readonly report: { readonly markdown: string; readonly html: string; readonly json: string };
      readonly result: Ref;
      readonly document?: string;
      /** For the search attribute of that name; at most 20. */
      readonly datasets: readonly string[];
    };

export type Activities = {
  loadCatalog(input: LoadCatalogInput): Promise<LoadCatalogResult>;
  completeTurn(input: CompleteTurnInput): Promise<CompleteTurnResult>;
  compact(input: CompactInput): Promise<CompactResult>;
  callTool(input: CallToolInput): Promise<CallToolResult>;
  editCall(input: EditCallInput): Promise<EditCallResult>;
  tellPeople(input: TellPeopleInput): Promise<TellPeopleResult>;
  estimatePlan(input: EstimatePlanInput): Promise<EstimatePlanResult>;
  writeReport(input: WriteReportInput): Promise<WriteReportResult>;
};
