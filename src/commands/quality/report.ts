/** `dpa quality report`: writes the reports of a run again, from what was kept of it; nothing is checked. */
import { isAbsolute, resolve } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { nearest } from '../../analysis/nearest.ts';
import type { RunDocument } from '../../quality/run.ts';
import { createQualityDelivery } from '../../reports/quality/deliver.ts';
import { createFolderStore } from '../../store/folder.ts';
import { createQualityHistory } from '../../store/quality-history.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { QualityRunWorkflow } from '../../workflows/quality-messages.ts';
import { preflight } from '../preflight.ts';
import { openService } from '../service.ts';
import { checkedFormats } from './run.ts';

export type QualityReportOptions = {
  readonly interval?: string;
  readonly format?: string;
  readonly output?: string;
};

export async function report(
  config: Config,
  word: string,
  { interval, format, output }: QualityReportOptions,
  terminal: Terminal,
): Promise<number> {
  const formats = checkedFormats(format);
  const document = (await remembered(config, word, interval)) ?? (await ofRun(config, word, terminal));
  const { files, problems } = await createQualityDelivery(config.reportsFolder)(document, {
    formats,
    ...(output === undefined ? {} : { folder: isAbsolute(output) ? output : resolve(config.workingFolder, output) }),
  });
  for (const file of files) terminal.answer(file);
  for (const problem of problems) terminal.notice(problem);
  return problems.length === 0 ? 0 : exitCode.notDelivered;
}

/** The night of a suite, or the run of that id, by the history alone: no service is needed. */
async function remembered(
  config: Config,
  word: string,
  interval: string | undefined,
): Promise<RunDocument | undefined> {
  const history = createQualityHistory(config.qualityFolder);
  const { points } = await history.all(word);
  const point = interval === undefined ? points.at(-1) : points.find((one) => one.interval === interval);
  if (point === undefined && points.length > 0) {
    const nights = points.map((one) => one.interval);
    const [near = nights.at(-1)] = nearest(interval ?? '', nights);
    throw wrong(`Expected a run of ${word} for ${interval}, found none. Did you mean ${near}?`);
  }
  const ref = point?.document ?? (await history.ofRun(word))?.document;
  return ref === undefined ? undefined : stored(config, ref);
}

/** Runs outside of the nights are known by Temporal alone. */
async function ofRun(config: Config, id: string, terminal: Terminal): Promise<RunDocument> {
  await preflight(config);
  await using service = await openService(config, terminal);
  try {
    const outcome = await service.client.workflow.getHandle<QualityRunWorkflow>(id).result();
    return outcome.inline ?? (await stored(config, outcome.document!));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const suites = await createQualityHistory(config.qualityFolder).suites();
    const known =
      suites.length === 0 ? 'there is no history of any suite' : `there is a history of ${suites.join(', ')}`;
    throw wrong(`Expected a suite or the id of a run, found "${id}"; ${known}.`);
  }
}

async function stored(config: Config, ref: string): Promise<RunDocument> {
  return JSON.parse(await createFolderStore(config.storeFolder).get(ref)) as RunDocument;
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
