/** Tells how a quality run ended: on the terminal, to the CI system, as files, as an exit code. */
import { resolve } from 'node:path';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config, Pipeline } from '../../config.ts';
import { alertsOf, slackMessage } from '../../quality/alert.ts';
import type { RunDocument } from '../../quality/run.ts';
import { createQualityDelivery } from '../../reports/quality/deliver.ts';
import { qualityResult } from '../../reports/quality/result-json.ts';
import { createFolderStore } from '../../store/folder.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { QualityRunOutcome } from '../../workflows/quality-messages.ts';
import { annotate, harmless } from './annotate.ts';
import type { QualityEnd } from './follow.ts';
import { resultText } from './result-text.ts';
import type { QualityRunOptions } from './run.ts';

type Telling = {
  readonly id: string;
  readonly end: QualityEnd;
  readonly attached: boolean;
  readonly formats: readonly string[];
  readonly pipeline: Pipeline | undefined;
  readonly skippedCode: number;
  readonly options: QualityRunOptions;
  readonly terminal: Terminal;
};

/** Resolves with the exit code. */
export async function tell(config: Config, telling: Telling): Promise<number> {
  const { id, end, attached, formats, pipeline, skippedCode, options, terminal } = telling;
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
  const document = await documentOf(config, outcome);
  // The run wrote its reports where whoever started it wanted them.
  const folder = attached ? options.output : undefined;
  const files = folder === undefined ? outcome.files : await writtenAgain(config, document, { folder, formats });
  const code = outcome.exitCode === 0 && outcome.rows === 0 ? skippedCode : outcome.exitCode;
  if (options.json === true) terminal.answer(JSON.stringify({ ...qualityResult(document), exitCode: code, files }));
  else
    terminal.answer(
      harmless(resultText(document, { all: options.all === true, colors: terminal.answerColors }), pipeline),
    );
  await annotate(document, pipeline, options.json === true ? terminal.notice : terminal.answer);
  if (options.alertTest === true) showAlerts(document, terminal);
  for (const file of files.filter((path) => path.endsWith('.html'))) terminal.progress(`report: ${file}`);
  if (outcome.undelivered !== undefined)
    terminal.notice(`Results were made and kept, but not delivered: ${outcome.undelivered}`);
  return code;
}

async function writtenAgain(
  config: Config,
  document: RunDocument,
  { folder, formats }: { readonly folder: string; readonly formats: readonly string[] },
): Promise<readonly string[]> {
  const deliver = createQualityDelivery(config.reportsFolder);
  const { files, problems } = await deliver(document, { folder: resolve(config.workingFolder, folder), formats });
  if (problems.length > 0) throw new CommandError(problems.join('\n'), exitCode.notDelivered);
  return files;
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

async function documentOf(config: Config, { document, inline }: QualityRunOutcome): Promise<RunDocument> {
  if (inline !== undefined) return inline;
  return JSON.parse(await createFolderStore(config.storeFolder).get(document!)) as RunDocument;
}
