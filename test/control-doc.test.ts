/** The table of transitions in docs/control.md is the one that the code makes; `DPA_WRITE_DOCS=1` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { transitionTable } from './support/transition-table.ts';

const page = new URL('../docs/control.md', import.meta.url);
const heading = '## States and events';

test('the page shows every transition of the state machine, and no other', () => {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf('| event', text.indexOf(heading));
  const to = text.indexOf('\n\n', from) < 0 ? text.length : text.indexOf('\n\n', from);
  const table = transitionTable();
  if (process.env['DPA_WRITE_DOCS'] === '1') writeFileSync(page, `${text.slice(0, from)}${table}${text.slice(to)}`);
  expect(rowsOf(readFileSync(page, 'utf8').slice(from))).toEqual(rowsOf(table));
});

/** Cells without the spaces that the formatter puts around them. */
function rowsOf(text: string): string[][] {
  const table = text.slice(0, text.indexOf('\n\n') < 0 ? undefined : text.indexOf('\n\n'));
  return table
    .trim()
    .split('\n')
    .filter((line) => !/^\|\s*-/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}
