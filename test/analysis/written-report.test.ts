import { reportInText } from '../../src/analysis/written-report.ts';

const report = { headline: 'Sales were counted.', findings: [], limits: [] };

test.each([
  ['alone', JSON.stringify(report)],
  ['with blanks', `\n ${JSON.stringify(report, null, 2)}\n`],
  ['in a fence', `\`\`\`json\n${JSON.stringify(report)}\n\`\`\``],
])('a report that was written %s is found', (_, text) => {
  expect(reportInText(text)).toEqual({ kind: 'valid', submission: report });
});

test.each([
  ['words', 'There are three sales.'],
  ['words around JSON', `Here it is: ${JSON.stringify(report)}`],
  ['other JSON', '{"answer": 3}'],
  ['nothing', ''],
])('%s are no report', (_, text) => {
  expect(reportInText(text)).toBeUndefined();
});

test('what is wrong with it is said', () => {
  expect(reportInText('{"headline": "x", "findings": [{}], "limits": []}')).toMatchObject({
    kind: 'invalid',
    problems: expect.arrayContaining([expect.stringContaining('findings[0]')]),
  });
  expect(reportInText('{"headline": "x", "findings": [}')).toMatchObject({
    kind: 'invalid',
    problems: [expect.stringContaining('not valid JSON')],
  });
});
