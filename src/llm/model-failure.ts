/** How a call of a model fails: the kind decides what is tried next, here by the activity, elsewhere by the router. */

export type ModelFailureKind =
  | 'RateLimited'
  | 'Overloaded'
  | 'Server'
  | 'Network'
  | 'FirstEventTimeout'
  | 'IdleTimeout'
  | 'TruncatedStream'
  /** Not asked at all: it failed a moment ago, see cool-down.ts. */
  | 'CoolingDown'
  | 'Auth'
  | 'Billing'
  | 'Unavailable'
  | 'ContextTooLong'
  | 'PayloadTooLarge'
  | 'HistoryRejected'
  /** For what it is about; a refusal in words is a reply. */
  | 'Refused'
  | 'UnsupportedParameter'
  | 'BadRequest'
  | 'BadOutput'
  | 'BadEndpoint'
  /** Nothing known fits. Not `Unknown`: `Model.Unknown` is a model that nobody configured. */
  | 'Unclassified';

export type ModelFailureFacts = {
  readonly kind: ModelFailureKind;
  readonly endpoint: string;
  readonly model: string;
  readonly status?: number;
  readonly code?: string;
  readonly requestId?: string;
  /** What the server asked for, milliseconds. */
  readonly retryAfterMs?: number;
  /** Set when something speaks against the table: the server said not to try again, or nobody listens on this machine. */
  readonly retryable?: boolean;
};

/** Its message holds no key and no prompt text. `type` is `Model.` and the kind. */
export class ModelFailure extends Error {
  readonly facts: ModelFailureFacts;

  constructor(message: string, facts: ModelFailureFacts, options?: ErrorOptions) {
    super(message, options);
    this.name = `Model.${facts.kind}`;
    this.facts = facts;
  }

  get type(): `Model.${ModelFailureKind}` {
    return `Model.${this.facts.kind}`;
  }

  get retryable(): boolean | undefined {
    return this.facts.retryable;
  }
}
