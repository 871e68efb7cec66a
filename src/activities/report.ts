/** The activity that ends an analysis: run the cited queries again, judge every number, write the report. */
import { submitReportTool } from '../agents/data-analysis.ts';
import { wrapUpRequest } from '../analysis/control.ts';
import type { EndReason } from '../analysis/state.ts';
import { textOf, type Message, type ToolCall } from '../analysis/conversation.ts';
import type { Submission } from '../analysis/evidence.ts';
import { limitSentence } from '../analysis/limits.ts';
import { shorten } from '../analysis/progress.ts';
import { verifyFindings, type Repeated, type Verification } from '../analysis/verification.ts';
import type { CitedResult, ReportFacts } from '../reports/assemble.ts';
import type { WriteReportInput, WriteReportResult } from './contract.ts';
import { readCatalog, type ActivityDependencies } from './dependencies.ts';
import { hashOf, rerunCited, type Answer } from './evidence.ts';
import { gather, type Gathered } from './gathered.ts';
import { withHeartbeat } from './heartbeat.ts';

/** Result documents up to this size travel in history, for clients that cannot read the store. */
const maxDocumentBytes = 32 * 1024;

/** Datasets named in the search attribute. */
const maxListedDatasets = 20;

/** Problems the model is told when its report is sent back. */
const maxToldProblems = 8;

export function createWriteReport(dependencies: ActivityDependencies) {
  const { store, journal, transcript, connections, sessions, deliverReport } = dependencies;

  return (input: WriteReportInput): Promise<WriteReportResult> =>
    withHeartbeat(async (signal) => {
      const submission = await submissionOf(input);
      const words = [input.task, wrapUpRequest];
      const { answers, datasets, names } = await gather(transcript.walk(input.head), store, submission, words);
      // One at a time under a limit of bytes, so that a worker that is lost loses one.
      const repeated = input.countsScans
        ? await rerunCited(submission, answers, (call) => repeatOnce(input, call, signal), 1)
        : await rerunCited(submission, answers, (call) => repeat(input, call, signal));
      // A check that was cancelled says nothing about the numbers.
      signal.throwIfAborted();
      const verification = verifyFindings(submission, repeated, names);
      if (verification.kind === 'refused' && input.mayMend) return refused(verification);
      const exitCode = exitCodeOf(input, submission, verification);
      const { paths, document } = await deliverReport({
        facts: factsOf(input, exitCode, datasets),
        submission: withLimits(withoutUnverified(submission, verification), [
          ...(input.switches ?? []),
          ...(input.refused ?? []),
          ...(input.gaps ?? []),
        ]),
        verdicts: verification.findings,
        results: citedResults(answers, repeated, new Date().toISOString()),
      });
      await sessions.record(input.session, { head: input.head, turn: input.steps, exitCode, report: paths });
      return {
        kind: 'written',
        exitCode,
        headline: shorten(submission.headline, 300),
        report: paths,
        datasets: datasets.map(({ name }) => name).slice(0, maxListedDatasets),
        result: await store.put(document),
        ...(Buffer.byteLength(document) > maxDocumentBytes ? {} : { document }),
      };
    });

  async function submissionOf(input: WriteReportInput): Promise<Submission> {
    if (input.submission !== undefined) return JSON.parse(await store.get(input.submission)) as Submission;
    return withoutSubmission(input.reason, await transcript.lastReply(input.head));
  }

  /** What was run again is kept: another report, or another attempt at it, scans nothing. */
  async function repeatOnce(input: WriteReportInput, call: ToolCall, signal: AbortSignal): Promise<string> {
    const key = ['rerun', input.session, call.id, store.refOf(JSON.stringify(call.arguments))];
    const known = (await journal.read(key)) as { readonly ref: string } | undefined;
    const kept = known === undefined ? undefined : await store.get(known.ref).catch(() => undefined);
    if (kept !== undefined) return kept;
    const text = await repeat(input, call, signal);
    await Promise.all([store.put(text), journal.write(key, { ref: store.refOf(text) })]);
    return text;
  }

  async function repeat(input: WriteReportInput, call: ToolCall, signal: AbortSignal): Promise<string> {
    const { data, tools } = await readCatalog(store, input.catalog ?? '');
    const effect = tools.find(({ name }) => name === call.name)?.effect;
    if (effect !== 'read') throw new Error(`${call.name} is not called again, because it may change something`);
    const outcome = await connections.call({
      tool: call.name,
      arguments: { ...call.arguments },
      dataPaths: data,
      idempotencyKey: `${input.session}/verify/${call.id}`,
      signal,
    });
    return outcome.text;
  }
}

/** An analysis that ended without a submission: its last words are given as what they are, without numbers checked. */
function withoutSubmission(reason: EndReason, last: Message | undefined): Submission {
  const words = last === undefined ? '' : textOf(last).trim();
  return { headline: words === '' ? 'No result was submitted.' : words, findings: [], limits: [endings[reason]] };
}

const unchecked = `The model ended without calling ${submitReportTool}, so nothing in its words was checked against the data.`;

const endings: Readonly<Record<EndReason, string>> = {
  submitted: unchecked,
  answered: unchecked,
  refused: unchecked,
  budget: 'A limit was reached before a result was submitted.',
  stopped: 'A person stopped the analysis before a result was submitted.',
  stuck: 'No model was left that could go on, so the task is not answered in full.',
  planRefused: 'The plan was not accepted, so nothing was looked at.',
  declined:
    'The model refused to go on, so the task is not answered. Another model may take it: name one with --model.',
  contextFull:
    'The conversation outgrew what the model can read, so the task is not answered in full. A model with a larger context may finish it: `dpa models` lists them.',
};

function refused(verification: Verification): WriteReportResult {
  const problems = verification.problems.slice(0, maxToldProblems).map((problem) => shorten(problem, 300));
  return { kind: 'refused', text: JSON.stringify({ ok: false, problems }) };
}

/** 7 beats 3: what was found so far is delivered, and the limit is the reason for what is missing. */
function exitCodeOf(input: WriteReportInput, submission: Submission, verification: Verification): number {
  const incomplete = submission.incomplete === true || input.submission === undefined;
  if (input.reason === 'stopped') return 5;
  if (input.reason === 'stuck') return 69;
  if (input.reason === 'budget' && incomplete) return 7;
  if (input.reason === 'planRefused' || (input.refused ?? []).length > 0) return 6;
  const cutShort = ['refused', 'declined', 'contextFull'].includes(input.reason) || (input.gaps ?? []).length > 0;
  return verification.kind === 'refused' || submission.incomplete === true || cutShort ? 3 : 0;
}

/** These sentences are the program's own, so they are not judged by the rules for a model's words. */
function withLimits(submission: Submission, sentences: readonly string[]): Submission {
  return { ...submission, limits: [...submission.limits, ...sentences] };
}

/** Headline and limits that name what is not in the data are not shown either. */
function withoutUnverified(submission: Submission, verification: Verification): Submission {
  const isRefused = (place: string) => verification.problems.some((problem) => problem.startsWith(`${place}:`));
  return {
    ...submission,
    headline: isRefused('headline')
      ? 'The summary named something that is not in the data and was left out.'
      : submission.headline,
    limits: submission.limits.filter((_, index) => !isRefused(`limits[${index}]`)),
  };
}

function factsOf(input: WriteReportInput, exitCode: number, datasets: Gathered['datasets']): ReportFacts {
  const runUrl =
    input.uiUrl === undefined
      ? undefined
      : `${input.uiUrl}/${encodeURIComponent(input.session)}/${input.runId}/history`;
  return {
    id: input.session,
    runId: input.runId,
    status: input.reason === 'stopped' ? 'stopped' : 'completed',
    exitCode,
    ...(input.reason === 'budget'
      ? { ending: limitSentence(input.limit ?? { limit: 'steps', allowed: input.steps, used: input.steps }) }
      : {}),
    ...(input.limit === undefined ? {} : { limitReached: input.limit }),
    task: input.task,
    datasets,
    plan: input.plan,
    model: input.model,
    startedAt: new Date(input.startedAtMs).toISOString(),
    endedAt: new Date(input.endedAtMs).toISOString(),
    steps: input.steps,
    modelCalls: input.steps,
    toolCalls: input.toolCalls,
    usage: {
      inputTokens: input.inputTokens,
      cachedInputTokens: input.cachedInputTokens,
      outputTokens: input.outputTokens,
      costUsd: input.costUsd,
    },
    ...(runUrl === undefined ? {} : { uiUrl: runUrl }),
  };
}

function citedResults(
  answers: ReadonlyMap<string, Answer>,
  repeated: ReadonlyMap<string, Repeated>,
  verifiedAt: string,
): Map<string, CitedResult> {
  const cited = [...answers].map(([id, { call, ref, table }]): [string, CitedResult] => {
    const { sql, purpose } = call.arguments;
    return [
      id,
      {
        ref,
        tool: call.name,
        ...(typeof purpose === 'string' ? { purpose } : {}),
        query: typeof sql === 'string' ? sql : JSON.stringify(call.arguments),
        resultHash: hashOf(table),
        ...(repeated.has(id) ? { verifiedAt } : {}),
        table,
      },
    ];
  });
  return new Map(cited);
}
