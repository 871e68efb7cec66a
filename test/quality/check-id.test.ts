/** Ids of checks: what keeps them, what changes them. */
import { withIds, type CheckDraft } from '../../src/quality/check-id.ts';

const range: CheckDraft = {
  kind: 'range',
  name: 'amount in range',
  table: 'orders',
  column: 'amount',
  of: 'number',
  minimum: { value: '0', exclusive: false },
  threshold: { unit: 'rows', must: [{ kind: 'equal', value: '0' }] },
  severity: 'error',
  dimension: 'conformity',
  tags: [],
  source: 'schema[0].quality[0]',
};

function idsOf(draft: CheckDraft) {
  const [{ id, definitionHash } = { id: '', definitionHash: '' }] = withIds('shop', [draft]);
  return { id, definitionHash };
}

test('a new name, place, owner or severity keeps both ids', () => {
  const moved = { ...range, name: 'x', source: 'schema[3]', owner: 'sales', severity: 'warning' as const };
  expect(idsOf(moved)).toEqual(idsOf(range));
});

test('another threshold keeps the id and changes the definition', () => {
  const looser: CheckDraft = { ...range, threshold: { unit: 'percent', must: [{ kind: 'less', value: '1' }] } };
  expect(idsOf(looser).id).toBe(idsOf(range).id);
  expect(idsOf(looser).definitionHash).not.toBe(idsOf(range).definitionHash);
});

test('another column, bound or table changes both', () => {
  for (const other of [
    { ...range, column: 'price' },
    { ...range, table: 'invoices' },
    { ...range, minimum: { value: '0', exclusive: true } },
    { ...range, filter: "state = 'open'" },
  ]) {
    expect(idsOf(other).id).not.toBe(idsOf(range).id);
    expect(idsOf(other).definitionHash).not.toBe(idsOf(range).definitionHash);
  }
});

test('the order of keys says nothing; the same rule twice has two ids; the contract’s own id wins', () => {
  const turned = Object.fromEntries(Object.entries(range).toReversed()) as CheckDraft;
  expect(idsOf(turned)).toEqual(idsOf(range));
  const { id } = idsOf(range);
  const own = new Map([['there', 'amount-range']]);
  expect(withIds('shop', [range, range, { ...range, source: 'there' }], own).map((check) => check.id)).toEqual([
    id,
    `${id}-2`,
    'amount-range',
  ]);
});
