/** Contract files as people write them: what becomes a check, and where each fault is said to stand. */
import { contractIn } from '../../src/contracts/read-contract.ts';
import type { Check } from '../../src/quality/check.ts';

const head = `apiVersion: v3.2.0
kind: DataContract
id: c
version: 1.0.0
status: active
`;

function checksOf(body: string, top = head): readonly Check[] {
  const read = contractIn(`${top}${body}`, 'c.yaml');
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  return read.contract.checks;
}

function faultsOf(text: string): string[] {
  const read = contractIn(text, 'c.yaml');
  return read.kind === 'faulty' ? read.faults.map((f) => `${f.line}:${f.column} ${f.message}`) : [];
}

const without = ({ id, definitionHash, source, ...rest }: Check) => {
  expect(`${id} ${definitionHash}`).not.toContain('undefined');
  expect(source).not.toBe('');
  return rest;
};

test('what a column says of itself becomes checks; digits stay as written', () => {
  const checks = checksOf(`schema:
  - name: t
    properties:
      - name: amount
        physicalName: amt
        logicalType: number
        required: true
        unique: true
        logicalTypeOptions:
          minimum: 0.10
          exclusiveMaximum: 12345678901234567890.5
      - name: code
        logicalType: string
        logicalTypeOptions: { minLength: 2, pattern: '^[A-Z]+$', format: uuid }
        enum: [{ value: AB }, { value: CD }]
`);
  const threshold = { unit: 'rows', must: [{ kind: 'equal', value: '0' }] };
  expect(checks.map(({ kind }) => kind)).toEqual([
    'schema',
    'nullValues',
    'duplicateValues',
    'typeConformity',
    'range',
    'length',
    'pattern',
    'format',
    'acceptedValues',
  ]);
  expect(checks[1]).toMatchObject({ column: 'amt', table: 't', threshold });
  expect(checks[4]).toMatchObject({
    of: 'number',
    minimum: { value: '0.10', exclusive: false },
    maximum: { value: '12345678901234567890.5', exclusive: true },
  });
  expect(checks[8]).toMatchObject({ values: ['AB', 'CD'], refused: false });
});

test('rules of the library, in SQL and our own become checks; the rest is listed', () => {
  const read = contractIn(
    `${head}schema:
  - name: t
    properties:
      - name: a
        logicalType: string
        quality:
          - { id: few-nulls, metric: nullValues, unit: percent, mustBeLessOrEqualTo: 2.50, severity: warning }
          - { metric: invalidValues, arguments: { validValues: [x, y] }, mustBe: 0 }
          - type: custom
            engine: dpa
            implementation: { check: functionalDependency, determinant: [b] }
            customProperties: [{ property: dpa.owner, value: sales }, { property: dpa.filter, value: "b > 1" }]
      - name: b
        logicalType: integer
    quality:
      - { metric: duplicateValues, arguments: { properties: [a, b] }, mustBe: 0 }
      - { type: sql, query: "SELECT count(*) FROM {table}", mustBeBetween: [1, 10] }
      - { type: text, description: be nice }
      - { type: custom, engine: soda, implementation: "x" }
      - { type: custom, engine: dpa, implementation: { check: anomaly, measure: { quantile: b, at: 0.95 }, season: dayOfWeek } }
slaProperties:
  - { property: latency, value: 36, unit: h, element: t.b }
  - { property: support, value: 9-17 }
  - { property: retention, value: 2, unit: y, element: t.b }
`,
    'c.yaml',
  );
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  const { checks, unchecked } = read.contract;
  expect(checks.find(({ id }) => id === 'few-nulls')).toMatchObject({
    kind: 'nullValues',
    severity: 'warning',
    threshold: { unit: 'percent', must: [{ kind: 'lessOrEqual', value: '2.50' }] },
  });
  expect(checks.map(without).find(({ kind }) => kind === 'functionalDependency')).toMatchObject({
    column: 'a',
    determinant: ['b'],
    owner: 'sales',
    filter: 'b > 1',
  });
  expect(checks.find(({ kind }) => kind === 'sql')).toMatchObject({ query: 'SELECT count(*) FROM ${table}' });
  expect(checks.find(({ kind }) => kind === 'anomaly')).toMatchObject({
    measure: { kind: 'quantile', column: 'b', quantile: 0.95 },
    window: { points: 28, learning: 7, season: 'dayOfWeek' },
  });
  expect(checks.find(({ kind }) => kind === 'freshness')).toMatchObject({
    must: [{ kind: 'lessOrEqual', value: '129600' }],
  });
  expect(checks.find(({ kind }) => kind === 'retention')).toMatchObject({
    must: [{ kind: 'lessOrEqual', value: '63115200' }],
  });
  expect(unchecked.map(({ source }) => source)).toEqual([
    'schema[0].quality[2]',
    'schema[0].quality[3]',
    'slaProperties[1]',
  ]);
});

test('3.0 is read as it was: rule for metric, a switch for exclusive limits', () => {
  const checks = checksOf(
    `schema:
  - name: t
    properties:
      - name: a
        logicalType: integer
        logicalTypeOptions: { minimum: 1, exclusiveMinimum: true }
        quality:
          - { type: library, rule: duplicateCount, mustBeLessThan: 10, unit: rows }
          - { type: library, rule: validValues, validValues: [1, 2], mustBe: 0 }
`,
    head.replace('v3.2.0', 'v3.0.2'),
  );
  expect(checks.find(({ kind }) => kind === 'range')).toMatchObject({ minimum: { value: '1', exclusive: true } });
  expect(checks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['duplicateValues', 'acceptedValues']));
});

test('keys and references look at what they refer to', () => {
  const checks = checksOf(`schema:
  - name: orders
    properties:
      - { name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 2 }
      - { name: shop, logicalType: integer, primaryKey: true, primaryKeyPosition: 1 }
      - { name: customer, logicalType: integer, relationships: [{ to: customers.id }] }
  - name: customers
    properties:
      - { name: id, logicalType: integer }
`);
  expect(checks.find(({ kind }) => kind === 'duplicateValues')).toMatchObject({ columns: ['shop', 'id'] });
  expect(checks.find(({ kind }) => kind === 'foreignKey')).toMatchObject({
    columns: ['customer'],
    to: { table: 'customers', columns: ['id'] },
  });
});

test.each<[string, string, RegExp[]]>([
  ['a misspelt key', `${head}schemas: []\n`, [/^6:1 unknown key "schemas"\. Did you mean schema\?$/]],
  ['a number for text', head.replace('1.0.0', '1.0'), [/^4:10 expected text, found 1\. Put it in quotes$/]],
  ['another version', head.replace('v3.2.0', 'v2.2.2'), [/^1:13 expected one of v3\.2\.0.*found "v2\.2\.2"/]],
  ['a broken document', `${head}schema: [\n`, [/^\d+:\d+ .*/]],
  ['the same key twice', `${head}id: d\n`, [/^6:1 Map keys must be unique/]],
  [
    'a rule about a column that is not there',
    `${head}schema:\n  - name: t\n    properties: [{ name: amount, logicalType: number }]\n    quality:\n      - { metric: duplicateValues, arguments: { properties: [amuont] }, mustBe: 0 }\n`,
    [/^10:62 table t has no column "amuont"\. Did you mean amount\?$/],
  ],
  [
    'a misspelt check of ours',
    `${head}schema:\n  - name: t\n    quality:\n      - type: custom\n        engine: dpa\n        implementation: { check: rowExpresion, expression: x }\n`,
    [/^11:34 expected a known word, found "rowExpresion"\. Did you mean rowExpression\?$/],
  ],
  [
    'a misspelt property of ours on the contract',
    `${head}customProperties:\n  - { property: dpa.onFailiure, value: investigate }\n`,
    [/unknown property dpa\.onFailiure\. Did you mean dpa\.onFailure\?$/],
  ],
  [
    'a misspelt step after a failure',
    `${head}customProperties:\n  - { property: dpa.onFailure, value: [quarantin] }\n`,
    [/expected investigate, quarantine, or both in a list, found "quarantin"\. Did you mean quarantine\?$/],
  ],
  ['an empty file', '', [/^1:1 expected keys with values, found nothing$/]],
  [
    'two comparisons',
    `${head}schema: [{ name: t, quality: [{ metric: rowCount, mustBe: 1, mustBeLessThan: 2 }] }]\n`,
    [/expected one of/],
  ],
])('%s is told with its place', (_name, text, expected) => {
  const faults = faultsOf(text);
  expect(faults).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(faults[index]).toMatch(pattern);
});

test('a document that would grow without end is refused', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`).join('\n');
  expect(faultsOf(`a0: &a0 [1]\n${levels}\n`)[0]).toMatch(/alias/i);
  expect(faultsOf('['.repeat(100_000)).length).toBeGreaterThan(0);
});
