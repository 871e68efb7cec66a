/** `dpa show ID --cost`: the tokens an analysis used and their price, per model and per step. */
import { totalOf, type ModelTotals, type Spending } from '../analysis/cost.ts';
import type { Config } from '../config.ts';
import { createFolderStore } from '../store/folder.ts';
import { createTranscript, type ReplyMeta } from '../store/transcript.ts';
import type { Terminal } from '../ui/terminal.ts';
import { costQuery, transcriptQuery, type AnalysisWorkflow } from '../workflows/messages.ts';
import type { Service } from './service.ts';

/** One model turn; without figures where an earlier version kept none. */
type Step = { readonly step: number } & Partial<ReplyMeta>;

export async function showCost(
  config: Config,
  service: Service,
  id: string,
  asJson: boolean,
  terminal: Terminal,
): Promise<number> {
  const handle = service.client.workflow.getHandle<AnalysisWorkflow>(id);
  const [{ models }, { head }] = await Promise.all([handle.query(costQuery), handle.query(transcriptQuery)]);
  const replies = await createTranscript(createFolderStore(config.storeFolder)).replies(head);
  const steps = replies.map((meta, index): Step => ({ step: index + 1, ...meta }));
  terminal.answer(asJson ? JSON.stringify(costDocument(id, models, steps)) : costText(models, steps));
  return 0;
}

function costDocument(id: string, models: Spending, steps: readonly Step[]) {
  const perStep = steps.map((step) => ({ ...step, costUsd: step.costUsd ?? null }));
  return { schema: 'dpa.cost/1', id, total: totalOf(models), models, steps: perStep };
}

export function costText(models: Spending, steps: readonly Step[]): string {
  const total = totalOf(models);
  const rows = [
    ['', 'calls', 'input', 'cached', 'output', 'USD'],
    ...Object.entries(models).map(([model, totals]) => [model, ...cells(totals)]),
    ...(Object.keys(models).length > 1 ? [['all', ...cells(total)]] : []),
    ['', '', '', '', '', ''],
    ...steps.map(({ step, model, served, usage, costUsd }) => [
      `step ${step}  ${served ?? model ?? ''}`,
      '',
      ...(usage === undefined
        ? ['?', '?', '?', '?']
        : [whole(usage.inputTokens), whole(usage.cachedInputTokens ?? 0), whole(usage.outputTokens), dollars(costUsd)]),
    ]),
  ];
  const notes = total.costUsd === null ? ['', 'A price that is not known is shown as ?; it is not free.'] : [];
  return [...aligned(rows), ...notes].join('\n');
}

function cells({ calls, inputTokens, cachedInputTokens, outputTokens, costUsd }: ModelTotals): string[] {
  return [whole(calls), whole(inputTokens), whole(cachedInputTokens), whole(outputTokens), dollars(costUsd)];
}

function whole(count: number): string {
  return count.toLocaleString('en-US');
}

function dollars(cost: number | null | undefined): string {
  if (cost === null || cost === undefined) return '?';
  return cost === 0 ? '0' : cost.toFixed(cost < 1 ? 4 : 2);
}

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
