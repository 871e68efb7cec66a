/** The failures of a tool call: what went wrong outside the tool itself, and whether another attempt can help. */
export type ToolFailureType =
  | 'Tool.Unavailable'
  | 'Tool.Crashed'
  | 'Tool.Timeout'
  | 'Tool.Malformed'
  | 'Tool.InvalidArguments'
  | 'Tool.Unknown'
  | 'Tool.Denied'
  | 'Tool.ResultTooLarge'
  | 'Tool.Cancelled';

export class ToolFailure extends Error {
  readonly type: ToolFailureType;
  readonly retryable: boolean;

  constructor(type: ToolFailureType, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ToolFailure';
    this.type = type;
    this.retryable = options.retryable;
  }
}
