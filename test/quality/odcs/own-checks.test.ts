/** Every check of `engine: dpa`: the least that must be said, what follows from it, and what is told when it is wrong. */
import type { Check } from '../../../src/quality/check.ts';
import { ownKinds, type OwnKind } from '../../../src/quality/odcs/own-check-shapes.ts';
import { translate } from '../../../src/quality/odcs/translate.ts';

type Words = Record<string, unknown>;

const least: Readonly<Record<OwnKind, [said: Words, meant: Words]>> = {
  nullValues: [{ column: 'a' }, { column: 'a' }],
  missingValues: [
    { column: 'a', blank: true },
    { values: [], blank: true },
  ],
  acceptedValues: [
    { column: 'a', values: ['x', 1] },
    { values: ['x', 1], refused: false },
  ],
  pattern: [
    { column: 'a', pattern: '^x' },
    { pattern: '^x', refused: false },
  ],
  format: [{ column: 'a', format: 'uuid' }, { format: 'uuid' }],
  range: [
    { column: 'a', exclusiveMaximum: '2024-01-01', of: 'date' },
    { of: 'date', maximum: { value: '2024-01-01', exclusive: true } },
  ],
  length: [{ column: 'a', maximum: 3 }, { maximum: 3 }],
  typeConformity: [
    { column: 'a', logicalType: 'date', format: 'dd.MM.yyyy' },
    { logicalType: 'date', format: 'dd.MM.yyyy' },
  ],
  duplicateValues: [{ columns: ['a', 'b'] }, { columns: ['a', 'b'] }],
  foreignKey: [{ columns: ['a'], to: { table: 'u', columns: ['id'] } }, { to: { table: 'u', columns: ['id'] } }],
  functionalDependency: [
    { determinant: ['a'], column: 'b' },
    { determinant: ['a'], column: 'b' },
  ],
  rowExpression: [{ expression: 'a > b' }, { expression: 'a > b', columns: [] }],
  failedRows: [{ query: 'SELECT 1' }, { query: 'SELECT 1' }],
  personalData: [{ column: 'a' }, { column: 'a' }],
  rowCount: [{ mustBeGreaterThan: 0 }, { must: [{ kind: 'greater', value: '0' }] }],
  aggregate: [{ measure: { stddev: 'a' }, mustBeLessThan: 2 }, { measure: { kind: 'stddev', column: 'a' } }],
  freshness: [{ column: 'a', maxAge: '2d' }, { must: [{ kind: 'lessOrEqual', value: '172800' }] }],
  retention: [{ column: 'a', maxAge: '90d' }, { must: [{ kind: 'lessOrEqual', value: '7776000' }] }],
  reconcile: [
    { measure: { sum: 'a' }, with: { table: 'u', measure: { sum: 'id' } }, unit: 'percent', mustBeLessThan: 1 },
    { unit: 'percent', with: { table: 'u', measure: { kind: 'sum', column: 'id' } } },
  ],
  sequenceGaps: [
    { column: 'a', step: 'day' },
    { step: { kind: 'day' }, must: [{ kind: 'equal', value: '0' }] },
  ],
  schema: [{ against: 'baseline' }, { against: 'baseline', refused: ['added', 'removed', 'retyped', 'reordered'] }],
  volume: [{ maxDropPercent: 50 }, { maxDropPercent: '50', window: { points: 14, learning: 7, season: 'none' } }],
  anomaly: [{ measure: 'rowCount' }, { measure: { kind: 'rowCount' }, sensitivity: 3, direction: 'both' }],
  distributionDrift: [{ column: 'a' }, { method: 'psi', limit: '0.2', buckets: 10 }],
};

function translated(implementation: Words) {
  const columns = ['a', 'b'].map((name) => ({ name }));
  const rule = { id: 'r', type: 'custom', engine: 'dpa', implementation };
  const tables = [
    { name: 't', properties: columns, quality: [rule] },
    { name: 'u', properties: [{ name: 'id' }] },
  ];
  const head = { apiVersion: 'v3.2.0', kind: 'DataContract', id: 'c', version: '1' };
  return translate({ ...head, schema: tables }, () => undefined);
}

function checkOf(implementation: Words): Check | undefined {
  const result = translated(implementation);
  if (result.kind === 'faulty') throw new Error(JSON.stringify(result.problems));
  return result.contract.checks.find(({ id }) => id === 'r');
}

function problemsOf(implementation: Words): string[] {
  const result = translated(implementation);
  return result.kind === 'faulty' ? result.problems.map(({ message }) => message) : [];
}

test.each(ownKinds.map((kind) => [kind, ...least[kind]] as const))('%s', (kind, said, meant) => {
  expect(checkOf({ check: kind, ...said })).toMatchObject({ kind, table: 't', ...meant });
  expect(checkOf({ check: kind, ...said, filter: 'a = 1' })).toMatchObject({ filter: 'a = 1' });
  expect(problemsOf({ check: kind, ...said, colunm: 'a' })).toEqual([expect.stringMatching(/^unknown key "colunm"/)]);
});

test.each<[string, Words, RegExp]>([
  [
    'a column that is not there',
    { check: 'nullValues', column: 'aa' },
    /table t has no column "aa"\. Did you mean a\?/,
  ],
  ['no column', { check: 'nullValues' }, /the key column is missing: name one, or put the rule under a column/],
  ['no word of what must be', { check: 'rowCount' }, /nothing is said of what the number must be/],
  [
    'a table that is not there',
    { check: 'foreignKey', columns: ['a'], to: { table: 'uu', columns: ['id'] } },
    /no table "uu"\. Did you mean u\?/,
  ],
  [
    'ends of different length',
    { check: 'foreignKey', columns: ['a', 'b'], to: { table: 'u', columns: ['id'] } },
    /as many columns here \(2\) as there \(1\)/,
  ],
  [
    'no span of time',
    { check: 'freshness', column: 'a', maxAge: 'soon' },
    /a time such as 30m, 36h or 2d, found "soon"/,
  ],
  [
    'two measures',
    { check: 'anomaly', measure: { sum: 'a', average: 'b' } },
    /expected one of .*found average and sum/,
  ],
  ['a quantile of nothing', { check: 'aggregate', measure: { quantile: 'a' }, mustBe: 1 }, /the key at is missing/],
  ['limits turned round', { check: 'rowCount', mustBeBetween: [5, 1] }, /two numbers, the smaller one first/],
  ['a volume without a limit', { check: 'volume' }, /maxDropPercent, maxGrowthPercent or both/],
])('%s is told', (_name, implementation, message) => {
  expect(problemsOf(implementation).join('; ')).toMatch(message);
});
