/** The error a command ends with when the cause is known: one sentence for stderr and the exit code of interface.md. */

/** Exit codes that the client side itself gives; the others come from an analysis' result. */
export const exitCode = { notDelivered: 4, stopped: 5, usage: 64, unreachable: 69, bug: 70, detached: 130 } as const;

/** An expected failure of a command. Its message stands alone on stderr: expected, found, what to do next. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCodeOfCommand: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exitCode = exitCodeOfCommand;
  }
}
