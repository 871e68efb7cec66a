/** Rules of dbt, Great Expectations and Soda as contracts: what becomes which check, and that nothing gets lost. */
import { contractIn } from '../../../src/contracts/read-contract.ts';
import { contractYaml } from '../../../src/contracts/write-contract.ts';
import { parseYaml } from '../../../src/contracts/yaml-document.ts';
import type { Contract } from '../../../src/quality/contract.ts';
import { importRules, type LeftOver } from '../../../src/quality/import/import.ts';

type Carried = { readonly contract: Contract; readonly left: readonly LeftOver[] };

/** As the command does it: written out and read again. */
function carried(text: string): Carried {
  const document = parseYaml(text);
  if (document.kind === 'problem') throw new Error(JSON.stringify(document.problems));
  const imported = importRules(document.value, 'rules');
  if (imported.kind === 'unknown') throw new Error('unknown');
  const read = contractIn(contractYaml(imported.document, 'x'), 'x.yaml');
  if (read.kind === 'faulty') throw new Error(JSON.stringify(read.faults));
  // Each rule left over stands in the contract as words.
  expect(read.contract.unchecked).toHaveLength(imported.left.length);
  return { contract: read.contract, left: imported.left };
}

function check({ contract }: Carried, kind: string, about: object = {}) {
  const found = contract.checks.filter((one) => one.kind === kind);
  expect(found).toContainEqual(expect.objectContaining(about));
}

test('dbt: tests of columns and models, their severity, filters and thresholds, sources and their freshness', () => {
  const found = carried(`version: 2
models:
  - name: orders
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: status
        tests:
          - accepted_values: { values: [open, paid], config: { severity: warn, where: "id > 5" } }
      - name: customer_id
        tests:
          - relationships: { to: ref('customers'), field: id }
          - not_null: { config: { error_if: ">10" } }
      - name: amount
        tests:
          - dbt_utils.accepted_range: { min_value: 0, inclusive: false }
          - dbt_expectations.expect_column_values_to_be_increasing
    tests:
      - dbt_utils.unique_combination_of_columns: { arguments: { combination_of_columns: [id, status] } }
      - dbt_utils.expression_is_true: { expression: "amount >= 0" }
sources:
  - name: raw
    loaded_at_field: loaded_at
    freshness: { error_after: { count: 12, period: hour } }
    tables: [{ name: events }]
`);
  const rows = (value: string, kind = 'equal') => ({ unit: 'rows', must: [{ kind, value }] });
  check(found, 'duplicateValues', { columns: ['id'], threshold: rows('0') });
  check(found, 'nullValues', { column: 'customer_id', threshold: rows('10', 'lessOrEqual') });
  check(found, 'acceptedValues', { values: ['open', 'paid'], severity: 'warning', filter: 'id > 5' });
  check(found, 'foreignKey', { columns: ['customer_id'], to: { table: 'customers', columns: ['id'] } });
  check(found, 'range', { column: 'amount', minimum: { value: '0', exclusive: true } });
  check(found, 'duplicateValues', { columns: ['id', 'status'] });
  check(found, 'rowExpression', { expression: 'amount >= 0' });
  check(found, 'freshness', { table: 'events', must: [{ kind: 'lessOrEqual', value: '43200' }] });
  expect(found.left).toEqual([
    {
      table: 'orders',
      column: 'amount',
      what: 'dbt_expectations.expect_column_values_to_be_increasing',
      why: 'a test this program has no check for',
    },
  ]);
});

test('Great Expectations: expectations with mostly, of tables, pairs and measures', () => {
  const suite = {
    name: 'orders',
    expectations: [
      { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id', mostly: 0.95 } },
      { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'state', value_set: ['a', 'b'] } },
      {
        type: 'expect_column_values_to_be_between',
        kwargs: { column: 'n', min_value: 1, max_value: null, strict_min: true },
      },
      { type: 'expect_column_value_lengths_to_equal', kwargs: { column: 'code', value: 2 } },
      { type: 'expect_column_mean_to_be_between', kwargs: { column: 'n', min_value: 1, max_value: 2.5 } },
      { type: 'expect_table_row_count_to_equal', kwargs: { value: 7 } },
      {
        type: 'expect_column_pair_values_a_to_be_greater_than_b',
        kwargs: { column_A: 'n', column_B: 'm', or_equal: true },
      },
      { type: 'expect_column_values_to_be_of_type', kwargs: { column: 'n', type_: 'IntegerType' } },
      { type: 'unexpected_rows_expectation', kwargs: { unexpected_rows_query: 'SELECT * FROM {batch} WHERE n < 0' } },
      { type: 'expect_column_kl_divergence_to_be_less_than', kwargs: { column: 'n', threshold: 0.1 } },
      {
        type: 'expect_column_values_to_be_unique',
        kwargs: { column: 'id', row_condition: 'col("n").notNull()', condition_parser: 'great_expectations' },
      },
    ],
  };
  const found = carried(JSON.stringify(suite));
  check(found, 'nullValues', { threshold: { unit: 'percent', must: [{ kind: 'lessOrEqual', value: '5' }] } });
  check(found, 'acceptedValues', { column: 'state', refused: false });
  check(found, 'range', { minimum: { value: '1', exclusive: true } });
  check(found, 'length', { minimum: 2, maximum: 2 });
  check(found, 'aggregate', {
    measure: { kind: 'average', column: 'n' },
    must: [{ kind: 'between', low: '1', high: '2.5' }],
  });
  check(found, 'rowCount', { must: [{ kind: 'equal', value: '7' }] });
  check(found, 'rowExpression', { expression: '"n" >= "m"', columns: ['n', 'm'] });
  check(found, 'typeConformity', { logicalType: 'integer' });
  check(found, 'failedRows', { query: 'SELECT * FROM ${table} WHERE n < 0' });
  expect(found.left.map(({ column, why }) => `${column}: ${why}`)).toEqual([
    'n: an expectation this program has no check for',
    'id: it says row_condition, condition_parser, which has no counterpart',
  ]);
});

test('Soda 3: checks in sentences', () => {
  const found = carried(`checks for orders:
  - row_count between 1 and 1000
  - missing_percent(email) < 5%
  - duplicate_count(shop, number) = 0
  - invalid_count(email) = 0:
      valid format: email
  - avg(amount) > 10.5
  - freshness(created) < 1d
  - values in (customer) must exist in customers (id)
  - failed rows:
      name: sane
      fail condition: amount < 0
  - schema:
      fail: { when required column missing: [id] }
  - anomaly detection for row_count
  - row_count:
      warn: when < 5
`);
  check(found, 'rowCount', { must: [{ kind: 'between', low: '1', high: '1000' }] });
  check(found, 'nullValues', { column: 'email', threshold: { unit: 'percent', must: [{ kind: 'less', value: '5' }] } });
  check(found, 'duplicateValues', { columns: ['shop', 'number'] });
  check(found, 'format', { format: 'email' });
  check(found, 'aggregate', { must: [{ kind: 'greater', value: '10.5' }] });
  check(found, 'freshness', { column: 'created', must: [{ kind: 'lessOrEqual', value: '86400' }] });
  check(found, 'foreignKey', { columns: ['customer'] });
  check(found, 'rowExpression', { expression: 'NOT (amount < 0)', name: 'sane' });
  check(found, 'schema', { refused: ['removed'] });
  expect(found.left.map(({ what }) => what)).toEqual([
    'anomaly detection for row_count',
    '{"row_count":{"warn":"when < 5"}}',
  ]);
});

test('Soda 4: columns and checks of a dataset', () => {
  const found = carried(`dataset: warehouse/shop/orders
filter: amount is not null
columns:
  - name: status
    valid_values: [open, paid]
    checks:
      - invalid: { threshold: { metric: percent, must_be_less_than: 2 } }
      - missing: { missing_values: ["-"] }
  - name: amount
    checks:
      - invalid: { valid_min: 0, valid_max: 100 }
      - aggregate: { function: avg, threshold: { level: warn, must_be_between: { greater_than_or_equal: 1, less_than_or_equal: 9 } } }
      - seasonal: {}
checks:
  - row_count:
  - schema: { allow_extra_columns: true }
  - freshness: { column: created, threshold: { unit: hour, must_be_less_than: 24 } }
`);
  check(found, 'acceptedValues', {
    column: 'status',
    threshold: { unit: 'percent', must: [{ kind: 'less', value: '2' }] },
  });
  check(found, 'missingValues', { values: ['-'], filter: '(amount is not null)' });
  check(found, 'range', { minimum: { value: '0', exclusive: false }, maximum: { value: '100', exclusive: false } });
  check(found, 'aggregate', { severity: 'warning' });
  check(found, 'rowCount', { must: [{ kind: 'greater', value: '0' }] });
  check(found, 'schema', { refused: ['removed', 'retyped', 'reordered'] });
  expect(found.left.map(({ what }) => what)).toEqual([
    '{"seasonal":{}}',
    '{"freshness":{"column":"created","threshold":{"unit":"hour","must_be_less_than":24}}}',
  ]);
});

test.each(['{}', 'a: 1', '[1, 2]', 'null', '"text"'])('%s is no rules of anybody', (text) => {
  const document = parseYaml(text);
  expect(document.kind === 'value' && importRules(document.value, 'x')).toEqual({ kind: 'unknown' });
});
