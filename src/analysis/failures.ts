/** Every typed failure that crosses a border: one table with what it means and whether the activity's retry policy tries again. */

export const failures = {
  'Model.RateLimited': { retried: true, meaning: 'The provider asked to slow down.' },
  'Model.Overloaded': { retried: true, meaning: 'The provider has more requests than it can answer.' },
  'Model.Server': { retried: true, meaning: "Something failed on the provider's side." },
  'Model.Network': { retried: true, meaning: 'The model could not be reached, or the connection broke.' },
  'Model.FirstEventTimeout': { retried: true, meaning: 'The model did not begin to answer within the time limit.' },
  'Model.IdleTimeout': { retried: true, meaning: 'The model fell silent in the middle of its answer.' },
  'Model.TruncatedStream': { retried: true, meaning: 'The answer of the model ended before its end.' },
  'Model.CoolingDown': {
    retried: false,
    meaning: 'The provider failed again and again a moment ago and is left alone for a while.',
  },
  'Model.Auth': { retried: false, meaning: 'The provider refused the key, or the key may not do this.' },
  'Model.Billing': { retried: false, meaning: 'The account has no credit or has reached its spending limit.' },
  'Model.Unavailable': { retried: false, meaning: 'The provider does not have this model, or not for this account.' },
  'Model.ContextTooLong': { retried: false, meaning: 'The conversation is longer than the model can read.' },
  'Model.PayloadTooLarge': { retried: false, meaning: 'The request has more bytes than the provider takes.' },
  'Model.HistoryRejected': {
    retried: false,
    meaning: 'The provider refused earlier reasoning that was sent back to it.',
  },
  'Model.Refused': { retried: false, meaning: 'The provider refused the request for what it is about.' },
  'Model.UnsupportedParameter': { retried: false, meaning: 'The model does not take a setting of the request.' },
  'Model.BadRequest': { retried: false, meaning: 'The provider called the request wrong.' },
  'Model.BadOutput': { retried: false, meaning: 'The model keeps answering in a form that cannot be used.' },
  'Model.BadEndpoint': { retried: false, meaning: 'Something answered at the base URL, but not like a model server.' },
  'Model.Unclassified': { retried: true, meaning: 'The call of the model failed in a way the program does not know.' },
  'Model.Unknown': { retried: false, meaning: 'No model of that name is configured.' },
  'Model.NoPrice': { retried: false, meaning: 'A budget of money was set, and the price of the model is not known.' },
  'Model.OverBudget': {
    retried: false,
    meaning: 'Calls of a turn broke off, and what they may have taken leaves nothing for another attempt.',
  },
  'Model.WindowTooSmall': {
    retried: false,
    meaning: 'The instructions and the tools do not fit what the model reads.',
  },
  'Tool.Unavailable': { retried: true, meaning: 'The tool server could not be started or reached.' },
  'Tool.Crashed': { retried: true, meaning: 'The tool server ended in the middle of a call.' },
  'Tool.Timeout': { retried: false, meaning: 'The tool server did not answer within its time limit.' },
  'Tool.Malformed': { retried: false, meaning: 'The tool server answered with something that is not the protocol.' },
  'Tool.InvalidArguments': { retried: false, meaning: "The arguments do not fit the tool's schema." },
  'Tool.Unknown': { retried: false, meaning: 'No configured server has a tool of that name.' },
  'Tool.Denied': { retried: false, meaning: 'The policy does not allow this call.' },
  'Tool.ResultTooLarge': { retried: false, meaning: 'The result is larger than a tool may answer.' },
  'Tool.OutcomeUnknown': {
    retried: false,
    meaning: 'A call that may not be made twice was cut off: whether it took effect is not known.',
  },
  'Tool.SourceUnavailable': {
    retried: true,
    meaning: 'The tool server works, but the source behind it cannot be reached or refuses it.',
  },
  'Tool.Cancelled': { retried: false, meaning: 'The call was cancelled before it ended.' },
  'Store.Corrupt': { retried: false, meaning: 'A stored blob does not have the content its name promises.' },
  'Store.Missing': { retried: false, meaning: 'A referenced blob is not in the store.' },
  'Store.Unwritable': { retried: false, meaning: 'The store folder cannot be written: read-only, or not permitted.' },
  'Store.Full': { retried: false, meaning: 'The disk of the store is full.' },
  'Report.NotDelivered': { retried: false, meaning: 'The report was made but could not be written.' },
  'Config.Invalid': { retried: false, meaning: 'A configuration file or variable is wrong.' },
  'Config.NoTools': { retried: false, meaning: 'No configured tool server could be used.' },
  Bug: { retried: true, meaning: 'Something failed in a way the program does not know: a defect.' },
} as const satisfies Record<string, { retried: boolean; meaning: string }>;

export type FailureType = keyof typeof failures;

/** A failure an adapter throws; the activities turn it into Temporal's form. */
export class Failure extends Error {
  readonly type: FailureType;
  /** What the failure is about, e.g. the reference of a corrupt blob. */
  readonly subject: string | undefined;

  constructor(type: FailureType, message: string, options: { subject?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = type;
    this.type = type;
    this.subject = options.subject;
  }
}

export function isFailureType(type: unknown): type is FailureType {
  return typeof type === 'string' && Object.hasOwn(failures, type);
}

/** For `Model.NoPrice`, which the client tells where it can know it, and the worker in any case. */
export function noPriceMessage(ref: string): string {
  return `Expected a model with a known price, since the budget is in money, found ${ref}, whose price is not known. Name another one with --model (\`dpa models\` shows prices), or leave --budget-usd out.`;
}
