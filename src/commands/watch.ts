/** `dpa watch`: follows an analysis on the terminal and gives its answer; leaving changes nothing. */
import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { exitCode } from '../command-error.ts';
import { createDialogue, type Dialogue } from './approvals/dialogue.ts';
import { listenForCtrlC } from './ctrl-c.ts';
import type { ResultDocument } from '../reports/json.ts';
import { createFolderStore } from '../store/folder.ts';
import { hostStatus } from '../temporal/attach.ts';
import { boardLines } from '../ui/board.ts';
import { createFloor } from '../ui/floor.ts';
import { createLiveAnswer } from '../ui/live-answer.ts';
import { progressHang, progressLine } from '../ui/progress-lines.ts';
import type { Terminal } from '../ui/terminal.ts';
import type { AnalysisOutcome } from '../workflows/messages.ts';
import { followAnalysis, type Followed, type Follower } from './follow.ts';
import { followLive } from '../live/follow.ts';
import { openService, type Service } from './service.ts';
import { runUrl } from './start.ts';

export type OutputOptions = {
  /** One JSON document on stdout. */
  readonly json: boolean;
  /** Progress as NDJSON on stdout, the document last. */
  readonly events: boolean;
};

/** Resolves with the exit code of the analysis, or 130 when the person leaves. */
export async function watchAnalysis(
  config: Config,
  service: Service,
  id: string,
  options: OutputOptions,
  terminal: Terminal,
): Promise<number> {
  const closing = new AbortController();
  const floor = createFloor();
  const follower = createFollower(config, service, options, terminal, (current) =>
    isDialogue(options)
      ? createDialogue({ config, id, terminal, floor, service: current, signal: closing.signal })
      : undefined,
  );
  const live = showLive(follower, id, options, terminal, closing.signal);
  const left = Promise.withResolvers<'left'>();
  using _listening = listenForCtrlC(follower, id, { terminal, floor }, () => left.resolve('left'));
  try {
    const end = await Promise.race([followAnalysis(follower, id), left.promise]);
    closing.abort();
    await live;
    terminal.board(() => []);
    if (end === 'left') {
      terminal.notice(`\nDetached; the analysis goes on. Follow it again: dpa watch ${id}`);
      return exitCode.detached;
    }
    return await give(config, follower.service, id, end, options, terminal);
  } finally {
    closing.abort();
    terminal.board(() => []);
    if (follower.service !== service) await follower.service[Symbol.asyncDispose]();
  }
}

/** Somebody is there who can be asked, and who reads no document. */
function isDialogue({ json, events }: OutputOptions): boolean {
  return process.stdin.isTTY && process.stderr.isTTY && !json && !events;
}

/** A Follower that knows which model is at work. */
type ModelFollower = Follower & { readonly model: string | undefined };

/** The text as it is written, for eyes and for programs that asked for events; nobody else is shown any. */
async function showLive(
  follower: ModelFollower,
  id: string,
  options: OutputOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  if (!options.events && !process.stderr.isTTY) return;
  const source = {
    client: () => follower.service.client,
    // The built-in planner has said what it says before anybody could ask.
    isWorthAsking: () => follower.model !== undefined && follower.model !== 'builtin',
  };
  await followLive(source, id, createLiveAnswer(terminal, options.events), signal);
  terminal.live('');
}

function createFollower(
  config: Config,
  first: Service,
  options: OutputOptions,
  terminal: Terminal,
  dialogueWith: (service: () => Service) => Dialogue | undefined,
): ModelFollower {
  let service = first;
  const dialogue = dialogueWith(() => service);
  let model: string | undefined;
  return {
    get service() {
      return service;
    },
    isGone: async () => config.temporal.kind === 'local' && (await hostStatus(config)) === undefined,
    async reopen() {
      const reopened = await openService(config, terminal).catch(() => undefined);
      if (reopened === undefined) return;
      if (service !== first) await service[Symbol.asyncDispose]().catch(() => undefined);
      service = reopened;
    },
    get model() {
      return model;
    },
    onProgress(event, status) {
      model = status.model;
      if (options.events) terminal.answer(JSON.stringify(event));
      else {
        const line = progressLine(event, status.startedAtMs, terminal.colors);
        // What waits is asked below; a line that says so would stand there twice.
        const isAskedHere = dialogue !== undefined && event.kind === 'asked';
        if (line !== undefined && !isAskedHere) terminal.progress(line, progressHang);
      }
      dialogue?.heed();
    },
    onStatus(status) {
      if (!options.events) terminal.board((columns, rows) => boardLines(status, { nowMs: Date.now(), columns, rows }));
    },
  };
}

async function give(
  config: Config,
  service: Service,
  id: string,
  end: Followed,
  options: OutputOptions,
  terminal: Terminal,
): Promise<number> {
  if (end.kind === 'failed') {
    if (options.json || options.events)
      terminal.answer(
        JSON.stringify({
          schema: 'dpa.analysis/1',
          id,
          status: 'failed',
          exitCode: end.exitCode,
          problem: end.message,
        }),
      );
    terminal.notice(`The analysis failed: ${end.message}`);
    return end.exitCode;
  }
  const document = await documentOf(config, end.outcome);
  if (options.json || options.events) terminal.answer(JSON.stringify(document));
  else giveAnswer(document, terminal, runUrl(service, id), config);
  const remark = end.outcome.exitCode === 7 ? limitRemark(document) : remarks[end.outcome.exitCode];
  if (remark !== undefined) terminal.notice(remark);
  return end.outcome.exitCode;
}

/** What an exit code other than 0 means, for somebody who only sees stderr. */
const remarks: Readonly<Record<number, string>> = {
  5: 'It was stopped; what was found so far is delivered (exit code 5).',
  6: 'Something was not allowed, or nobody decided in time; the limits in the answer say what (exit code 6).',
  3: 'Something could not be evaluated or verified; the limits in the answer say what (exit code 3).',
};

const limitNames = {
  steps: { words: 'The step limit', flag: '--max-steps' },
  usd: { words: 'The budget of money', flag: '--budget-usd' },
  time: { words: 'The time limit', flag: '--timeout' },
  tokens: { words: 'The budget of tokens', flag: '--max-tokens' },
  bytes: { words: 'The limit of bytes scanned', flag: '--max-bytes-scanned' },
} as const;

function limitRemark({ limitReached }: ResultDocument): string {
  const { words, flag } = limitNames[limitReached?.limit ?? 'steps'];
  return `${words} was reached; what was found so far is delivered (exit code 7). Raise ${flag} for the rest.`;
}

/** The document travels with the outcome while small; a larger one is in the store, and beside the report. */
export async function documentOf(config: Config, outcome: AnalysisOutcome): Promise<ResultDocument> {
  const text =
    outcome.document ??
    (await createFolderStore(config.storeFolder)
      .get(outcome.result)
      .catch(() => readFile(outcome.report.json, 'utf8')));
  return JSON.parse(text) as ResultDocument;
}

export function giveAnswer(
  document: ResultDocument,
  terminal: Terminal,
  url: string | undefined,
  config: Config,
): void {
  terminal.answer(`\n${document.answer}\n`, 'prose');
  terminal.answer(`Report: ${document.report.html}`);
  if (url === undefined) return;
  terminal.answer(`Run:    ${url}`);
  if (config.temporal.kind === 'local')
    terminal.progress('        (the page is there while the local host runs; `dpa up` keeps it)');
}
