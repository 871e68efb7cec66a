/** Puts the violating rows of a table into a file beside: asked for slice by slice, written whole or not at all, never in place. */
import type { Ask, Cell } from '../quality/ask.ts';
import type { Check } from '../quality/check.ts';
import type { CheckResult, Quarantine } from '../quality/check-result.ts';
import { quarantineLines, quarantinePlan } from '../quality/quarantine.ts';
import type { TableContext } from '../quality/table-context.ts';

export type QuarantineFiles = {
  pathOf(folder: string, names: readonly string[]): string;
  isWithin(folder: string, path: string): boolean;
  /** Whole or not at all; rejects with `Store.Full` or `Store.Unwritable`. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
};

export type QuarantineRequest = {
  /** Absolute. */
  readonly folder: string;
  readonly suite: string;
  readonly interval: string;
  readonly contract: string;
  /** Paths the data is read from. */
  readonly data: readonly string[];
};

/** Rows of a table at most: more are not bad rows but a bad table. */
const maxRows = 100_000;

/** Rows a slice is hoped to have; what does not fit into one answer is sliced again. */
const rowsOfSlice = 2_000;
const maxSlices = 4_096;
const answerRows = 10_000;
const answerBytes = 1024 * 1024;

/** Never rejects: what could not be put aside is said beside the verdicts, which stand. */
export async function quarantine(
  files: QuarantineFiles,
  { folder, suite, interval, contract, data }: QuarantineRequest,
  context: TableContext,
  checks: readonly Check[],
  results: readonly CheckResult[],
  ask: Ask,
): Promise<Quarantine | undefined> {
  const file = files.pathOf(folder, [suite, interval, `${contract}.${context.table.name}.ndjson`]);
  const inside = data.find((path) => files.isWithin(folder, path));
  if (inside !== undefined)
    return {
      problem: `Expected a folder for quarantine outside of the data, found ${folder}, which is read with ${inside}. Name another with --quarantine.`,
    };
  try {
    const plan = quarantinePlan(context, checks, results);
    // A night that is run again and is sound leaves nothing of before.
    if (plan === undefined) {
      await files.remove(file);
      return undefined;
    }
    const expected = Math.max(...results.map(({ violatingRows = 0 }) => violatingRows));
    if (expected > maxRows)
      return {
        problem: `Expected at most ${maxRows} rows for quarantine, found ${expected} that violate one rule; none was put aside. Correct the source or the rule.`,
      };
    const lines: string[] = [];
    const slices = 2 ** Math.ceil(Math.log2(Math.max(1, expected / rowsOfSlice)));
    for (let slice = 0; slice < slices; slice += 1)
      lines.push(...quarantineLines(context, plan.checks, await rowsOf(plan.statement, slices, slice, ask)));
    // The order in which an engine finds rows is not the same twice; the file is.
    await files.write(file, `${lines.sort().join('\n')}\n`);
    return {
      file,
      rows: lines.length,
      checks: plan.checks.map(({ id }) => id),
      dataset: context.dataset,
      statement: plan.statement(1, 0),
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function rowsOf(
  statement: (slices: number, slice: number) => string,
  slices: number,
  slice: number,
  ask: Ask,
): Promise<readonly (readonly Cell[])[]> {
  const answer = await ask(statement(slices, slice), {
    maxRows: answerRows,
    maxBytes: answerBytes,
    purpose: 'rows for quarantine',
  });
  if (answer.kind === 'refused') throw new Error(`Expected the rows for quarantine, found: ${answer.reason}`);
  if (answer.truncated !== true) return answer.rows;
  if (slices >= maxSlices)
    throw new Error('Expected rows that fit into an answer of the tool server, found longer ones; none was put aside.');
  const halves = [slice, slice + slices].map((half) => rowsOf(statement, 2 * slices, half, ask));
  return (await Promise.all(halves)).flat();
}
