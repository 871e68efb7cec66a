/** All numbers the checks of a table ask for: from what is known of its files, and from scans of the rest. */
import type { Ask, Cell } from './ask.ts';
import { missingFrom, numbersByFile } from './incremental-scan.ts';
import { isLasting, type Increments, type Partials } from './increments.ts';
import { scansOver } from './plan.ts';
import type { TablePlan } from './plan.ts';
import { scan, type Scanned } from './scan.ts';
import type { TableContext } from './table-context.ts';
import type { WholeAnswers } from './whole-answers.ts';

export type TableNumbers = Scanned & {
  readonly byFile?: Pick<Partials, 'aggregates' | 'files'>;
  /** Files of the table, and how many of them were read. */
  readonly files?: { readonly total: number; readonly read: number };
};

export type Memory = { readonly increments: Increments; readonly whole: WholeAnswers };

/** Without a memory it is one scan. */
export async function tableNumbers(
  context: TableContext,
  plan: TablePlan,
  ask: Ask,
  memory: Memory | undefined,
): Promise<TableNumbers> {
  if (memory === undefined) return scan(context, plan.checks, plan.scans, ask);
  const { increments, whole } = memory;
  const byFile = await numbersByFile(context, plan.checks, increments, ask);
  const values = new Map<string, Cell>(byFile?.values);
  const problems = new Map<string, string>();
  const missing = missingFrom(plan.checks, values);
  const before = whole.asked();
  const lasting = missing.filter(isLasting);
  await scanFor(lasting, whole.askOf([context.dataset]));
  const others = missing.filter((sql) => !lasting.includes(sql));
  await scanFor(others, ask);
  const isScanned = others.length > 0 || whole.asked() > before;
  const total = increments.files.length;
  const read = isScanned ? total : (byFile?.read ?? 0);
  return { values, problems, files: { total, read }, ...(byFile === undefined ? {} : { byFile: byFile.partials }) };

  async function scanFor(aggregates: readonly string[], asking: Ask): Promise<void> {
    const scanned = await scan(context, plan.checks, scansOver(context, aggregates), asking);
    for (const [sql, cell] of scanned.values) values.set(sql, cell);
    for (const [sql, problem] of scanned.problems) if (!values.has(sql)) problems.set(sql, problem);
  }
}
