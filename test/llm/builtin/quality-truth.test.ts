/** The quality report on public data with known errors: what it must name, with counts equal to a direct query, and where it must be silent. */
import { fileURLToPath } from 'node:url';
import { runPlanner, type PlannerRun } from '../../support/run-planner.ts';

const task = 'Profile this data and tell me what is wrong with it';

function shared(path: string): string {
  return fileURLToPath(new URL(`../../../../shared/data/${path}`, import.meta.url));
}

async function count(run: PlannerRun, sql: string): Promise<string> {
  const [value] = await run.truth(sql);
  return Number(value).toLocaleString('en-US');
}

/** The one statement that names these words. */
function statement(run: PlannerRun, ...words: string[]): string {
  const found = run.statements.filter((text) => words.every((word) => text.includes(word)));
  expect(found).toHaveLength(1);
  return found[0]!;
}

test('beers, dirty: units, percent signs, N/A and glued states, counted exactly', async () => {
  await runPlanner(task, [shared('beers/dirty.csv')], async (run) => {
    expect(run.problems).toEqual([]);
    expect(run.submission.limits).toEqual([]);
    expect(run.turns).toBeLessThanOrEqual(15);
    const units = statement(run, '`ounces`', 'unit');
    expect(units).toContain(
      `in ${await count(run, `SELECT count(*) FROM dirty WHERE regexp_matches(ounces, '[a-zA-Z]')`)} of 2,410 cells`,
    );
    expect(units).toContain(
      `\`oz\` (${await count(run, `SELECT count(*) FROM dirty WHERE regexp_full_match(ounces, '[0-9.]+ oz')`)})`,
    );
    expect(units).toContain(
      `\`ounce\` (${await count(run, `SELECT count(*) FROM dirty WHERE ounces LIKE '% ounce'`)})`,
    );
    const percent = statement(run, '`abv`', 'percent sign');
    expect(percent).toContain(
      `in ${await count(run, `SELECT count(*) FROM dirty WHERE abv LIKE '%\\%' ESCAPE '\\'`)} of 2,410 cells`,
    );
    const missing = statement(run, '`ibu`', '`N/A`');
    expect(missing).toContain(`in ${await count(run, `SELECT count(*) FROM dirty WHERE ibu = 'N/A'`)} of 2,410 cells`);
    const glued = statement(run, '`state` is empty', '`city`');
    expect(glued).toContain(
      `In ${await count(run, `SELECT count(*) FROM dirty WHERE regexp_matches(city, ' [A-Z]{2}$') AND state IS NULL`)} of the`,
    );
    expect(run.submission.headline).toMatch(/state.*ounces.*ibu.*abv/);
  });
});

test('beers, clean: none of these', async () => {
  await runPlanner(task, [shared('beers/clean.csv')], (run) => {
    expect(run.problems).toEqual([]);
    const text = run.statements.join('\n');
    expect(text).not.toMatch(
      /unit|percent sign|N\/A|stands at the|contradict|no numbers|extreme|misspelt|looks like a key/,
    );
    const key = run.submission.findings.flatMap(({ severity }, i) => (severity === 'key' ? [run.statements[i]!] : []));
    // The clean twin really holds one brewery in two cases.
    expect(key).toEqual([expect.stringContaining('`Against The Grain Brewery` beside `Against the Grain Brewery`')]);
  });
});

test('hospital, dirty: slips are found by the columns that determine each other', async () => {
  await runPlanner(task, [shared('hospital/dirty.csv')], (run) => {
    expect(run.problems).toEqual([]);
    expect(run.turns).toBeLessThanOrEqual(15);
    for (const column of [
      'City',
      'CountyName',
      'HospitalName',
      'Address1',
      'Condition',
      'MeasureName',
      'HospitalOwner',
    ]) {
      expect(statement(run, `agree on \`${column}\``)).toMatch(/contradict their group/);
    }
    for (const column of ['ZipCode', 'ProviderNumber', 'PhoneNumber']) {
      expect(statement(run, `\`${column}\` is a column of numbers`)).toMatch(/e\.g\. `\d*x/);
    }
  });
});

test('hospital, clean: only what is true of it', async () => {
  await runPlanner(task, [shared('hospital/clean.csv')], (run) => {
    expect(run.problems).toEqual([]);
    expect(run.statements.join('\n')).not.toMatch(
      /contradict|misspelt|no numbers|in different ways|extreme|looks like a key/,
    );
    expect(statement(run, '`Score`', '`empty`')).toContain('in 167 of 1,000 cells');
  });
});
