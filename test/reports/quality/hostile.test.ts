import { qualityHtml } from '../../../src/reports/quality/html.ts';
import { qualityMarkdown } from '../../../src/reports/quality/markdown.ts';
import { fullRun } from './full-run.ts';

const hostile =
  '"><script>alert(1)</script><img src=x onerror="alert(2)"></style></pre> | a | `b` ``` \u0000\u001B[31m\u202Egnp.exe [x](javascript:alert(3)) https://evil.example # * _ \uD800 & &lt;\n\n## Heading\n| x |';

test('in report.html hostile text stays text, wherever it stands', () => {
  const html = qualityHtml(fullRun(hostile));
  const calm = qualityHtml(fullRun('calm'));
  expect(tagsOf(html)).toEqual(tagsOf(calm));
  expect(html.split('</style>')).toHaveLength(2);
  // No attribute of the text's own, and no address but places in the page.
  const tags = html.match(/<[a-z][^>]*>/g) ?? [];
  expect(tags.filter((tag) => /\son\w+=|javascript:/.test(tag.replaceAll(/"[^"]*"/g, '""')))).toEqual([]);
  expect(tags.filter((tag) => /href="(?!#)/.test(tag))).toEqual([]);
  expect(/(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u.test(html)).toBe(false);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('a broken check leads to its card, and every place in the page is one', () => {
  const html = qualityHtml(fullRun('calm'));
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(2);
  for (const target of targets) expect(html.split(`id="${target}"`)).toHaveLength(2);
});

test('in report.md tables keep their columns, fences hold, and nothing is HTML, a heading or a link', () => {
  const calm = outsideOfBlocks(qualityMarkdown(fullRun('calm')));
  const lines = outsideOfBlocks(qualityMarkdown(fullRun(hostile)));
  expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(calm.filter((line) => line.startsWith('#')).length);
  expect(lines.filter((line) => line.startsWith('|')).map(columnsOf)).toEqual(
    calm.filter((line) => line.startsWith('|')).map(columnsOf),
  );
  const words = lines.map((line) => line.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')).join('\n');
  expect(words).not.toMatch(/(?<!\\)<(?!br>)[a-z/]/i);
  expect(words).not.toMatch(/(?<!\\)\]\(/);
});

/** How often each element begins. */
function tagsOf(html: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, name = ''] of html.matchAll(/<([a-z0-9]+)/gi)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function outsideOfBlocks(markdown: string): string[] {
  let fence: string | undefined;
  return markdown.split('\n').filter((line) => {
    const [mark] = /^`{3,}/.exec(line) ?? [];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && line === fence) fence = undefined;
    else return fence === undefined;
    return false;
  });
}

function columnsOf(line: string): number {
  return line.replaceAll(/\\\|/g, '').split('|').length;
}
