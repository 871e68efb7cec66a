import * as fc from 'fast-check';
import { reportMarkdown } from '../../src/reports/markdown.ts';
import { codeBlock, codeSpan, markdownText } from '../../src/reports/markdown-text.ts';
import { textBars } from '../../src/reports/text-bars.ts';
import { hostileReport } from './hostile.ts';
import { sampleReport } from './sample.ts';

test('statements, numbers with links, evidence and the way it was done are all there', () => {
  const markdown = reportMarkdown(sampleReport());
  expect(markdown).toMatch(/^# Customers who need support leave/);
  expect(markdown).toContain('In `2025-12` [**657**](#e2) customers left, [**31.4 %**](#e2) more than in `2025-11`.');
  expect(markdown).toContain('### E4');
  expect(markdown).toContain('```\nSELECT tickets, customers');
  expect(markdown).toContain('- [x] Compare churn across segments');
  expect(markdown).toContain('No language model was used');
  expect(markdown).toContain('| 4 | 6 or more | **3725** | **1387** | 0.37234899 |');
  for (const [, anchor = ''] of markdown.matchAll(/\(#(e\d+)\)/g))
    expect(markdown).toContain(`### ${anchor.toUpperCase()}\n`);
});

test('hostile text stays text: tables keep their columns, fences hold, no HTML and no links', () => {
  const lines = reportMarkdown(hostileReport()).split('\n');
  const outside = withoutBlocks(lines);
  expect(outside.filter((line) => /<(?!http:)/.test(withoutCode(line)))).toEqual([]);
  expect(outside.filter((line) => line.startsWith('#')).map((line) => line.split(' ')[0])).not.toContain('####');
  expect(outside.some((line) => line === '## Heading')).toBe(false);
  expect(outside.map(withoutCode).join('\n')).not.toMatch(/\]\(javascript|:\/\/evil/);
  const header = outside.findIndex((line) => line.startsWith('| row |'));
  expect(columns(outside[header + 2]!)).toBe(columns(outside[header]!));
});

test('a code block cannot be ended from inside, a code span neither', () => {
  expect(codeBlock('a\n````\nb')).toBe('`````\na\n````\nb\n`````');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', ' ', '|') }), (text) => {
      const block = codeBlock(text).split('\n');
      const fence = block[0]!;
      expect(block.slice(1, -1).some((line) => line.trim().startsWith(fence))).toBe(false);
      const span = codeSpan(text);
      const [opening = ''] = /^`+/.exec(span) ?? [];
      expect(span.slice(opening.length, -opening.length).split(/[^`]+/)).not.toContain(opening);
      expect(span).not.toMatch(/[\n|]/);
    }),
  );
});

test.each([
  ['a|b', 'a\\|b'],
  ['# x', '\\# x'],
  ['1. x', '1\\. x'],
  ['1.5 x', '1.5 x'],
  ['- x', '\\- x'],
  ['-3 x', '-3 x'],
  ['a\n\nb', 'a b'],
  ['see https://evil.example', 'see https\\://evil.example'],
])('%p is written %p', (text, expected) => {
  expect(markdownText(text)).toBe(expected);
});

test('bars of text keep their columns; negative ones look different, missing ones have none', () => {
  const points = [
    { label: 'a', value: 10 },
    { label: 'long one', value: -5 },
    { label: 'c', value: null },
  ];
  const text = textBars({ kind: 'bars', title: '', format: { style: 'count' }, call: 'x', points, left: 4 });
  expect(text.split('\n')).toEqual([
    `a          10  ${'█'.repeat(30)}`,
    `long one   -5  ${'░'.repeat(15)}`,
    'c         n/a',
    'and 4 more',
  ]);
});

function withoutCode(line: string): string {
  return line.replaceAll(/\\[^\w\s]/g, '').replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
}

function columns(line: string): number {
  return line.split(/(?<!\\)\|/).length;
}

function withoutBlocks(lines: readonly string[]): string[] {
  let fence = '';
  return lines.filter((line) => {
    const [mark = ''] = /^`{3,}$/.exec(line) ?? [];
    if (fence === '' && mark !== '') {
      fence = mark;
      return false;
    }
    if (fence !== '') {
      if (mark === fence) fence = '';
      return false;
    }
    return true;
  });
}
