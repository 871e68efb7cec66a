import { reportHtml } from '../../src/reports/html.ts';
import type { Report } from '../../src/reports/report.ts';
import { builtinModel } from '../../src/reports/report.ts';
import { hostileReport } from './hostile.ts';
import { sampleReport } from './sample.ts';

test('the page allows no script and nothing from outside, and has none', () => {
  const html = reportHtml(sampleReport());
  expect(html).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
  );
  expect(html.match(/<meta http-equiv/g)).toHaveLength(1);
  expect(html).not.toMatch(/<script|javascript:|\son\w+=|@import|url\(/i);
  expect(html.match(/(?:https?:)?\/\/[\w.]+/g)).toEqual(['http://127.0.0.1']);
});

test('every number links to an entry of the evidence that exists, with its query and hash', () => {
  const report = sampleReport();
  const html = reportHtml(report);
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThanOrEqual(15);
  for (const target of new Set(targets)) expect(html.split(`id="${target}"`)).toHaveLength(2);
  const numbers = html.match(/<a class="number" href="#e\d+"/g);
  expect(numbers).toHaveLength(report.findings.flatMap((finding) => finding.quantities).length);
  for (const { resultHash } of report.evidence) expect(html).toContain(resultHash);
  expect(html.match(/<pre tabindex="0">SELECT /g)).toHaveLength(report.evidence.length);
});

test('ids are unique, so that links and the names of charts lead to one place', () => {
  const ids = [...reportHtml(sampleReport()).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('c0-t');
});

test('cited cells are marked, a gap between rows is shown', () => {
  const html = reportHtml(sampleReport());
  expect(html).toContain('<mark>1387</mark>');
  expect(html).toContain('⋮');
  expect(html).toContain('2 more rows, not shown.');
});

test('the builtin planner is named as no language model, a model by its id', () => {
  expect(reportHtml(sampleReport())).toContain('No language model was used');
  const html = reportHtml(
    sampleReport({
      model: 'some-model',
      usage: { inputTokens: 12000, cachedInputTokens: 0, outputTokens: 345, costUsd: 0.0123 },
    }),
  );
  expect(html).toContain('Model: some-model.');
  expect(html).toContain('12,345 tokens, 0.012 USD');
  expect(html).not.toContain('No language model');
});

test('why it ended early is said at the top', () => {
  const html = reportHtml(sampleReport({ ending: 'The limit of 3 steps was reached.' }));
  expect(html.indexOf('The limit of 3 steps')).toBeLessThan(html.indexOf('Key findings'));
});

test('struck findings are counted with their reason, their statement is not shown', () => {
  const report: Report = {
    ...sampleReport(),
    findings: [],
    evidence: [],
    struck: [{ severity: 'key', problems: ['quantity 0 is given as 5, its source comes to `4`.'] }],
  };
  const html = reportHtml(report);
  expect(html).toContain('1 finding left out because the check of it failed.');
  expect(html).toContain('its source comes to <code>4</code>');
  expect(html).not.toContain('Key findings');
});

test('hostile text comes out as text, wherever it stands', () => {
  const html = reportHtml(hostileReport());
  const harmless = elements(reportHtml(sampleReport()));
  expect(elements(html).filter((name) => !['ul', ...harmless].includes(name))).toEqual([]);
  expect(html.split('</style>')).toHaveLength(2);
  expect(html.split('<main>')).toHaveLength(2);
  // Inside a tag no attribute of the text's own; control and direction characters are gone, line breaks may stay.
  const tags = html.match(/<[a-z][^>]*>/g) ?? [];
  expect(tags.filter((tag) => /\son\w+=|javascript:/.test(tag.replaceAll(/"[^"]*"/g, '""')))).toEqual([]);
  expect(tags.filter((tag) => /href="(?!#)/.test(tag))).toEqual([]);
  expect(/(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u.test(html)).toBe(false);
  expect(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;')).toBe(true);
});

test('an empty report is still a page', () => {
  const html = reportHtml({
    ...sampleReport(),
    findings: [],
    evidence: [],
    datasets: [],
    limits: [],
    plan: null,
    model: builtinModel,
  });
  expect(html).toContain('The report holds no numbers.');
  expect(html).not.toContain('<h2>Evidence');
  expect(html.trimEnd().endsWith('</main></body></html>')).toBe(true);
});

function elements(page: string): string[] {
  return [...new Set([...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name = '']) => name))].sort();
}
