/** Great Expectations' suites: expectations as a contract. */
import type { ContractDraft, RuleFacts, TableDraft } from './draft.ts';
import { listOf, numberOf, textOf, textsOf, unread, wordsOf, type Words } from './words.ts';

export function isSuite(document: Words): boolean {
  return Array.isArray(document['expectations']);
}

/** A suite does not say which table it is for: the suite's name stands for it. */
export function importSuite(draft: ContractDraft, document: Words, name: string): void {
  const table = draft.table(textOf(document['name']) ?? textOf(document['expectation_suite_name']) ?? name);
  for (const expectation of listOf(document['expectations'])) readExpectation(table, wordsOf(expectation));
}

const usual = [
  'column',
  'mostly',
  'result_format',
  'include_config',
  'catch_exceptions',
  'meta',
  'batch_id',
  'severity',
];

function readExpectation(table: TableDraft, expectation: Words): void {
  const type = textOf(expectation['expectation_type']) ?? textOf(expectation['type']) ?? '';
  const args = wordsOf(expectation['kwargs']);
  const column = textOf(args['column']);
  const written = { [type]: args };
  const reader = readers[type];
  if (reader === undefined) {
    table.leave(column, written, 'an expectation this program has no check for');
    return;
  }
  // Of the condition's languages, only Spark's is SQL.
  const isSql = args['condition_parser'] === 'spark';
  const known = [...usual, ...reader.keys, ...(isSql ? ['row_condition', 'condition_parser'] : [])];
  const odd = unread(args, known).filter((key) => args[key] !== null && args[key] !== false);
  if (odd.length > 0) {
    table.leave(column, written, `it says ${odd.join(', ')}, which has no counterpart`);
    return;
  }
  const filter = textOf(args['row_condition']);
  const notes = textOf(wordsOf(expectation['meta'])['notes']);
  const facts: RuleFacts = {
    ...thresholdOf(args),
    ...(textOf(expectation['severity']) === 'warning' ? { severity: 'warning' as const } : {}),
    ...(filter === undefined ? {} : { filter }),
    ...(notes === undefined ? {} : { description: notes }),
  };
  if (reader.read(table, column, args, facts) === undefined)
    table.leave(column, written, 'its arguments are not as expected');
}

/** `mostly: 0.95` lets five percent pass. */
function thresholdOf(args: Words): RuleFacts {
  const mostly = numberOf(args['mostly']);
  if (mostly === undefined || mostly >= 1) return {};
  return { unit: 'percent', must: { mustBeLessOrEqualTo: Math.round((1 - mostly) * 1e8) / 1e6 } };
}

interface Reader {
  readonly keys: readonly string[];
  read(table: TableDraft, column: string | undefined, args: Words, facts: RuleFacts): true | undefined;
}

function ofColumn(keys: readonly string[], make: (args: Words) => Words | undefined): Reader {
  return {
    keys,
    read(table, column, args, facts) {
      const made = make(args);
      if (column === undefined || made === undefined) return undefined;
      table.check(column, made, facts);
      return true;
    },
  };
}

function ofTable(keys: readonly string[], make: (args: Words) => Words | undefined): Reader {
  return {
    keys,
    read(table, _column, args, facts) {
      const made = make(args);
      if (made === undefined) return undefined;
      table.check(undefined, made, facts);
      return true;
    },
  };
}

/** One number between two others: rows, or a measure of a column. */
function ofNumber(make: (column: string | undefined) => Words | undefined): Reader {
  return {
    keys: ['min_value', 'max_value', 'strict_min', 'strict_max', 'value'],
    read(table, column, args, facts) {
      const made = make(column);
      const must = between(args);
      if (made === undefined || must === undefined) return undefined;
      table.check(column, made, { ...facts, must });
      return true;
    },
  };
}

function between(args: Words): Words | undefined {
  const value = numberOf(args['value']);
  if (value !== undefined) return { mustBe: value };
  const [low, high] = [numberOf(args['min_value']), numberOf(args['max_value'])];
  const strict = args['strict_min'] === true || args['strict_max'] === true;
  if (low !== undefined && high !== undefined && !strict)
    return low === high ? { mustBe: low } : { mustBeBetween: [low, high] };
  const bounds = {
    ...(low === undefined
      ? {}
      : { [args['strict_min'] === true ? 'mustBeGreaterThan' : 'mustBeGreaterOrEqualTo']: low }),
    ...(high === undefined ? {} : { [args['strict_max'] === true ? 'mustBeLessThan' : 'mustBeLessOrEqualTo']: high }),
  };
  return Object.keys(bounds).length === 0 ? undefined : bounds;
}

function rangeOf(args: Words): Words | undefined {
  const bound = (value: unknown) => numberOf(value) ?? textOf(value);
  const [low, high] = [bound(args['min_value']), bound(args['max_value'])];
  if (low === undefined && high === undefined) return undefined;
  const isMoment = [low, high].some((value) => typeof value === 'string');
  const of = [low, high].some((value) => typeof value === 'string' && value.includes(':')) ? 'timestamp' : 'date';
  return {
    check: 'range',
    ...(isMoment ? { of } : {}),
    ...(low === undefined ? {} : { [args['strict_min'] === true ? 'exclusiveMinimum' : 'minimum']: low }),
    ...(high === undefined ? {} : { [args['strict_max'] === true ? 'exclusiveMaximum' : 'maximum']: high }),
  };
}

const setOf = (refused: boolean) => (args: Words) =>
  listOf(args['value_set']).length === 0
    ? undefined
    : { check: 'acceptedValues', values: args['value_set'], ...(refused ? { refused } : {}) };
const regexOf = (refused: boolean) => (args: Words) =>
  textOf(args['regex']) === undefined
    ? undefined
    : { check: 'pattern', pattern: args['regex'], ...(refused ? { refused } : {}) };
const measured = (key: string) =>
  ofNumber((column) => (column === undefined ? undefined : { check: 'aggregate', measure: { [key]: column } }));
const quoted = (name: unknown) => `"${(name as string).replaceAll('"', '""')}"`;

function lengthOf(args: Words): Words | undefined {
  const exact = numberOf(args['value']);
  const [minimum, maximum] = [exact ?? numberOf(args['min_value']), exact ?? numberOf(args['max_value'])];
  if (minimum === undefined && maximum === undefined) return undefined;
  return {
    check: 'length',
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

/** Names of types in pandas, Spark and SQL. */
function typeOf(args: Words): Words | undefined {
  const name = (textOf(args['type_']) ?? '').toLowerCase();
  const found = (
    [
      [/^(?:u?int\d*|integer(?:type)?|bigint|smallint|longtype|long)$/, 'integer'],
      [/^(?:float\d*|double(?:type)?|real|numeric|decimal(?:type)?|floattype)/, 'number'],
      [/^(?:bool|boolean(?:type)?)$/, 'boolean'],
      [/^(?:timestamp|datetime)/, 'timestamp'],
      [/^date(?:type)?$/, 'date'],
      [/^(?:str|string(?:type)?|text|varchar|char|object)/, 'string'],
    ] as const
  ).find(([pattern]) => pattern.test(name));
  return found === undefined ? undefined : { check: 'typeConformity', logicalType: found[1] };
}

const columnLists = ['column_list', 'ignore_row_if'];

const readers: Readonly<Record<string, Reader>> = {
  expect_column_to_exist: {
    keys: [],
    read(table, column) {
      if (column === undefined) return undefined;
      table.attribute(column, {});
      return true;
    },
  },
  expect_column_values_to_not_be_null: ofColumn([], () => ({ check: 'nullValues' })),
  expect_column_values_to_be_unique: ofColumn([], () => ({ check: 'duplicateValues' })),
  expect_column_values_to_be_in_set: ofColumn(['value_set'], setOf(false)),
  expect_column_values_to_not_be_in_set: ofColumn(['value_set'], setOf(true)),
  expect_column_values_to_match_regex: ofColumn(['regex'], regexOf(false)),
  expect_column_values_to_not_match_regex: ofColumn(['regex'], regexOf(true)),
  expect_column_values_to_be_between: ofColumn(['min_value', 'max_value', 'strict_min', 'strict_max'], rangeOf),
  expect_column_value_lengths_to_be_between: ofColumn(['min_value', 'max_value'], lengthOf),
  expect_column_value_lengths_to_equal: ofColumn(['value'], lengthOf),
  expect_column_values_to_be_of_type: ofColumn(['type_'], typeOf),
  expect_column_values_to_be_json_parseable: ofColumn([], () => ({ check: 'format', format: 'json' })),
  expect_compound_columns_to_be_unique: ofTable(columnLists, (args) => {
    const columns = textsOf(args['column_list']);
    return columns.length === 0 ? undefined : { check: 'duplicateValues', columns };
  }),
  expect_column_pair_values_to_be_equal: ofTable(
    ['column_A', 'column_B', 'ignore_row_if'],
    ({ column_A: a, column_B: b }) =>
      textOf(a) === undefined || textOf(b) === undefined
        ? undefined
        : { check: 'rowExpression', expression: `${quoted(a)} = ${quoted(b)}`, columns: [a, b] },
  ),
  expect_column_pair_values_a_to_be_greater_than_b: ofTable(
    ['column_A', 'column_B', 'or_equal', 'ignore_row_if'],
    ({ column_A: a, column_B: b, or_equal: orEqual }) =>
      textOf(a) === undefined || textOf(b) === undefined
        ? undefined
        : {
            check: 'rowExpression',
            expression: `${quoted(a)} ${orEqual === true ? '>=' : '>'} ${quoted(b)}`,
            columns: [a, b],
          },
  ),
  expect_multicolumn_sum_to_equal: ofTable(['column_list', 'sum_total', 'ignore_row_if'], (args) => {
    const columns = textsOf(args['column_list']);
    const sum = numberOf(args['sum_total']);
    if (columns.length === 0 || sum === undefined) return undefined;
    return { check: 'rowExpression', expression: `${columns.map(quoted).join(' + ')} = ${sum}`, columns };
  }),
  expect_table_row_count_to_be_between: ofNumber(() => ({ check: 'rowCount' })),
  expect_table_row_count_to_equal: ofNumber(() => ({ check: 'rowCount' })),
  expect_column_mean_to_be_between: measured('average'),
  expect_column_sum_to_be_between: measured('sum'),
  expect_column_min_to_be_between: measured('minimum'),
  expect_column_max_to_be_between: measured('maximum'),
  expect_column_stdev_to_be_between: measured('stddev'),
  expect_column_unique_value_count_to_be_between: measured('distinctCount'),
  expect_column_median_to_be_between: ofNumber((column) =>
    column === undefined ? undefined : { check: 'aggregate', measure: { quantile: column, at: 0.5 } },
  ),
  expect_table_columns_to_match_set: ofTable(['column_set', 'exact_match'], ({ exact_match: exact }) => ({
    check: 'schema',
    refused: exact === false ? ['removed'] : ['removed', 'added'],
  })),
  expect_table_columns_to_match_ordered_list: ofTable(['column_list'], () => ({
    check: 'schema',
    refused: ['removed', 'added', 'reordered'],
  })),
  unexpected_rows_expectation: ofTable(['unexpected_rows_query', 'description'], (args) => {
    const query = textOf(args['unexpected_rows_query']);
    return query === undefined ? undefined : { check: 'failedRows', query: query.replaceAll('{batch}', '$${table}') };
  }),
};
