/** The page of failures and the table of failures say the same, both ways. */
import { readFileSync } from 'node:fs';
import { exitCode } from '../src/command-error.ts';
import { failures, type FailureType } from '../src/analysis/failures.ts';
import { modelRetryPolicy } from '../src/analysis/model-retries.ts';

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n'))]),
);

test('every failure has its heading, and no heading is unknown', () => {
  expect([...sections.keys()].sort()).toEqual(Object.keys(failures).sort());
});

test.each(Object.entries(failures))(
  '%s says what happened, whether it is retried, and what to do',
  (type, { retried, meaning }) => {
    const section = sections.get(type) ?? '';
    expect(section).toContain(meaning);
    expect(section).toContain(retried ? '**Tried again**: yes' : '**Tried again**: no');
    expect(section).toMatch(/\*\*What to do\*\*: \S.{20,}/);
  },
);

test.each(Object.keys(failures).filter((type) => type.startsWith('Model.')) as FailureType[])(
  '%s: the attempts that the page promises are made',
  (type) => {
    const [, said] = /\*\*Tried again\*\*: yes, (\d+) attempts/.exec(sections.get(type) ?? '') ?? [];
    expect(Number(said ?? 1)).toBe(failures[type].retried ? modelRetryPolicy(type).attempts : 1);
  },
);

test('every exit code of the program is in the table', () => {
  const table = page.slice(page.indexOf('## Exit codes'));
  for (const code of [0, 3, 7, ...Object.values(exitCode)]) expect(table).toMatch(new RegExp(`^\\| ${code} +\\|`, 'm'));
});
