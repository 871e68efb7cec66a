/** `dpa quality run`: checks data against contracts, shows what broke, and ends with a code that a pipeline understands. */
import { isAbsolute, resolve } from 'node:path';
import { ulid } from 'ulid';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { alertsOf, slackMessage } from '../../quality/alert.ts';
import { readInterval } from '../../quality/interval.ts';
import type { DataInterval, RunDocument } from '../../quality/run.ts';
import { qualityFormats, usualFormats } from '../../reports/quality/deliver.ts';
import { qualityResult } from '../../reports/quality/result-json.ts';
import { createFolderStore } from '../../store/folder.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { preflight } from '../preflight.ts';
import { openService } from '../service.ts';
import { checkedId } from '../start.ts';
import { annotate, checkedPipeline, harmless } from './annotate.ts';
import { explain } from './explain.ts';
import { followQuality } from './follow.ts';
import { startQuality } from './start.ts';
import { qualityData } from './data.ts';
import { readSuite } from './suite.ts';
import { resultText } from './result-text.ts';

export type QualityRunOptions = {
  readonly data: readonly string[];
  readonly interval?: string;
  readonly suite?: string;
  readonly id?: string;
  readonly again?: boolean;
  readonly alert?: boolean;
  readonly alertTest?: boolean;
  readonly annotations?: string;
  readonly explain?: boolean;
  readonly format?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly warningsAsErrors?: boolean;
  readonly detach?: boolean;
};

/** Resolves with the exit code. */
export async function run(
  config: Config,
  words: readonly string[],
  options: QualityRunOptions,
  terminal: Terminal,
): Promise<number> {
  const interval = checkedInterval(options.interval);
  const pipeline = checkedPipeline(options.annotations, config.pipeline);
  const formats = [...checkedFormats(options.format), ...(pipeline?.kind === 'gitlab' ? ['gitlab'] : [])];
  const named = await readSuite(config, words, options.suite);
  const { suite } = named;
  const data = await qualityData(config, options.data, named.data, suite);
  if (options.explain === true) return explain(config, suite, data, terminal);
  await preflight(config);
  const id = idOf(options, suite.name);
  await using service = await openService(config, terminal);
  const started = await startQuality(service, {
    id,
    again: options.again === true,
    input: {
      suite: await createFolderStore(config.storeFolder).put(JSON.stringify(suite)),
      suiteName: suite.name,
      data: data.paths,
      aliases: data.aliases,
      ...(interval === undefined ? {} : { interval }),
      warningsAsErrors: options.warningsAsErrors === true,
      alert: options.alert === true,
      formats,
      ...(options.output === undefined ? {} : { outputFolder: absolute(config, options.output) }),
    },
  });
  if (started.attached)
    terminal.notice(`The run ${id} is there already; attached to it. --again checks the data anew.`);
  if (options.detach === true) {
    terminal.answer(options.json === true ? JSON.stringify({ id, status: 'running' }) : id);
    return 0;
  }
  terminal.progress(`run ${id}`);
  const end = await followQuality(service, id, terminal);
  if (end.kind === 'left') {
    terminal.notice(`\nDetached; the run goes on. See it again with the same command, or in the Temporal UI.`);
    return exitCode.detached;
  }
  if (end.kind === 'failed') {
    if (options.json === true)
      terminal.answer(JSON.stringify({ schema: 'dpa.quality/1', id, exitCode: end.exitCode, problem: end.message }));
    terminal.notice(`The run failed: ${end.message}`);
    return end.exitCode;
  }
  const { outcome } = end;
  const document = JSON.parse(await createFolderStore(config.storeFolder).get(outcome.document)) as RunDocument;
  if (options.json === true)
    terminal.answer(JSON.stringify({ ...qualityResult(document), exitCode: outcome.exitCode, files: outcome.files }));
  else
    terminal.answer(
      harmless(resultText(document, { all: options.all === true, colors: terminal.answerColors }), pipeline),
    );
  await annotate(document, pipeline, options.json === true ? terminal.notice : terminal.answer);
  if (options.alertTest === true) showAlerts(document, terminal);
  for (const file of outcome.files.filter((path) => path.endsWith('.html'))) terminal.progress(`report: ${file}`);
  if (outcome.undelivered !== undefined)
    terminal.notice(`Results were made and kept, but not delivered: ${outcome.undelivered}`);
  return outcome.exitCode;
}

/** What would be sent if nothing had been sent before. */
function showAlerts(document: RunDocument, terminal: Terminal): void {
  const alerts = alertsOf(document, () => true);
  if (alerts.length === 0) terminal.notice('No alert: nothing opened and nothing closed.');
  for (const alert of alerts) {
    terminal.notice(`webhook (not sent): ${JSON.stringify(alert)}`);
    terminal.notice(`slack (not sent): ${JSON.stringify(slackMessage(alert))}`);
  }
}

/** With an interval the run is the night's own: whoever asks for it again gets it. Without one, each asking is a run. */
function idOf({ id, interval }: QualityRunOptions, suite: string): string {
  if (id !== undefined) return checkedId(id);
  if (interval === undefined) return `quality-${ulid().toLowerCase()}`;
  return nightlyId(suite, readInterval(interval)!.name);
}

export function nightlyId(suite: string, interval: string): string {
  return `nightly-${suite}-${interval}`;
}

export function checkedInterval(text: string | undefined): DataInterval | undefined {
  if (text === undefined) return undefined;
  const read = readInterval(text);
  const now = Date.now();
  if (read === undefined)
    throw wrong(
      `Expected --interval to be a day such as 2026-11-24 or a moment such as 2026-11-24T05:00Z, found ${JSON.stringify(text)}.`,
    );
  if (read.startMs > now)
    throw wrong(`Expected --interval to name data that can be there, found ${text}, which is in the future.`);
  // Of a day that is not over, what is there is as old as it is now.
  return { name: read.name, endMs: Math.min(read.endMs, now) };
}

export function checkedFormats(text: string | undefined): readonly string[] {
  if (text === undefined) return usualFormats;
  const formats = text.split(',').map((format) => format.trim());
  const unknown = formats.find((format) => !qualityFormats.includes(format));
  if (unknown === undefined) return formats;
  throw wrong(
    `Expected --format to be some of ${qualityFormats.join(', ')}, separated by commas, found ${JSON.stringify(unknown)}.`,
  );
}

function absolute(config: Config, path: string): string {
  return isAbsolute(path) ? path : resolve(config.workingFolder, path);
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
