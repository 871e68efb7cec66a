/** One sentence for each way in which a server can fail, and the failure a caller gets for it. */
import { cleanText } from './clean-text.ts';
import { ToolFailure } from './failures.ts';
import type { ProcessEnd } from './line-process.ts';
import type { Limits } from './limits.ts';
import type { RequestProblem } from './mcp-client.ts';
import { tooLarge } from './results.ts';

const CHECK = 'Check its entry in mcp_servers_config.json and run its command by hand to see what it says.';

/** The server did not come up: no session, or no list of tools. */
export function startFailure(server: string, problem: RequestProblem, limits: Limits): ToolFailure {
  const message = `Expected the tool server "${server}" to start: ${startProblem(problem, limits)}. ${CHECK}`;
  return new ToolFailure('Tool.Unavailable', message, { retryable: true, cause: problem });
}

/** Whether a server ended by a signal that did not come from us: that says nothing against the server. */
export function wasKilled(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null || !('kind' in cause)) return false;
  const { kind, end } = cause as RequestProblem & { end?: ProcessEnd };
  return kind === 'ended' && end?.kind === 'exited' && end.signal !== null;
}

/** A call that brought no result. `repeatable`: a second attempt cannot do harm. */
export function callFailure(
  call: { readonly server: string; readonly tool: string; readonly timeoutMs: number; readonly repeatable: boolean },
  problem: RequestProblem,
  limits: Limits,
): ToolFailure {
  const expected = `Expected an answer of ${call.tool}`;
  switch (problem.kind) {
    case 'cancelled':
      return new ToolFailure('Tool.Cancelled', `The call of ${call.tool} was cancelled before it ended.`, {
        retryable: false,
      });
    case 'timeout':
      return new ToolFailure(
        'Tool.Timeout',
        `${expected} within ${call.timeoutMs} ms, found none. Ask for less at once, or raise "timeoutMs" of the server "${call.server}".`,
        { retryable: false },
      );
    case 'refused':
      return new ToolFailure(
        'Tool.Malformed',
        `${expected}, found the protocol error ${problem.code}: ${cleanText(problem.message).slice(0, 500)}. Use the tool with other arguments, or another tool.`,
        { retryable: false },
      );
    case 'malformed':
      return new ToolFailure(
        'Tool.Malformed',
        `${expected} as the protocol has it, found something else. Report it to the maker of the server "${call.server}".`,
        { retryable: false, cause: problem.message },
      );
    case 'ended':
      if (problem.end.kind === 'lineTooLong')
        return tooLarge(call.tool, `more than ${problem.end.bytes} bytes`, limits);
      return new ToolFailure(
        'Tool.Crashed',
        `${expected}: the tool server "${call.server}" ended: ${endText(problem.end)}${stderrText(problem.stderr)}. ${
          call.repeatable
            ? 'It is started again for the next attempt.'
            : 'Whether the call took effect is unknown: look before it is repeated.'
        }`,
        { retryable: call.repeatable },
      );
  }
}

function startProblem(problem: RequestProblem, limits: Limits): string {
  switch (problem.kind) {
    case 'timeout':
      return `it did not answer within its start limit of ${limits.startMs} ms (a larger "timeoutMs" in its entry gives it longer)`;
    case 'cancelled':
      return 'the start was cancelled';
    case 'refused':
      return `it answered with the protocol error ${problem.code}: ${cleanText(problem.message).slice(0, 500)}`;
    case 'malformed':
      return `it answered with something that is not the protocol (${cleanText(problem.message).slice(0, 200)})`;
    case 'ended':
      return `${endText(problem.end)}${stderrText(problem.stderr)}`;
  }
}

function endText(end: ProcessEnd): string {
  switch (end.kind) {
    case 'notStarted':
      return `its command could not be run (${end.problem})`;
    case 'exited':
      return end.signal === null ? `it ended with exit code ${end.code}` : `it was ended by ${end.signal}`;
    case 'lineTooLong':
      return `it wrote a line of more than ${end.bytes} bytes`;
    case 'killed':
      return `it was stopped because ${end.why}`;
    case 'closed':
      return 'it was closed';
  }
}

const STDERR_IN_MESSAGE = 300;

function stderrText(stderr: string): string {
  const last = cleanText(stderr).trim().split('\n').filter(Boolean).slice(-3).join(' / ');
  return last === '' ? '' : `; its last words: ${last.slice(-STDERR_IN_MESSAGE)}`;
}
