/** dbt's `schema.yml`: tests of models, sources, seeds and snapshots as a contract. */
import type { ContractDraft, RuleFacts, TableDraft } from './draft.ts';
import { listOf, numberOf, textOf, textsOf, unread, wordsOf, type Words } from './words.ts';

export function isDbt(document: Words): boolean {
  return ['models', 'sources', 'seeds', 'snapshots'].some((key) => Array.isArray(document[key]));
}

export function importDbt(draft: ContractDraft, document: Words): void {
  for (const kind of ['models', 'seeds', 'snapshots']) {
    for (const model of listOf(document[kind])) readTable(draft, wordsOf(model), {});
  }
  for (const source of listOf(document['sources'])) {
    const { tables, ...shared } = wordsOf(source);
    for (const table of listOf(tables)) readTable(draft, wordsOf(table), shared);
  }
}

function readTable(draft: ContractDraft, model: Words, source: Words): void {
  const name = textOf(model['name']);
  if (name === undefined) return;
  const table = draft.table(name);
  table.describe({ description: textOf(model['description']), physicalName: textOf(model['identifier']) });
  for (const column of listOf(model['columns'])) readColumn(table, wordsOf(column));
  for (const test of testsOf(model)) readTest(table, undefined, test);
  readFreshness(draft, table, model, source);
  for (const constraint of listOf(model['constraints'])) readConstraint(table, undefined, wordsOf(constraint));
}

function readColumn(table: TableDraft, column: Words): void {
  const name = textOf(column['name']);
  if (name === undefined) return;
  table.column(name, { physicalType: textOf(column['data_type']), description: textOf(column['description']) });
  for (const constraint of listOf(column['constraints'])) readConstraint(table, name, wordsOf(constraint));
  for (const test of testsOf(column)) readTest(table, name, test);
}

function testsOf(owner: Words): readonly unknown[] {
  return [...listOf(owner['tests']), ...listOf(owner['data_tests'])];
}

function readConstraint(table: TableDraft, column: string | undefined, constraint: Words): void {
  const { type } = constraint;
  if (column !== undefined && type === 'not_null') table.attribute(column, { required: true });
  else if (column !== undefined && type === 'unique') table.attribute(column, { unique: true });
  else if (column !== undefined && type === 'primary_key') table.attribute(column, { required: true, unique: true });
  else table.leave(column, constraint, 'a constraint that only the warehouse keeps');
}

const configKeys = [
  'severity',
  'where',
  'error_if',
  'warn_if',
  'name',
  'description',
  'config',
  'arguments',
  'tags',
  'meta',
  'test_name',
];

/** A test is a word, or one key with its arguments. */
function readTest(table: TableDraft, column: string | undefined, test: unknown): void {
  const entries = Object.entries(wordsOf(test));
  const named = textOf(wordsOf(test)['test_name']);
  const [first] = entries;
  const name = typeof test === 'string' ? test : (named ?? first?.[0] ?? '');
  const body = typeof test === 'string' ? {} : named === undefined ? wordsOf(first?.[1]) : wordsOf(test);
  const args = { ...body, ...wordsOf(body['arguments']) };
  const config = { ...body, ...wordsOf(body['config']) };
  const facts = factsOf(config);
  if (facts === undefined) {
    table.leave(
      column,
      test,
      `its threshold ${JSON.stringify(config['error_if'] ?? config['warn_if'])} is no plain comparison`,
    );
    return;
  }
  const reader = readers[name.replace(/^dbt_utils\.|^dbt_expectations\./, '')];
  const odd = unread(args, [...configKeys, ...(reader?.keys ?? [])]);
  if (reader === undefined) table.leave(column, test, 'a test this program has no check for');
  else if (odd.length > 0) table.leave(column, test, `it says ${odd.join(', ')}, which has no counterpart`);
  else if (reader.countsGroups === true && facts.must !== undefined)
    table.leave(column, test, 'its threshold counts repeated values; ours counts rows');
  else if (reader.read(table, column, args, facts) === undefined)
    table.leave(column, test, 'its arguments are not as expected');
}

/** `error_if: ">10"` allows ten. Absent when it is written in a way that is no comparison. */
function factsOf(config: Words): RuleFacts | undefined {
  const isWarning = textOf(config['severity'])?.toLowerCase() === 'warn';
  const condition = textOf(isWarning ? config['warn_if'] : config['error_if']);
  const [, operator, amount = ''] = /^\s*(>=|>|!=|<>|<=|<|=|==)\s*(\d+)\s*$/.exec(condition ?? '!= 0') ?? [];
  if (operator === undefined) return undefined;
  const must = opposite(operator, Number(amount));
  return {
    ...(isWarning ? { severity: 'warning' as const } : {}),
    ...(textOf(config['where']) === undefined ? {} : { filter: textOf(config['where'])! }),
    ...(textOf(config['name']) === undefined ? {} : { name: textOf(config['name'])! }),
    ...(condition === undefined ? {} : { must }),
  };
}

/** What must hold so that the condition of failure does not. */
function opposite(operator: string, amount: number): Words {
  switch (operator) {
    case '>':
      return { mustBeLessOrEqualTo: amount };
    case '>=':
      return { mustBeLessThan: amount };
    case '<':
      return { mustBeGreaterOrEqualTo: amount };
    case '<=':
      return { mustBeGreaterThan: amount };
    case '=':
    case '==':
      return { mustNotBe: amount };
    default:
      return { mustBe: amount };
  }
}

interface TestReader {
  readonly countsGroups?: true;
  readonly keys: readonly string[];
  /** Undefined when the arguments are not as expected. */
  read(table: TableDraft, column: string | undefined, args: Words, facts: RuleFacts): true | undefined;
}

function ofColumn(keys: readonly string[], make: (args: Words) => Words | undefined): TestReader {
  return {
    keys: ['column_name', ...keys],
    read(table, given, args, facts) {
      const column = given ?? textOf(args['column_name']);
      const made = make(args);
      if (column === undefined || made === undefined) return undefined;
      table.check(column, made, facts);
      return true;
    },
  };
}

function ofTable(keys: readonly string[], make: (args: Words) => Words | undefined): TestReader {
  return {
    keys,
    read(table, column, args, facts) {
      const made = make(column === undefined ? args : { ...args, column });
      if (made === undefined) return undefined;
      table.check(undefined, made, facts);
      return true;
    },
  };
}

function rangeOf(args: Words): Words | undefined {
  const exclusive = args['inclusive'] === false || args['strictly'] === true;
  const minimum = numberOf(args['min_value']);
  const maximum = numberOf(args['max_value']);
  if (minimum === undefined && maximum === undefined) return undefined;
  return {
    check: 'range',
    ...(minimum === undefined ? {} : { [exclusive ? 'exclusiveMinimum' : 'minimum']: minimum }),
    ...(maximum === undefined ? {} : { [exclusive ? 'exclusiveMaximum' : 'maximum']: maximum }),
  };
}

function patternOf(args: Words): Words | undefined {
  return (textOf(args['regex']) && { check: 'pattern', pattern: args['regex'] }) || undefined;
}

const readers: Readonly<Record<string, TestReader>> = {
  not_null: ofColumn([], () => ({ check: 'nullValues' })),
  unique: { ...ofColumn([], () => ({ check: 'duplicateValues' })), countsGroups: true },
  accepted_values: ofColumn(['values', 'quote'], ({ values }) =>
    listOf(values).length === 0 ? undefined : { check: 'acceptedValues', values },
  ),
  not_accepted_values: ofColumn(['values', 'quote'], ({ values }) =>
    listOf(values).length === 0 ? undefined : { check: 'acceptedValues', values, refused: true },
  ),
  relationships: ofColumn(['to', 'field'], ({ to, field }) => {
    const [, target] =
      /(?:ref|source)\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]([^'"]+)['"]\s*\)/.exec(textOf(to) ?? '') ?? [];
    return target === undefined || textOf(field) === undefined
      ? undefined
      : { check: 'foreignKey', to: { table: target, columns: [field] } };
  }),
  accepted_range: ofColumn(['min_value', 'max_value', 'inclusive'], rangeOf),
  expect_column_values_to_be_between: ofColumn(['min_value', 'max_value', 'strictly'], rangeOf),
  not_empty_string: ofColumn([], () => ({ check: 'acceptedValues', values: [''], refused: true })),
  expect_column_values_to_match_regex: ofColumn(['regex'], patternOf),
  expect_column_values_to_not_match_regex: ofColumn(['regex'], (args) => {
    const pattern = patternOf(args);
    return pattern === undefined ? undefined : { ...pattern, refused: true };
  }),
  unique_combination_of_columns: ofTable(['combination_of_columns', 'quote_columns'], (args) => {
    const columns = textsOf(args['combination_of_columns']);
    return columns.length === 0 ? undefined : { check: 'duplicateValues', columns };
  }),
  expression_is_true: ofTable(['expression', 'column'], ({ expression, column }) => {
    const written = textOf(expression);
    if (written === undefined) return undefined;
    return typeof column === 'string'
      ? { check: 'rowExpression', expression: `"${column}" ${written}`, columns: [column] }
      : { check: 'rowExpression', expression: written };
  }),
  expect_table_row_count_to_be_between: {
    keys: ['min_value', 'max_value'],
    read(table, _column, args, facts) {
      const [low, high] = [numberOf(args['min_value']), numberOf(args['max_value'])];
      if (low === undefined && high === undefined) return undefined;
      const must =
        low === undefined
          ? { mustBeLessOrEqualTo: high }
          : high === undefined
            ? { mustBeGreaterOrEqualTo: low }
            : { mustBeBetween: [low, high] };
      table.check(undefined, { check: 'rowCount', ...must }, { ...facts, must: {} });
      return true;
    },
  },
};

const units = { minute: 'm', hour: 'h', day: 'd' } as const;

function readFreshness(draft: ContractDraft, table: TableDraft, model: Words, source: Words): void {
  const written = model['freshness'] ?? source['freshness'] ?? wordsOf(model['config'])['freshness'];
  if (written === undefined || written === null) return;
  const field = textOf(model['loaded_at_field']) ?? textOf(source['loaded_at_field']);
  const { count, period } = wordsOf(wordsOf(written)['error_after']);
  const unit = units[period as keyof typeof units] as 'd' | 'h' | 'm' | undefined;
  const amount = numberOf(count);
  if (field === undefined || !/^\w+$/.test(field) || unit === undefined || amount === undefined) {
    table.leave(
      undefined,
      { freshness: written, loaded_at_field: field },
      'freshness needs a plain loaded_at_field and error_after',
    );
    return;
  }
  draft.latency(table.name, field, amount, unit);
  const { warn_after: warnAfter } = wordsOf(written);
  if (warnAfter !== undefined && warnAfter !== null)
    table.leave(undefined, { warn_after: warnAfter }, 'one limit is kept: error_after');
}
