import { azureAnnotations, githubAnnotations, gitlabCodeQuality } from '../../../src/reports/quality/annotations.ts';
import { visible } from '../../../src/reports/escape.ts';
import { checkOf, hostile, runOf, verdicts } from './sample-run.ts';

const each = runOf(verdicts.map((verdict) => checkOf(verdict)));
const hostileRun = runOf([
  checkOf('failed', { name: hostile.name, reason: hostile.reason, place: { file: hostile.file, line: 3 } }),
]);

test('GitHub: what failed and what was not evaluated are errors beside their rules, warnings are warnings', () => {
  expect(githubAnnotations(each)).toEqual([
    '::error file=contracts/orders.odcs.yaml,line=12,title=orders%3A The failed one::It failed.',
    '::error file=contracts/orders.odcs.yaml,line=12,title=orders%3A The error one::It error.',
    '::warning file=contracts/orders.odcs.yaml,line=12,title=orders%3A The warning one::It warning.',
  ]);
});

test('GitHub: no text ends a property, a line or the message', () => {
  const [line = '', ...more] = githubAnnotations(hostileRun);
  expect(more).toEqual([]);
  expect(line).not.toMatch(/[\r\n]/);
  const [, properties = '', message] = /^::error (.*?)::(.*)$/s.exec(line) ?? [];
  const read = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  expect(properties.split(',').map((property) => read(property.slice(property.indexOf('=') + 1)))).toEqual([
    hostile.file,
    '3',
    visible(`orders: ${hostile.name}`),
  ]);
  expect(read(message ?? '')).toBe(visible(hostile.reason));
});

test('GitHub shows ten of a level: the last one says how many more there are', () => {
  const many = runOf(Array.from({ length: 25 }, (_, index) => checkOf('failed', { id: `check-${index}` })));
  const lines = githubAnnotations(many);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('::error title=16 more::16 more checks need somebody: see the report.');
});

test('Azure: issues with their places, and no text that is a command of its own', () => {
  expect(azureAnnotations(each)[0]).toBe(
    '##vso[task.logissue type=error;sourcepath=contracts/orders.odcs.yaml;linenumber=12;code=range;]orders: The failed one: It failed.',
  );
  const [line = ''] = azureAnnotations(hostileRun);
  expect(line).not.toMatch(/[\r\n]/);
  const [, properties = '', message = ''] = /^##vso\[task\.logissue ([^\]]*)\](.*)$/s.exec(line) ?? [];
  expect(properties.split(';')[1]).toBe('sourcepath=contracts/a, b: 100%AZP25%3B%5D.yaml');
  expect(message).not.toMatch(/##vso\[[^\]]*\]/);
});

test('GitLab: one issue for each check, its fingerprint the same in the next run', () => {
  const issues = JSON.parse(gitlabCodeQuality(each)) as Record<string, unknown>[];
  expect(issues.map(({ severity }) => severity)).toEqual(['major', 'critical', 'minor']);
  expect(issues[0]).toEqual({
    description: 'orders: The failed one: It failed.',
    check_name: 'range',
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    severity: 'major',
    location: { path: 'contracts/orders.odcs.yaml', lines: { begin: 12 } },
  });
  const prints = (text: string) =>
    (JSON.parse(text) as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint);
  const nextRun = runOf(verdicts.map((verdict) => checkOf(verdict, { reason: 'Other numbers.' })));
  expect(prints(gitlabCodeQuality(nextRun))).toEqual(prints(gitlabCodeQuality(each)));
  expect(new Set(prints(gitlabCodeQuality(each))).size).toBe(3);
  expect(gitlabCodeQuality(runOf([checkOf('passed')]))).toBe('[]\n');
});
