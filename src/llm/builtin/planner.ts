/** The planner without a model, behind the interface of every model: reads the task, runs its script, submits. */
import { toolCallsOf, textOf, type Message, type Text, type ToolCall } from '../../analysis/conversation.ts';
import { redirectedTo } from '../../analysis/interrupts.ts';
import { asksToWrapUp, isProgramsOwn } from '../../analysis/program-words.ts';
import type { Submission } from '../../analysis/evidence.ts';
import { parseSubmission } from '../../analysis/submission.ts';
import type { Plan } from '../../analysis/plan.ts';
import { builtinProfile } from '../profiles.ts';
import type { ModelProvider, ModelReply, ModelRequest } from '../provider.ts';
import { continued, goesOn } from './follow-up-words.ts';
import { notEvaluated } from './rounds.ts';
import { callId, concludeScript, resumeScript, type Ask } from './script.ts';
import { scriptFor } from './task-script.ts';

const setPlan = 'set_plan';
const submitReport = 'submit_report';

/** Reports sent back by the verifier that are mended; after that the rest is for a person to look at. */
const maxMendings = 2;

/** A provider that needs no key and no network: the same conversation always gets the same reply. */
export function createBuiltinPlanner(): ModelProvider {
  return {
    profile: builtinProfile,
    complete: async (request, { signal }) => {
      signal.throwIfAborted();
      return replyTo(request);
    },
  };
}

function replyTo({ messages, tools }: ModelRequest): ModelReply {
  const { task, before, own, isLastTurn } = partOf(messages);
  const turn = before + own.filter(({ role }) => role === 'assistant').length;
  const ended = endOf(own, turn);
  if (ended !== undefined) return ended;
  const state = resumeScript(scriptFor(task, tools), own, before);
  if (state.kind === 'done') return submitting(withFailures(state.submission, own), turn, lastPlan(own));
  if (isLastTurn) {
    const submission = concludeScript(scriptFor(task, tools), own, 'a limit was reached');
    return submitting({ ...submission, incomplete: true }, turn, lastPlan(own));
  }
  return asking(state.ask, turn, lastPlan(own));
}

/** A call that failed left something unanswered, whatever the script could make of the rest. */
function withFailures(submission: Submission, own: readonly Message[]): Submission {
  const failed = own.some((message) => message.role === 'tool' && message.parts.some(({ ok }) => !ok));
  const unanswered = failed || submission.limits.some((limit) => limit.startsWith(notEvaluated));
  return unanswered ? { ...submission, incomplete: true } : submission;
}

/** The task in force, and the messages since it was given; the request to wrap up is no task. */
function partOf(messages: readonly Message[]): {
  task: string;
  before: number;
  own: readonly Message[];
  isLastTurn: boolean;
} {
  const at = messages.findLastIndex(isTask);
  const before = messages.slice(0, Math.max(at, 0)).filter(({ role }) => role === 'assistant').length;
  const last = messages.at(-1);
  return {
    task: at < 0 ? '' : taskAt(messages, at),
    before,
    own: messages.slice(at + 1),
    isLastTurn: last?.role === 'user' && asksToWrapUp(textOf(last)),
  };
}

/** A redirection or a follow-up narrows or turns the task before it, which still says what it is about. */
function taskAt(messages: readonly Message[], at: number): string {
  const text = textOf(messages[at]!);
  const words = redirectedTo(text);
  const before = messages.slice(0, at).findLastIndex(isTask);
  if (words === undefined) return before >= 0 && goesOn(text) ? continued(taskAt(messages, before), text) : text;
  const own = text.split('\n')[0]!;
  const begun = redirectedTo(own) === undefined ? own : before < 0 ? '' : taskAt(messages, before);
  return `${begun}. ${words}`;
}

function isTask(message: Message): boolean {
  return message.role === 'user' && !isProgramsOwn(textOf(message));
}

/** The reply once a report was submitted and answered: a closing word, or the report again without what was refused. */
function endOf(own: readonly Message[], turn: number): ModelReply | undefined {
  const submissions = own.flatMap(toolCallsOf).filter(({ name }) => name === submitReport);
  const submission = submissions.at(-1);
  const results = own.flatMap((message) => (message.role === 'tool' ? message.parts : []));
  const result = submission && results.find(({ callId: id }) => id === submission.id);
  if (submission === undefined || result === undefined) return undefined;
  if (result.ok) return closing('The report is submitted.');
  if (submissions.length > maxMendings)
    return closing('The report was refused; what could not be verified is left out.');
  const parsed = parseSubmission(submission.arguments);
  const mended = parsed.kind === 'valid' ? withoutRefused(parsed.submission, result.text) : undefined;
  return mended === undefined
    ? closing(`The report was refused: ${result.text}`)
    : submitting(mended, turn, lastPlan(own));
}

/** The submission without the findings and limits that a refusal names; undefined when it names none. */
function withoutRefused(submission: Submission, refusal: string): Submission | undefined {
  const named = (list: string) =>
    new Set([...refusal.matchAll(new RegExp(`${list}\\[(\\d+)\\]`, 'g'))].map((match) => Number(match[1])));
  const findings = named('findings');
  const limits = named('limits');
  if (findings.size === 0 && limits.size === 0 && !refusal.includes('headline')) return undefined;
  return {
    ...submission,
    incomplete: true,
    headline: refusal.includes('headline') ? 'What was found is listed below.' : submission.headline,
    findings: submission.findings.filter((_, i) => !findings.has(i)),
    limits: [
      ...submission.limits.filter((_, i) => !limits.has(i)),
      'Some statements are left out because they could not be verified by running their queries again.',
    ],
  };
}

function asking(ask: Ask, turn: number, known: string | undefined): ModelReply {
  const calls = ask.calls.map((call, i): ToolCall => ({
    kind: 'toolCall',
    id: callId(turn, i),
    name: call.name,
    arguments: call.arguments,
  }));
  return reply(ask.say, [...planCalls(ask.plan, turn, known), ...calls]);
}

function submitting(submission: Submission, turn: number, known: string | undefined): ModelReply {
  const call: ToolCall = { kind: 'toolCall', id: `s${turn}`, name: submitReport, arguments: { ...sound(submission) } };
  return reply('Submitting the report.', [...planCalls(finished(known), turn, known), call]);
}

/** The submission by the rules of reports: a statement that data with odd names has made unusable is left out. */
function sound(submission: Submission): Submission {
  const parsed = parseSubmission(submission);
  if (parsed.kind === 'valid') return submission;
  return withoutRefused(submission, parsed.problems.join(' ')) ?? submission;
}

/** The plan is told only when it changed. */
function planCalls(plan: Plan | undefined, turn: number, known: string | undefined): ToolCall[] {
  if (plan === undefined || JSON.stringify(plan.steps) === known) return [];
  return [{ kind: 'toolCall', id: `p${turn}`, name: setPlan, arguments: { steps: plan.steps } }];
}

function lastPlan(own: readonly Message[]): string | undefined {
  const call = own.flatMap(toolCallsOf).findLast(({ name }) => name === setPlan);
  return call && JSON.stringify(call.arguments['steps']);
}

function finished(known: string | undefined): Plan | undefined {
  if (known === undefined) return undefined;
  const steps: unknown = JSON.parse(known);
  if (!Array.isArray(steps)) return undefined;
  return { steps: steps.map((step: { title: string }) => ({ title: step.title, state: 'done' })) };
}

function reply(say: string, calls: readonly ToolCall[]): ModelReply {
  const text: Text = { kind: 'text', text: say };
  return {
    message: { role: 'assistant', parts: [text, ...calls] },
    finish: 'toolCalls',
    usage: { inputTokens: 0, outputTokens: 0 },
  };
}

function closing(text: string): ModelReply {
  return {
    message: { role: 'assistant', parts: [{ kind: 'text', text }] },
    finish: 'stop',
    usage: { inputTokens: 0, outputTokens: 0 },
  };
}
