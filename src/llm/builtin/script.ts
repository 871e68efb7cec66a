/**
 * How the built-in planner is written: a script asks for tool calls and is handed their results, as if it ran
 * through in one go. On every turn it is run again from the top over the recorded conversation, and what it asks
 * next is the reply. So a script keeps no state, and must be a pure function of the results it is given.
 */
import { toolCallsOf, type Message, type ToolCall, type ToolResult } from '../../analysis/conversation.ts';
import type { Plan } from '../../analysis/plan.ts';
import type { Submission } from '../../analysis/evidence.ts';

export type Ask = {
  /** One sentence on what happens now, shown to the person. */
  readonly say: string;
  /** Calls that run in parallel; names as the model sees them. */
  readonly calls: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[];
  readonly plan?: Plan;
};

/** The answer to one call: the parsed result, or why there is none. `call` is the id that evidence refers to. */
export type Reply = { readonly call: string; readonly ok: boolean; readonly value: unknown };

export type Script = Generator<Ask, Submission, readonly Reply[]>;

/** Most turns one script may take: a script that asks for more is a bug. */
export const maxScriptTurns = 60;

export type ScriptState =
  | { readonly kind: 'asking'; readonly turn: number; readonly ask: Ask }
  | { readonly kind: 'done'; readonly turn: number; readonly submission: Submission };

/**
 * Runs the script over its part of the conversation and says what it wants next. `firstTurn` is the number of turns
 * before that part, so that call ids stay unique after a follow-up question.
 */
export function resumeScript(script: Script, messages: readonly Message[], firstTurn = 0): ScriptState {
  const rounds = roundsOf(messages);
  let step = script.next();
  for (let round = 0; ; round++) {
    const turn = firstTurn + round;
    if (step.done) return { kind: 'done', turn, submission: step.value };
    const replies = rounds[round];
    if (replies === undefined) return { kind: 'asking', turn, ask: step.value };
    if (round >= maxScriptTurns) throw new Error(`the script asked for more than ${maxScriptTurns} turns`);
    step = script.next(replies);
  }
}

/** Ends the script with what it has: every further call is answered with the reason why it is not made. */
export function concludeScript(script: Script, messages: readonly Message[], reason: string): Submission {
  let step = script.next();
  for (const replies of roundsOf(messages)) if (!step.done) step = script.next(replies);
  for (let round = 0; !step.done; round++) {
    if (round >= maxScriptTurns) throw new Error(`the script asked for more than ${maxScriptTurns} turns`);
    step = script.next(step.value.calls.map(() => ({ call: '', ok: false, value: reason })));
  }
  return step.value;
}

/** The id of the n-th call of a turn: the same on every run, so that evidence can name it. */
export function callId(turn: number, index: number): string {
  return `t${turn}c${index}`;
}

/** Ids as `callId` makes them: a conversation that another model began has calls that are not the script's. */
const scriptCall = /^t\d+c\d+$/;

/** Results of each assistant turn, in the order of its calls; planning calls are left out, the script never sees them. */
function roundsOf(messages: readonly Message[]): Reply[][] {
  const results = new Map<string, ToolResult>();
  for (const message of messages) {
    if (message.role === 'tool') for (const part of message.parts) results.set(part.callId, part);
  }
  return messages
    .map(toolCallsOf)
    .map((calls) => calls.filter((call) => scriptCall.test(call.id)))
    .filter((calls) => calls.length > 0 && calls.every((call) => results.has(call.id)))
    .map((calls) => calls.map((call) => replyTo(call, results)));
}

function replyTo(call: ToolCall, results: ReadonlyMap<string, ToolResult>): Reply {
  const result = results.get(call.id);
  if (result === undefined) return { call: call.id, ok: false, value: 'no result' };
  return { call: call.id, ok: result.ok, value: parsed(result.text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
