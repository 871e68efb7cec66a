/** Whatever stands in a file, reading it ends in a contract or in faults with places, never in a crash; an import ends in a contract that can be read. */
import * as fc from 'fast-check';
import { contractIn } from '../../src/contracts/read-contract.ts';
import { contractYaml } from '../../src/contracts/write-contract.ts';
import { importRules } from '../../src/quality/import/import.ts';
import { anyChange, anyContract } from '../support/any-contract.ts';

const RUNS = 400;

function isAnswer(text: string): void {
  const read = contractIn(text, 'f.yaml');
  if (read.kind === 'contract') return;
  expect(read.faults.length).toBeGreaterThan(0);
  for (const { line, column, message } of read.faults) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(text.split('\n').length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).not.toMatch(/undefined|\[object/);
  }
}

test('any contract, whole or damaged', () => {
  fc.assert(
    fc.property(anyContract('v3.2.0'), fc.array(anyChange, { maxLength: 2 }), (contract, changes) => {
      const changed = changes.reduce<unknown>((document, change) => change(document), contract);
      isAnswer(contractYaml(changed as Record<string, unknown>, 'any'));
    }),
    { numRuns: RUNS, seed: 3 },
  );
});

test('any text', () => {
  const pieces = fc.constantFrom(
    'a: ',
    '- ',
    '[',
    '{',
    '}',
    '"',
    "'",
    '&a ',
    '*a',
    '!!',
    '|',
    '\n',
    '  ',
    '\t',
    '#',
    'schema',
    '? ',
    '%',
    '\u0000',
    '1',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => isAnswer(parts.join(''))),
    { numRuns: RUNS * 3, seed: 4 },
  );
});

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom('id', 'a, b', '', 'warn', '>5', "ref('a')", '2d', '^x', 'avg', 'email'),
  fc.integer({ min: -5, max: 500 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -9, max: 9 }),
  fc.boolean(),
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    ['a', 1],
    [1, 2],
    { count: 3, period: 'hour' },
    { must_be: 2 },
    { regex: 'x' },
  ),
  fc.constantFrom<unknown>({ dataset: 'x/y', column: 'z' }, { metric: 'percent', must_be_between: [1, 2] }, [['a']]),
);

const dbtTests = ['not_null', 'unique', 'accepted_values', 'relationships', 'dbt_utils.accepted_range'].concat([
  'dbt_utils.expression_is_true',
  'dbt_utils.unique_combination_of_columns',
  'dbt_expectations.expect_table_row_count_to_be_between',
  'of_my_own',
]);
const dbtArguments = [
  'values',
  'to',
  'field',
  'min_value',
  'max_value',
  'inclusive',
  'expression',
  'config',
  'where',
].concat(['combination_of_columns', 'severity', 'error_if']);
const expectations = [
  'values_to_not_be_null',
  'values_to_be_in_set',
  'values_to_be_between',
  'mean_to_be_between',
].concat(['values_to_match_regex', 'value_lengths_to_equal', 'values_to_be_of_type', 'pair_values_to_be_equal']);
const expectationArguments = [
  'column',
  'mostly',
  'value_set',
  'min_value',
  'max_value',
  'strict_min',
  'regex',
  'value',
].concat(['type_', 'column_A', 'column_B', 'row_condition']);
const sodaChecks = [
  'missing',
  'invalid',
  'duplicate',
  'row_count',
  'aggregate',
  'schema',
  'freshness',
  'failed_rows',
  'metric',
];
const sodaArguments = [
  'threshold',
  'missing_values',
  'valid_values',
  'valid_min',
  'valid_max',
  'valid_format',
  'columns',
].concat(['function', 'column', 'query', 'expression', 'filter', 'valid_reference_data']);
const sentences = [
  'row_count > 0',
  'missing_count(a) = 0',
  'invalid_percent(a) < 5%',
  'avg(a) between 1 and x',
  'schema',
].concat(['freshness(ts) < 1d', 'duplicate_count(a, b) = 0', 'values in (a) must exist in t (b)', 'failed rows']);

function someArguments(keys: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  return fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 4 });
}

/** One of the names with some of the arguments, as one key. */
function rule(names: readonly string[], keys: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom(...names),
    fc.tuple(fc.constantFrom(...names), someArguments(keys)).map(([name, body]) => ({ [name]: body })),
    value,
  );
}

const few = (one: fc.Arbitrary<unknown>) => fc.array(one, { maxLength: 3 });
const dbtRules = few(rule(dbtTests, dbtArguments));
const documents: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  dbt: fc.record({ columns: dbtRules, table: dbtRules, freshness: value }).map(({ columns, table, freshness }) => ({
    models: [{ name: 't', columns: [{ name: 'c', tests: columns }], data_tests: table }, freshness],
    sources: [{ name: 's', freshness, loaded_at_field: 'x', tables: [{ name: 'u' }] }],
  })),
  'Great Expectations': few(
    fc.record({
      type: fc.constantFrom(...expectations).map((name) => `expect_column_${name}`),
      kwargs: someArguments(expectationArguments).map((args) => ({ column: 'c', ...args })),
    }),
  ).map((list) => ({ expectations: list })),
  'Soda 3': few(rule(sentences, ['valid values', 'valid min', 'valid format', 'fail condition', 'filter', 'fail'])).map(
    (list) => ({ 'checks for t': list }),
  ),
  'Soda 4': fc
    .tuple(few(rule(sodaChecks, sodaArguments)), few(rule(sodaChecks, sodaArguments)), someArguments(sodaArguments))
    .map(([own, checks, said]) => ({ dataset: 'a/b', columns: [{ ...said, name: 'c', checks: own }], checks })),
};

test.each(Object.keys(documents))('any rules of %s', (tool) => {
  let carried = 0;
  fc.assert(
    fc.property(documents[tool]!, (document) => {
      const imported = importRules(document, 'any');
      if (imported.kind === 'unknown') throw new Error(`not known: ${JSON.stringify(document)}`);
      const read = contractIn(contractYaml(imported.document, 'any'), 'f.yaml');
      if (read.kind === 'faulty') throw new Error(`${JSON.stringify(document)}\n${JSON.stringify(read.faults)}`);
      expect(read.contract.unchecked).toHaveLength(imported.left.length);
      carried += imported.carried;
    }),
    { numRuns: RUNS * 2, seed: 5 },
  );
  expect(carried).toBeGreaterThan(RUNS / 20);
});
