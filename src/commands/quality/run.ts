/** `dpa quality run`: checks data against contracts, shows what broke, and ends with a code that a pipeline understands. */
import { createHash } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { ulid } from 'ulid';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config, Pipeline } from '../../config.ts';
import { intervalAt, intervalOf, readInterval } from '../../quality/interval.ts';
import type { DataInterval } from '../../quality/run.ts';
import { qualityFormats, usualFormats } from '../../reports/quality/deliver.ts';
import { createFolderStore } from '../../store/folder.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { preflight } from '../preflight.ts';
import { openService } from '../service.ts';
import { checkedId } from '../start.ts';
import { checkedPipeline } from './annotate.ts';
import { changedSince, nothingChanged } from './changed-since.ts';
import { ciRunId } from './ci-run.ts';
import { explain } from './explain.ts';
import { followQuality } from './follow.ts';
import { startQuality } from './start.ts';
import { qualityData } from '../../contracts/suite-data.ts';
import { readSuite } from '../../contracts/suite.ts';
import { tell } from './tell.ts';

export type QualityRunOptions = {
  readonly data: readonly string[];
  readonly interval?: string;
  readonly suite?: string;
  readonly id?: string;
  readonly ci?: string | true;
  readonly changedSince?: string;
  readonly skippedExitCode?: string;
  readonly again?: boolean;
  readonly rescan?: boolean;
  readonly quarantine?: string;
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
  const skippedCode = checkedExitCode(options.skippedExitCode);
  const named = await readSuite(config.workingFolder, words, options.suite);
  const { suite } = named;
  const data = await qualityData({
    folder: config.workingFolder,
    given: options.data,
    ofSuite: named.data,
    suite,
    interval: (interval ?? intervalAt(Date.now(), 'UTC')).name,
  });
  const id = idOf(options, config.pipeline, suite.name);
  const changed =
    options.changedSince === undefined ? undefined : await changedSince(config, named, data, options.changedSince);
  if (changed?.contracts.length === 0)
    return nothingChanged(changed.since, options.json === true, skippedCode, terminal);
  if (changed !== undefined) terminal.progress(`changed since ${changed.since}: ${changed.contracts.join(', ')}`);
  if (options.explain === true) return explain(config, suite, data, terminal);
  await preflight(config);
  await using service = await openService(config, terminal);
  const suiteRef = await createFolderStore(config.storeFolder).put(JSON.stringify(suite));
  const started = await startQuality(service, {
    id,
    again: options.again === true,
    asked: createHash('sha256')
      .update(JSON.stringify([suiteRef, options.data]))
      .digest('hex'),
    input: {
      suite: suiteRef,
      suiteName: suite.name,
      data: data.paths,
      aliases: data.aliases,
      ...(changed === undefined || changed.contracts.length === suite.contracts.length
        ? {}
        : { only: changed.contracts }),
      ...(interval === undefined ? {} : { interval }),
      ...(options.rescan === true ? { rescan: true } : {}),
      ...(options.quarantine === undefined ? {} : { quarantine: absolute(config, options.quarantine) }),
      warningsAsErrors: options.warningsAsErrors === true,
      alert: options.alert === true,
      formats,
      ...(options.output === undefined ? {} : { outputFolder: absolute(config, options.output) }),
    },
  });
  if (started.attached && !started.same && options.ci !== undefined)
    throw wrong(
      `Expected the run ${id} to be of these contracts and this data, found one of others. Where a job has several runs, name each: --ci NAME.`,
    );
  if (started.attached)
    terminal.notice(`The run ${id} is there already; attached to it. --again checks the data anew.`);
  if (options.detach === true) {
    terminal.answer(options.json === true ? JSON.stringify({ id, status: 'running' }) : id);
    return 0;
  }
  terminal.progress(`run ${id}`);
  const end = await followQuality(service, id, terminal);
  return tell(config, { id, end, attached: started.attached, formats, pipeline, skippedCode, options, terminal });
}

/** With an interval the run is the night's own: whoever asks for it again gets it. Without one, each asking is a run. */
function idOf({ id, ci, interval }: QualityRunOptions, found: Pipeline | undefined, suite: string): string {
  if (id !== undefined) return checkedId(id);
  if (ci !== undefined) return ciRunId(found, ci);
  if (interval === undefined) return `quality-${ulid().toLowerCase()}`;
  return nightlyId(suite, readInterval(interval)!.name);
}

/** What a pipeline takes for "skipped"; without it, nothing to look at is no fault. */
function checkedExitCode(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,3}$/.test(text) && Number(text) <= 255) return Number(text);
  throw wrong(`Expected --skipped-exit-code to be a number from 0 to 255, found ${JSON.stringify(text)}.`);
}

export function nightlyId(suite: string, interval: string): string {
  return `nightly-${suite}-${interval}`;
}

function checkedInterval(text: string | undefined): DataInterval | undefined {
  if (text === undefined) return undefined;
  const read = intervalOf(text, Date.now());
  if (typeof read === 'string') throw wrong(`Expected --interval ${read}.`);
  return read;
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
