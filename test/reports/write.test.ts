import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerText } from '../../src/reports/answer.ts';
import { resultDocument } from '../../src/reports/json.ts';
import { writeReportFiles } from '../../src/reports/write.ts';
import { sampleReport } from './sample.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-report-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('three files are written, whole, with nothing left beside them; writing again replaces them', async () => {
  const target = join(folder, 'reports', 'a-1');
  const paths = await writeReportFiles(target, sampleReport({ task: 'First' }));
  await writeReportFiles(target, sampleReport());
  expect((await readdir(target)).sort()).toEqual(['report.html', 'report.md', 'result.json']);
  expect(await readFile(paths.html, 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  expect(await readFile(paths.markdown, 'utf8')).toContain('Analyze customer churn');
  expect(JSON.parse(await readFile(paths.json, 'utf8'))).toEqual(resultDocument(sampleReport(), paths));
});

test('a folder that cannot be made is said in a sentence, with the code of the system', async () => {
  const file = join(folder, 'file');
  await writeFile(file, 'x');
  const written = writeReportFiles(join(file, 'a-1'), sampleReport());
  await expect(written).rejects.toMatchObject({
    code: 'ENOTDIR',
    message: expect.stringMatching(/Expected to write the report into .* move it away\.$/),
  });
  expect(await readFile(file, 'utf8')).toBe('x');
});

test('a name that is taken by a folder leaves no half-written file', async () => {
  await writeReportFiles(join(folder, 'a', 'report.md'), sampleReport());
  await expect(writeReportFiles(join(folder, 'a'), sampleReport())).rejects.toMatchObject({
    code: expect.stringMatching(/^E/),
  });
  expect(await readdir(join(folder, 'a'))).toEqual(['report.md']);
});

test('the result document has the promised keys and no others', () => {
  const document = resultDocument(sampleReport(), { markdown: 'm', html: 'h' });
  expect(Object.keys(document)).toEqual([
    'schema',
    'id',
    'runId',
    'status',
    'exitCode',
    'task',
    'answer',
    'report',
    'findings',
    'evidence',
    'datasets',
    'steps',
    'modelCalls',
    'toolCalls',
    'usage',
    'startedAt',
    'endedAt',
    'uiUrl',
  ]);
  expect(document.schema).toBe('dpa.analysis/1');
  expect(document.findings[1]).toEqual({
    statement: 'In `2025-12` 657 customers left, 31.4 % more than in `2025-11`.',
    value: 657,
    unit: 'count',
    evidence: [document.evidence[1]!.ref],
  });
  expect(Object.keys(document.evidence[0]!)).toEqual(['ref', 'tool', 'query', 'rows', 'resultHash']);
});

test('the answer is the headline, a line per finding, and the limits', () => {
  const lines = answerText(sampleReport({ ending: 'The limit of steps was reached.' })).split('\n');
  expect(lines.slice(0, 2)).toEqual(['The limit of steps was reached.', expect.stringMatching(/^Customers who need/)]);
  expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(8);
  expect(lines.find((line) => line.startsWith('- Note: '))).toContain('6,680');
});
