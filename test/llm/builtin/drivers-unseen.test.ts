/** Drivers in data shaped unlike the demo's: flat tables, sensors, outcomes in a file of their own, German names, chance alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderStatement } from '../../../src/analysis/numbers.ts';
import { readCatalog } from '../../../src/llm/builtin/catalog.ts';
import { driversScript } from '../../../src/llm/builtin/drivers/script.ts';
import type { Script } from '../../../src/llm/builtin/script.ts';
import { lakeTools, runScript, type Run } from '../../support/run-script.ts';
import {
  alike,
  nasty,
  newcomers,
  onlyOutcome,
  wide,
  chance,
  confounded,
  flagged,
  gym,
  machines,
  seldom,
  shop,
  telephone,
  writeData,
} from '../../support/unseen-data.ts';

const root = mkdtempSync(join(tmpdir(), 'dpa-unseen-'));

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a flat table with Churn yes or no: contract, tenure and charges, not gender or payment', async () => {
  const run = await analyse('telephone', 'Which customers churn, and why?', telephone);
  expect(driversOf(run).slice(0, 2)).toEqual(['`Contract`', '`tenure`']);
  expect(driversOf(run)).toContain('`MonthlyCharges`');
  expect(unrelated(run)).toMatch(/`PaymentMethod`.*`SeniorCitizen`.*`gender`/);
  expect(statements(run)).toContainEqual(
    expect.stringMatching(/^`TotalCharges` of `telephone` holds words for a missing value in \d+ rows/),
  );
});

test('sensors: wear and torque drive the failure, its modes are left out', async () => {
  const run = await analyse('machines', 'Why do the machines fail?', machines);
  expect(driversOf(run)).toEqual(['`Tool wear [min]`', '`Torque [Nm]`']);
  expect(statements(run)).toContainEqual(expect.stringMatching(/^Left out.*`OSF`, `RNF`, `TWF`/));
});

test('returns in a file of their own: items per order and channel, and the one bad month', async () => {
  const run = await analyse('shop', 'Which factors drive order returns?', shop);
  expect(driversOf(run)).toEqual(['number of `order_items`', '`channel`']);
  expect(unrelated(run)).toMatch(/`gift_wrap`.*`country` of `buyers`/);
  expect(statements(run)).toContainEqual(expect.stringMatching(/^The month `2024-01` stands out/));
});

test('German columns and nothing but a date of cancellation', async () => {
  const run = await analyse('gym', 'Analyse customer churn', gym);
  expect(driversOf(run)).toEqual(['`Tarif`']);
  expect(statements(run)[0]).toContain('`Kuendigungsdatum` being filled in');
  expect(statements(run)).toContainEqual(expect.stringMatching(/^Over time no month stands out/));
});

test('a cause that only comes with another one is called so', async () => {
  const run = await analyse('confounded', 'What leads to loan default?', confounded);
  expect(driversOf(run)).toEqual(['`income`']);
  expect(statements(run)).toContainEqual(
    expect.stringMatching(
      /^The `housing` looks like a driver, but is explained by the `income`: .* among rows with the same `income`/,
    ),
  );
});

test('chance alone: it is said plainly that nothing was found', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const run = await analyse(`chance${seed}`, 'What drives employee attrition?', chance, seed);
    expect(run.submission.headline).toBe('Nothing in this data clearly goes with attrition.');
    expect(driversOf(run)).toEqual([]);
  }
});

test('few rows: a warning with the counts', async () => {
  const run = await analyse('seldom', 'What drives churn?', seldom);
  expect(statements(run)).toContainEqual(
    expect.stringMatching(/^This is a small sample: 80 rows, of which \d+ show churn/),
  );
});

test('an outcome without dates that flags half of the rows, with children that have no date of their own', async () => {
  const run = await analyse('flagged', 'Which accounts convert?', flagged);
  expect(driversOf(run)).toEqual(['number of `visits`']);
});

test('who had less time for it is not called loyal', async () => {
  const run = await analyse('newcomers', 'Analyze customer churn', newcomers);
  expect(driversOf(run)).toEqual([]);
  expect(statements(run)).toContainEqual(
    expect.stringMatching(/^The `channel` looks like a driver, but is explained by the time since the start/),
  );
});

test('names and values that break careless SQL and sentences', async () => {
  const run = await analyse('nasty', 'Why was it cancelled?', nasty);
  expect(driversOf(run)).toEqual(['`k`']);
  expect(statements(run)[0]).toContain('`st "ate` being `cancelled\'d`');
});

test('a wide table with long names', async () => {
  const run = await analyse('wide', 'Why do they fail?', wide);
  expect(driversOf(run)).toEqual(['`a rather long column name number 7`']);
});

test('everyone alike, and nothing but the outcome', async () => {
  expect((await analyse('alike', 'churn', alike)).submission.headline).toMatch(/^I could not tell which column/);
  expect((await analyse('only', 'churn', onlyOutcome)).submission.headline).toBe(
    'Nothing in this data clearly goes with churn.',
  );
});

test('no outcome: the columns that were considered are named, and what a model could do', async () => {
  const { submission } = await analyse('none', 'What drives happiness?', {
    'weather.csv': `SELECT id AS day_no, 10 + 20 * u(id, 't') AS temperature, u(id, 'r') < 0.3 AS rain FROM range(500) AS ids(id)`,
  });
  expect(submission.headline).toMatch(/^I could not tell which column/);
  expect(submission.findings[0]?.statement).toContain('`rain` of `weather`');
  expect(submission.limits.join(' ')).toContain('A language model could read the question more freely');
});

async function analyse(name: string, task: string, files: Readonly<Record<string, string>>, seed = 1): Promise<Run> {
  const folder = await writeData(join(root, name), files, seed);
  const run = await runScript(() => script(task), [folder]);
  expect(run.bad).toEqual([]);
  return run;
}

function* script(task: string): Script {
  return yield* driversScript(task, yield* readCatalog(lakeTools));
}

function driversOf({ submission }: Run): string[] {
  return submission.findings
    .filter(({ chart }) => chart?.kind === 'bars')
    .map(({ statement }) => /is the (.*?) \(effect size/.exec(statement)?.[1] ?? statement);
}

function unrelated({ submission }: Run): string {
  return submission.findings.find(({ statement }) => statement.startsWith('No clear relation'))?.statement ?? '';
}

function statements({ submission }: Run): string[] {
  return submission.findings.map(renderStatement);
}
