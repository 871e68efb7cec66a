/** The activity of one model turn: append what is pending, ask the model unless the journal has its reply, keep the reply. */
import { createHash } from 'node:crypto';
import {
  askPersonTool,
  instructions,
  knownFailures,
  ownTools,
  planFirst,
  setPlanTool,
  submitReportTool,
} from '../agents/data-analysis.ts';
import { planShape } from '../agents/plan-shape.ts';
import { reportShape } from '../agents/report-shape.ts';
import type { Answered, Pending } from '../analysis/state.ts';
import { toolCallsOf, textOf, type ToolCall } from '../analysis/conversation.ts';
import type { Plan } from '../analysis/plan.ts';
import { shorten } from '../analysis/progress.ts';
import type { Submission } from '../analysis/evidence.ts';
import { parseSubmission } from '../analysis/submission.ts';
import { parsePlan, planInText } from '../analysis/written-plan.ts';
import { reportInText } from '../analysis/written-report.ts';
import type { ModelContext, ModelReply, ModelRequest, ToolSpec } from '../llm/provider.ts';
import type { ReplyMeta, StoredMessage } from '../store/transcript.ts';
import { emptyQuestion, readQuestion, requestedCall } from './asked-calls.ts';
import type { CompleteTurnInput, CompleteTurnResult } from './contract.ts';
import { createSaid, cutTurn, type Said } from './cut-turn.ts';
import { withHeartbeat, type Carry } from './heartbeat.ts';
import { shown } from './live.ts';
import { paidCall } from './paid-calls.ts';
import { cacheTtlOf } from './prices.ts';
import { readCatalog, type ActivityDependencies } from './dependencies.ts';

/** Beginning of the model's words that goes into history. */
const maxPreviewCharacters = 240;

/** Problems of a submission that the model is told. */
const maxToldProblems = 8;

/** Longest one of them: it stands in history. */
const maxProblemCharacters = 300;

/** Fields beyond the first two are absent in entries of earlier versions. */
type JournalEntry = {
  readonly reply: string;
  readonly usage: ModelReply['usage'];
  readonly costUsd?: number;
  readonly brokenOff?: number;
  readonly finish?: Unfinished;
  readonly refusal?: string;
};

/** Ways to end that the workflow has to know; the others show in the message itself. */
type Unfinished = Exclude<ModelReply['finish'], 'stop' | 'toolCalls'>;

const shapes = { report: reportShape, plan: planShape };

/** Words of a refusal that go into history. */
const maxRefusalCharacters = 120;

export function createCompleteTurn(dependencies: ActivityDependencies) {
  const { store, transcript, sessions } = dependencies;

  return (input: CompleteTurnInput): Promise<CompleteTurnResult> =>
    withHeartbeat(async (signal, carry) => {
      let head = input.head;
      for (const pending of input.append) head = await transcript.append(head, stored(pending));
      const said = createSaid();
      let entry: JournalEntry;
      try {
        entry = await replyOnce(dependencies, input, head!, { signal, carry, said });
      } catch (error) {
        const cut = await cutTurn(transcript, head!, said);
        if (cut === undefined) throw error;
        return cut;
      }
      const { reply, ...ending } = entry;
      const message = (await transcript.last(reply)) as ModelReply['message'];
      const calls = toolCallsOf(message);
      const { plan: called, submission: submitted, answered } = await ownCalls(calls);
      const { tools } = await readCatalog(store, input.catalog);
      const isWritten = calls.length === 0 && ending.finish === undefined;
      const words = isWritten ? textOf(message) : '';
      const report = reportInText(words);
      const written = isWritten && input.output === 'plan' && report === undefined ? planInText(words) : undefined;
      const submission = report?.kind === 'valid' ? await keptReport(report.submission, '') : submitted;
      const plan = written?.kind === 'valid' ? written.plan : called;
      await sessions.record(input.session, {
        head: reply,
        turn: input.turn,
        ...(plan === undefined ? {} : { plan }),
        ...(input.view === undefined ? {} : { view: input.view }),
      });
      return {
        head: reply,
        preview:
          report === undefined && written?.kind !== 'valid' ? shorten(textOf(message), maxPreviewCharacters) : '',
        calls: calls
          .filter((call) => !isAnsweredHere(call))
          .map((call) => requestedCall(call, reply, tools, input.failed)),
        answered,
        ...ending,
        ...(calls.length > 0 && answered.filter(({ ok }) => !ok).length === calls.length ? { unreadable: true } : {}),
        ...(report?.kind === 'invalid' ? { rejected: rejection('report', report.problems) } : {}),
        ...(written?.kind === 'invalid' ? { rejected: rejection('plan', [written.problem]) } : {}),
        ...(written?.kind === 'valid' ? { planned: true } : {}),
        ...(plan === undefined ? {} : { plan }),
        ...(submission === undefined ? {} : { submission }),
      };
    }, input.another);

  async function keptReport(report: Submission, callId: string) {
    return { ref: await store.put(JSON.stringify(report)), callId };
  }

  /** Planning and submitting need no tool server: they are answered here, and so is what cannot be read. */
  async function ownCalls(calls: readonly ToolCall[]) {
    const answered: Answered[] = [];
    let plan: Plan | undefined;
    let submission: { ref: string; callId: string } | undefined;
    for (const call of calls.filter(isAnsweredHere)) {
      if (call.problem !== undefined) {
        answered.push({ callId: call.id, ok: false, text: refusalText([call.problem]) });
        continue;
      }
      if (call.name === askPersonTool) {
        answered.push({ callId: call.id, ok: false, text: refusalText([emptyQuestion]) });
        continue;
      }
      if (call.name === setPlanTool) {
        const parsed = parsePlan(call.arguments['steps']);
        if (parsed.kind === 'valid') plan = parsed.plan;
        const text = parsed.kind === 'valid' ? '{"ok":true}' : refusalText([parsed.problem]);
        answered.push({ callId: call.id, ok: parsed.kind === 'valid', text });
        continue;
      }
      const parsed = parseSubmission(call.arguments);
      if (parsed.kind === 'valid' && submission === undefined) {
        submission = await keptReport(parsed.submission, call.id);
        continue;
      }
      const problems = parsed.kind === 'valid' ? ['Only the first submission of a turn counts.'] : parsed.problems;
      answered.push({ callId: call.id, ok: false, text: refusalText(problems) });
    }
    return { plan, submission, answered };
  }
}

/** Journal first, then the model: a reply that reached the journal is never bought again. */
async function replyOnce(
  { journal, transcript, store, modelFor, profileFor, live }: ActivityDependencies,
  input: CompleteTurnInput,
  head: string,
  { signal, carry, said }: { readonly signal: AbortSignal; readonly carry: Carry; readonly said: Said },
): Promise<JournalEntry> {
  const key = ['turn', input.session, String(input.turn), requestHash(input, head)];
  const known = (await journal.read(key)) as JournalEntry | undefined;
  if (known !== undefined && (await isReadable(transcript, known.reply))) return known;
  const { tools, lessons = [] } = await readCatalog(store, input.catalog);
  // In one order always: a prefix that changes is neither cached nor, by some providers, accepted.
  const specs: ToolSpec[] = [...tools, ...ownTools]
    .map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const provider = await modelFor(input.model);
  const cacheTtl = cacheTtlOf(input);
  const view = provider.profile.rereads === true ? undefined : input.view;
  const request: ModelRequest = {
    session: input.session,
    turn: input.turn,
    model: input.model,
    system: [systemText(input), ...lessonLines(lessons)].join('\n'),
    tools: specs,
    messages: await transcript.viewed(head, view),
    ...(view === undefined ? {} : { shortened: true }),
    effort: 'high',
    cacheTtl,
    ...(input.output === undefined ? {} : { output: shapes[input.output] }),
    ...(input.maxOutputTokens === undefined ? {} : { maxOutputTokens: input.maxOutputTokens }),
  };
  const {
    answer,
    costUsd: cost,
    brokenOff,
  } = await shown(live, input, carry, (show) =>
    paidCall({ journal, profileFor }, input, { profile: provider.profile, emit: heard(said, show), cacheTtl }, (emit) =>
      provider.complete(request, { signal, emit, hasAnother: input.another === true }),
    ),
  );
  const meta: ReplyMeta = {
    model: input.model,
    usage: answer.usage,
    ...(answer.servedModel === undefined ? {} : { served: answer.servedModel }),
    ...(cost === undefined ? {} : { costUsd: cost }),
  };
  const entry: JournalEntry = {
    reply: transcript.headAfter(head, answer.message, meta),
    usage: answer.usage,
    ...(cost === undefined ? {} : { costUsd: cost }),
    ...(brokenOff === undefined ? {} : { brokenOff }),
    ...endingOf(answer),
  };
  // Side by side, since the disk takes both in the time of one; an entry without its reply is a torn one.
  await Promise.all([transcript.append(head, answer.message, meta), journal.write(key, entry)]);
  return entry;
}

function heard(said: Said, show: ModelContext['emit']): ModelContext['emit'] {
  return (event) => {
    said.hear(event);
    show(event);
  };
}

function endingOf({ finish, refusal }: ModelReply): Pick<JournalEntry, 'finish' | 'refusal'> {
  if (finish === 'stop' || finish === 'toolCalls') return {};
  return { finish, ...(refusal === undefined ? {} : { refusal: shorten(refusal, maxRefusalCharacters) }) };
}

/** A torn reply counts as never received; the store names it when it is read. */
async function isReadable(transcript: ActivityDependencies['transcript'], ref: string): Promise<boolean> {
  return transcript.last(ref).then(
    () => true,
    () => false,
  );
}

/** Frozen with the catalogue: the same in each turn of an analysis. */
function lessonLines(lessons: readonly string[]): readonly string[] {
  return lessons.length === 0 ? [] : [knownFailures, ...lessons.map((line) => `- ${JSON.stringify(line)}`)];
}

function systemText({ plansFirst }: CompleteTurnInput): string {
  return plansFirst === true ? `${instructions}\n${planFirst}` : instructions;
}

function requestHash(input: CompleteTurnInput, head: string): string {
  return createHash('sha256')
    .update(
      JSON.stringify([
        input.model,
        systemText(input),
        input.catalog,
        head,
        ...(input.view === undefined ? [] : [input.view]),
      ]),
    )
    .digest('hex');
}

/** For what was written in words, and is answered so. */
function rejection(what: keyof typeof shapes, problems: readonly string[]): string {
  return `The ${what} cannot be used as it is. Send the whole of it again, with these things put right: ${refusalText(problems)}`;
}

function refusalText(problems: readonly string[]): string {
  const told = problems.slice(0, maxToldProblems).map((one) => shorten(one, maxProblemCharacters));
  return JSON.stringify({ ok: false, problems: told });
}

/** Calls whose arguments nobody can read are never run. */
function isAnsweredHere(call: ToolCall): boolean {
  return isPlanning(call) || call.problem !== undefined || isEmptyQuestion(call);
}

function isEmptyQuestion(call: ToolCall): boolean {
  return call.name === askPersonTool && typeof readQuestion(call.arguments) === 'string';
}

function isPlanning(call: ToolCall): boolean {
  return call.name === setPlanTool || call.name === submitReportTool;
}

function stored(pending: Pending): StoredMessage {
  if (pending.kind === 'user') return { role: 'user', parts: [{ kind: 'text', text: pending.text }] };
  return { role: 'tool', parts: pending.results.map((result) => ({ kind: 'toolResult', ...result })) };
}
