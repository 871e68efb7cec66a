/** Quantities come from cells, or there is none. */
import { findTools, tableOf } from '../../../src/llm/builtin/catalog.ts';
import { asCount, asPercent, cell, derived, finding, quoted } from '../../../src/llm/builtin/quantities.ts';
import type { Reply } from '../../../src/llm/builtin/script.ts';
import { ident, literal } from '../../../src/llm/builtin/sql.ts';

const reply: Reply = {
  call: 't1c0',
  ok: true,
  value: {
    ok: true,
    data: {
      columns: [
        { name: 'k', type: 'BIGINT' },
        { name: 'n', type: 'BIGINT' },
      ],
      rows: [
        ['12', 40],
        [null, 0],
      ],
    },
  },
};

test('a cell is read with its source, and a derived number names all its cells', () => {
  const k = cell(reply, 0, 'k', asCount);
  const n = cell(reply, 0, 'n', asCount);
  expect(k).toEqual({ value: 12, format: asCount, source: { kind: 'cell', call: 't1c0', row: 0, column: 'k' } });
  const share = derived('share', [k, n], asPercent);
  expect(share?.value).toBeCloseTo(0.3, 12);
  expect(share?.source).toEqual({ kind: 'derived', op: 'share', of: [k?.source, n?.source] });
});

test('a missing number leaves no finding, a wrong operand count is a bug', () => {
  expect(cell(reply, 1, 'k', asCount)).toBeUndefined();
  expect(cell(reply, 0, 'other', asCount)).toBeUndefined();
  expect(finding('key', '{0}', [cell(reply, 1, 'k', asCount)])).toEqual([]);
  expect(derived('share', [cell(reply, 0, 'k', asCount), cell(reply, 1, 'n', asCount)], asPercent)).toBeUndefined();
  expect(() => derived('share', [cell(reply, 0, 'k', asCount)], asPercent)).toThrow('takes 2 numbers');
});

test('failures and previews hold no table', () => {
  expect(tableOf({ call: 'x', ok: false, value: { ok: false, error: { message: 'no' } } })).toBeUndefined();
  expect(tableOf({ call: 'x', ok: true, value: { ok: true, preview: '…', ref: 'r' } })).toBeUndefined();
  expect(tableOf({ call: 'x', ok: true, value: 'text' })).toBeUndefined();
});

test('quoting keeps names and values in their place', () => {
  expect(ident('a"b')).toBe('"a""b"');
  expect(literal("it's")).toBe("'it''s'");
  expect(quoted('x`{0}`y')).toMatch(/^`[^`]*`$/);
});

test('tools are found by suffix, and only when one server has all five', () => {
  const all = ['list_datasets', 'describe_dataset', 'sample_rows', 'profile_dataset', 'query'];
  expect(findTools(all.map((name) => spec(`lake__${name}`)))?.query).toBe('lake__query');
  expect(findTools([spec('a__list_datasets'), ...all.slice(1).map((name) => spec(`b__${name}`))])).toBeUndefined();
});

function spec(name: string) {
  return { name, description: '', inputSchema: {} };
}
