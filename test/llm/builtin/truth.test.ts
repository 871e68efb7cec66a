/** The churn task on the demo's data: every planted driver is found and rightly ordered, chance is never called a driver. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../../src/analysis/evidence.ts';
import { renderStatement } from '../../../src/analysis/numbers.ts';
import { verifyFindings } from '../../../src/analysis/verification.ts';
import { dirtCount, planted } from '../../../src/demo/planted.ts';
import { generateSalesDatabase } from '../../../src/demo/sales-database.ts';
import { readCatalog } from '../../../src/llm/builtin/catalog.ts';
import { driversScript } from '../../../src/llm/builtin/drivers/script.ts';
import { concludeScript, type Script } from '../../../src/llm/builtin/script.ts';
import { lakeTools, runScript, type Run } from '../../support/run-script.ts';

const task = 'Analyze customer churn patterns in the sales database';
const customers = 24_000;
const root = mkdtempSync(join(tmpdir(), 'dpa-truth-'));

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(Array.from({ length: 20 }, (_, i) => i + 1))('seed %i', (seed) => {
  let run: Run;

  beforeAll(async () => {
    const folder = join(root, String(seed));
    await generateSalesDatabase(folder, { seed, customers });
    run = await runScript(churnScript, [folder]);
    if (seed > 1) rmSync(folder, { recursive: true });
  });

  test('the drivers are tickets, plan and region, in this order, and nothing else', () => {
    const named = run.submission.findings.filter(({ chart }) => chart?.kind === 'bars').map(driverName);
    expect(named).toEqual(['number of `support_tickets`', '`plan_name`', '`region` of `customers`']);
  });

  test('December stands out by about what is planted', () => {
    const december = run.submission.findings.find(({ chart }) => chart?.kind === 'line');
    expect(december?.statement).toMatch(/^`December` stands out/);
    expect(december?.quantities[2]?.value).toBeGreaterThan(planted.december.factor - 1 - 0.15);
    expect(december?.quantities[2]?.value).toBeLessThan(planted.december.factor - 1 + 0.15);
  });

  test('the payment method is explained by the plan, the amount is the plan', () => {
    const texts = run.submission.findings.map(({ statement }) => statement);
    expect(texts).toContainEqual(
      expect.stringMatching(/`payment_method` looks like a driver, but is explained by the `plan_name`/),
    );
    expect(texts).toContainEqual(
      expect.stringMatching(/`monthly_amount` carries the same information as the `plan_name`/),
    );
  });

  test('chance and mere presence are named as showing nothing', () => {
    const nothing = run.submission.findings.find(({ statement }) =>
      statement.startsWith('No clear relation'),
    )?.statement;
    for (const name of [...planted.noise, `number of \`${planted.exposureTrap}\``])
      expect(nothing).toContain(name.includes('`') ? name : `\`${name}\``);
    const leaks = run.submission.findings.find(({ statement }) => statement.startsWith('Left out'))?.statement;
    expect(leaks).toContain('`cancel_reason`');
    expect(leaks).not.toMatch(/plan|region|ticket|payment/);
  });

  test('dirt is counted', () => {
    const caveats = run.submission.findings.filter(({ severity }) => severity === 'caveat');
    for (const kind of ['nullWords', 'mistypedDates', 'duplicateIds', 'negativeAmounts'] as const) {
      const { dataset, column } = planted.dirt[kind];
      const caveat = caveats.find(({ statement }) => statement.startsWith(`\`${column}\` of \`${dataset}\``));
      expect([kind, caveat?.quantities[0]?.value]).toEqual([kind, dirtCount(kind, customers)]);
    }
  });

  test('the analysis is short and no call fails or is cut', () => {
    expect(run.bad).toEqual([]);
    expect(run.asks.length).toBeLessThanOrEqual(12);
    const queries = run.asks.flatMap(({ calls }) => calls).filter(({ name }) => name === lakeTools.query);
    expect(queries.length).toBeLessThanOrEqual(25);
  });
});

test('run again on the same data it asks the same, gets the same, and every number can be verified', async () => {
  const folder = join(root, '1');
  const [first, second] = [await runScript(churnScript, [folder]), await runScript(churnScript, [folder])];
  expect(second.asks).toEqual(first.asks);
  expect(second.submission).toEqual(first.submission);
  const repeated = new Map(
    [...first.tables].map(([call, original]) => [
      call,
      { original, rerun: second.tables.get(call) ?? { failed: 'no table' } },
    ]),
  );
  const known = new Set([
    task,
    ...[...first.tables.values()].flatMap(({ columns }) => columns.map(({ name }) => name)),
  ]);
  expect(verifyFindings(first.submission, repeated, known).problems).toEqual([]);
});

test('the answer reads as planned', async () => {
  const run = await runScript(churnScript, [join(root, '1')]);
  expect(run.submission.headline).toBe(
    'What goes most with churn is the number of `support_tickets` in the first weeks; then `plan_name`, `region` of `customers`.',
  );
  expect(renderStatement(run.submission.findings[1]!)).toMatch(
    /^The strongest driver is the number of `support_tickets` in the first 60 days \(effect size 0\.\d\d\): the share of churn is \d\d\.\d % where it is `3 or more` \([\d,]+ rows\) and \d\d\.\d % where it is `0`/,
  );
});

test('cut off before the drivers were compared, it does not say that there are none', async () => {
  const { messages } = await runScript(churnScript, [join(root, '1')]);
  const asked = messages.findIndex((message) => JSON.stringify(message).includes('the outcome by `plan_name`'));
  const { headline, limits } = concludeScript(churnScript(), messages.slice(0, asked), 'a limit was reached');
  expect(headline).toMatch(/^What goes with churn was tested, but could not be compared: .*`plan_name`/);
  expect(limits.join()).toMatch(/Goes with churn, but how much is not known, .*`region` of `customers`/);
});

function* churnScript(): Script {
  return yield* driversScript(task, yield* readCatalog(lakeTools));
}

/** What the sentence of a driver names: between `is the` and the effect size, without the window. */
function driverName({ statement }: Finding): string {
  return /is the (.*?)(?: in the first \{8\} days)? \(effect size/.exec(statement)?.[1] ?? statement;
}
