/** Totals, trends and comparisons on data made here: the numbers of the answer against direct queries and planted facts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPlanner, type PlannerRun } from '../../support/run-planner.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'questions-'));
  writeFileSync(
    join(folder, 'shops.csv'),
    `shop_id,shop_name\n${['Harbour', 'Station', 'Market'].map((name, i) => `${i + 1},${name}`).join('\n')}\n`,
  );
  writeFileSync(
    join(folder, 'orders.csv'),
    `order_id,shop_id,ordered_at,channel,amount,express\n${orders().join('\n')}\n`,
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Two years and ten days of orders: a steady rise, twice as many on Saturdays, web orders ten dearer, few by fax. */
function orders(): string[] {
  const lines: string[] = [];
  const start = Date.UTC(2022, 0, 1);
  for (let day = 0; day < 741; day++) {
    const date = new Date(start + day * 86_400_000);
    const saturday = date.getUTCDay() === 6;
    const count = (saturday ? 12 : 6) + Math.floor(day / 150);
    for (let n = 0; n < count; n++) {
      const id = lines.length + 1;
      const channel = id % 500 === 0 ? 'fax' : id % 3 === 0 ? 'web' : 'store';
      const amount = 20 + ((id * 37) % 23) + (channel === 'web' ? 10 : 0);
      lines.push(
        `${id},${1 + ((id * 11) % 3)},${date.toISOString().slice(0, 10)},${channel},${amount}.25,${(id * 13) % 7 < (channel === 'web' ? 3 : 2)}`,
      );
    }
  }
  return lines;
}

async function answer(task: string, use: (run: PlannerRun, all: string) => Promise<void> | void): Promise<void> {
  await runPlanner(task, [folder], async (run) => {
    expect(run.problems).toEqual([]);
    expect(run.turns).toBeLessThanOrEqual(15);
    await use(run, run.statements.join('\n'));
  });
}

const written = (value: unknown) =>
  Number(value).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const counted = (value: unknown) => Number(value).toLocaleString('en-US');

test('total by group, with shares and a chart', async () => {
  await answer('total amount by channel', async (run, all) => {
    const [total] = await run.truth('SELECT sum(amount) FROM orders');
    const [store] = await run.truth(`SELECT sum(amount) FROM orders WHERE channel = 'store'`);
    expect(all).toContain(`\`store\` ${written(store)}`);
    expect(all).toContain(`is ${written(total)}, from`);
    expect(run.submission.findings[0]!.chart).toMatchObject({ kind: 'bars', label: 'channel', value: 'value' });
    expect(run.submission.headline).toBe('`store` has the largest total `amount` among the groups of `channel`.');
  });
});

test('average by group warns of few rows and gives the interval of the difference', async () => {
  await answer('What is the average amount per channel?', async (run, all) => {
    const [fax, web] = await run.truth(
      `SELECT count(*) FILTER (WHERE channel = 'fax'), avg(amount) FILTER (WHERE channel = 'web') FROM orders`,
    );
    expect(all).toContain(`\`web\` ${written(web)}`);
    expect(all).toContain(`Too few rows to lean on: \`fax\` (rows: ${counted(fax)})`);
    expect(all).toContain('confidence interval');
  });
});

test('a group of another dataset is reached through its key', async () => {
  await answer('Top 2 shops by amount', async (run, all) => {
    const [name, value] = await run.truth(
      'SELECT shop_name, sum(amount) AS v FROM orders JOIN shops USING (shop_id) GROUP BY 1 ORDER BY v DESC LIMIT 1',
    );
    expect(all).toContain(
      `The largest of 3 groups of \`shop_name\` by total \`amount\`, with their share of the whole: \`${String(name)}\` ${written(value)}`,
    );
    expect(run.statements[0]!.match(/%/g)).toHaveLength(2);
  });
});

test('count of rows in a named period', async () => {
  await answer('How many orders by channel in Q3 2022?', async (run, all) => {
    const [rows] = await run.truth(
      `SELECT count(*) FROM orders WHERE year(ordered_at) = 2022 AND quarter(ordered_at) = 3`,
    );
    expect(all).toContain(`\`orders\` has ${counted(rows)} such rows`);
    expect(all).toContain('from `2022-07-01` to `2022-09-30`');
  });
});

test('trend: the planted rise and Saturday are found, the unfinished month is named, no month stands out', async () => {
  await answer('Show the trend and seasonality of orders', (run, all) => {
    expect(run.submission.headline).toBe('`orders` shows a rising trend, and a season that stands out.');
    expect(all).toMatch(/the number of rows rises by [\d.]+ each month/);
    expect(all).toContain('`Saturday` stands out among the weekdays');
    expect(all).toContain('No month stands out');
    expect(all).toContain('The last month, from `2024-01-01`, is not complete');
    expect(run.submission.findings.some(({ chart }) => chart?.kind === 'line')).toBe(true);
  });
});

test('trend of data that does not change says so', async () => {
  await answer('Is the average amount growing?', (run) => {
    expect(run.submission.headline).toMatch(/no clear trend/);
  });
});

test('two groups compared: difference, interval, segments', async () => {
  await answer('Compare amount between web and store', async (run, all) => {
    const [web, store] = await run.truth(
      `SELECT avg(amount) FILTER (WHERE channel = 'web'), avg(amount) FILTER (WHERE channel = 'store') FROM orders`,
    );
    expect(all).toContain(`is ${written(web)} in \`web\` and ${written(store)} in \`store\``);
    expect(all).toContain('clearly different');
    expect(run.submission.limits.join(' ')).toContain('may be the reason');
  });
});

test('a yes/no column is compared as a share', async () => {
  await answer('Compare express between web and store', async (run, all) => {
    const [hits, rows] = await run.truth(
      `SELECT count(*) FILTER (WHERE express), count(*) FROM orders WHERE channel = 'web'`,
    );
    expect(all).toContain(`(${counted(hits)} of ${counted(rows)} rows)`);
    expect(all).toMatch(/difference of -?\+?[\d.]+ percentage points/);
  });
});

test('two periods compared say which years they were taken from', async () => {
  await answer('Compare Q3 and Q4', async (run, all) => {
    const [rows] = await run.truth(
      'SELECT count(*) FROM orders WHERE year(ordered_at) = 2023 AND quarter(ordered_at) = 4',
    );
    expect(all).toContain(`\`Q4\` is from \`2023-10-01\` to \`2023-12-31\` (${counted(rows)} rows)`);
  });
});

test('what it cannot do is refused with what it can do here', async () => {
  await answer('Forecast revenue for next quarter', (run) => {
    expect(run.submission.findings).toEqual([]);
    expect(run.submission.headline).toContain('does not forecast');
    expect(run.submission.limits.join(' ')).toMatch(/language model.*`orders`/);
  });
});

test('a condition it does not understand is said, not ignored in silence', async () => {
  await answer('How many orders are late?', (run) => {
    expect(run.submission.limits.join(' ')).toContain('Conditions on rows other than a period of time are not applied');
  });
});
