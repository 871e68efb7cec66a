/** The activity of one model turn: append what is pending, ask the model unless the journal has its reply, keep the reply. */
import { createHash } from 'node:crypto';
import { instructions, ownTools, setPlanTool, submitReportTool } from '../agents/data-analysis.ts';
import type { Answered, Pending, Requested } from '../analysis/control.ts';
import { toolCallsOf, textOf, type ToolCall } from '../analysis/conversation.ts';
import { maxPlanSteps, type Plan, type PlanStep } from '../analysis/plan.ts';
import { shorten } from '../analysis/progress.ts';
import { parseSubmission } from '../analysis/submission.ts';
import type { ModelReply, ToolSpec } from '../llm/provider.ts';
import type { StoredMessage } from '../store/transcript.ts';
import type { CompleteTurnInput, CompleteTurnResult } from './contract.ts';
import { withHeartbeat } from './heartbeat.ts';
import { readCatalog, type ActivityDependencies } from './dependencies.ts';

/** Beginning of the model's words that goes into history. */
const maxPreviewCharacters = 240;

/** What a call looks like in history and progress. */
const maxSummaryCharacters = 80;

/** Problems of a submission that the model is told. */
const maxToldProblems = 8;

/** Longest title of a plan step that is kept. */
const maxStepTitle = 80;

type JournalEntry = { readonly reply: string; readonly usage: ModelReply['usage'] };

export function createCompleteTurn(dependencies: ActivityDependencies) {
  const { store, transcript, sessions } = dependencies;

  return (input: CompleteTurnInput): Promise<CompleteTurnResult> =>
    withHeartbeat(async (signal) => {
      let head = input.head;
      for (const pending of input.append) head = await transcript.append(head, stored(pending));
      const { reply, usage } = await replyOnce(dependencies, input, head!, signal);
      const message = (await transcript.last(reply)) as ModelReply['message'];
      const calls = toolCallsOf(message);
      const { plan, submission, answered } = await ownCalls(calls);
      await sessions.record(input.session, { head: reply, turn: input.turn, ...(plan === undefined ? {} : { plan }) });
      return {
        head: reply,
        preview: shorten(textOf(message), maxPreviewCharacters),
        calls: calls.filter((call) => !isPlanning(call)).map(requested),
        answered,
        usage,
        ...(plan === undefined ? {} : { plan }),
        ...(submission === undefined ? {} : { submission }),
      };
    });

  /** Planning and submitting need no tool server: they are answered here. */
  async function ownCalls(calls: readonly ToolCall[]) {
    const answered: Answered[] = [];
    let plan: Plan | undefined;
    let submission: { ref: string; callId: string } | undefined;
    for (const call of calls.filter(isPlanning)) {
      if (call.name === setPlanTool) {
        plan = planOf(call.arguments['steps']);
        answered.push({ callId: call.id, ok: true, text: '{"ok":true}' });
        continue;
      }
      const parsed = parseSubmission(call.arguments);
      if (parsed.kind === 'valid' && submission === undefined) {
        submission = { ref: await store.put(JSON.stringify(parsed.submission)), callId: call.id };
        continue;
      }
      const problems = parsed.kind === 'valid' ? ['Only the first submission of a turn counts.'] : parsed.problems;
      const text = JSON.stringify({ ok: false, problems: problems.slice(0, maxToldProblems) });
      answered.push({ callId: call.id, ok: false, text });
    }
    return { plan, submission, answered };
  }
}

/** Journal first, then the model: a reply that reached the journal is never bought again. */
async function replyOnce(
  { journal, transcript, store, modelFor }: ActivityDependencies,
  input: CompleteTurnInput,
  head: string,
  signal: AbortSignal,
): Promise<JournalEntry> {
  const key = ['turn', input.session, String(input.turn), requestHash(input, head)];
  const known = (await journal.read(key)) as JournalEntry | undefined;
  if (known !== undefined && (await isReadable(transcript, known.reply))) return known;
  const { tools } = await readCatalog(store, input.catalog);
  const specs: ToolSpec[] = [...tools, ...ownTools].map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  const answer = await modelFor(input.model).complete(
    {
      session: input.session,
      turn: input.turn,
      model: input.model,
      system: instructions,
      tools: specs,
      messages: await transcript.load(head),
    },
    signal,
  );
  const entry: JournalEntry = { reply: transcript.headAfter(head, answer.message), usage: answer.usage };
  // Side by side, since the disk takes both in the time of one; an entry without its reply is a torn one.
  await Promise.all([transcript.append(head, answer.message), journal.write(key, entry)]);
  return entry;
}

/** A torn reply counts as never received; the store names it when it is read. */
async function isReadable(transcript: ActivityDependencies['transcript'], ref: string): Promise<boolean> {
  return transcript.last(ref).then(
    () => true,
    () => false,
  );
}

function requestHash(input: CompleteTurnInput, head: string): string {
  return createHash('sha256')
    .update(JSON.stringify([input.model, instructions, input.catalog, head]))
    .digest('hex');
}

function isPlanning(call: ToolCall): boolean {
  return call.name === setPlanTool || call.name === submitReportTool;
}

function stored(pending: Pending): StoredMessage {
  if (pending.kind === 'user') return { role: 'user', parts: [{ kind: 'text', text: pending.text }] };
  return { role: 'tool', parts: pending.results.map((result) => ({ kind: 'toolResult', ...result })) };
}

function requested(call: ToolCall): Requested {
  const main =
    call.arguments['purpose'] ??
    call.arguments['sql'] ??
    call.arguments['dataset'] ??
    (Object.keys(call.arguments).length > 0 ? call.arguments : '');
  const words = typeof main === 'string' ? main : JSON.stringify(main);
  const tool = call.name.slice(call.name.indexOf('__') + 1).replace(/^_/, '');
  return {
    id: call.id,
    name: call.name,
    summary: shorten(words === '' ? tool : `${tool}: ${words}`, maxSummaryCharacters),
  };
}

function planOf(steps: unknown): Plan | undefined {
  if (!Array.isArray(steps)) return undefined;
  const states: readonly unknown[] = ['open', 'doing', 'done', 'dropped'] satisfies PlanStep['state'][];
  const read = (steps as { title?: unknown; state?: unknown }[])
    .filter((step) => typeof step?.title === 'string')
    .map((step) => ({
      title: shorten(String(step.title), maxStepTitle),
      state: states.includes(step.state) ? (step.state as PlanStep['state']) : 'open',
    }));
  return { steps: read.slice(0, maxPlanSteps) };
}
