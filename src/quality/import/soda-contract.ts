/** Soda's contracts (version 4): columns with checks, and checks of the dataset. */
import type { ContractDraft, RuleFacts, TableDraft } from './draft.ts';
import { validityOf } from './soda-validity.ts';
import { listOf, numberOf, textOf, textsOf, unread, wordsOf, type Words } from './words.ts';

export function isSodaContract(document: Words): boolean {
  return (
    typeof document['dataset'] === 'string' && (Array.isArray(document['columns']) || Array.isArray(document['checks']))
  );
}

export function importSodaContract(draft: ContractDraft, document: Words): void {
  const path = textOf(document['dataset']) ?? '';
  const table = draft.table(path.split(/[/.]/).at(-1) ?? path);
  const shared = textOf(document['filter']);
  for (const entry of listOf(document['columns'])) {
    const column = wordsOf(entry);
    const name = textOf(column['name']);
    if (name === undefined) continue;
    table.column(name, { physicalType: textOf(column['data_type']), description: textOf(column['description']) });
    if (column['optional'] === true) table.leave(name, { optional: true }, 'columns of a contract must be there');
    // What a column says of valid and missing values holds for all its checks.
    const { checks: _, ...validity } = column;
    for (const check of listOf(column['checks'])) readCheck(draft, table, name, wordsOf(check), shared, validity);
  }
  for (const check of listOf(document['checks'])) readCheck(draft, table, undefined, wordsOf(check), shared, {});
}

function readCheck(
  draft: ContractDraft,
  table: TableDraft,
  column: string | undefined,
  check: Words,
  shared: string | undefined,
  ofColumn: Words,
): void {
  const [kind = ''] = Object.keys(check);
  const body = wordsOf(check[kind]);
  const facts = factsOf(body, shared);
  const carrier = Object.hasOwn(carriers, kind) ? carriers[kind] : undefined;
  const said = { ...ofColumn, ...body };
  const carried = facts !== undefined && carrier?.({ draft, table, column, body, facts, said }) === true;
  if (!carried)
    table.leave(
      column,
      check,
      facts === undefined ? 'its threshold has no counterpart' : 'a check without a counterpart',
    );
}

const comparisons = {
  must_be: 'mustBe',
  must_not_be: 'mustNotBe',
  must_be_greater_than: 'mustBeGreaterThan',
  must_be_greater_than_or_equal: 'mustBeGreaterOrEqualTo',
  must_be_less_than: 'mustBeLessThan',
  must_be_less_than_or_equal: 'mustBeLessOrEqualTo',
} as const;

/** Absent when the threshold says what we have no word for. */
function factsOf(body: Words, shared: string | undefined): RuleFacts | undefined {
  const threshold = wordsOf(body['threshold']);
  const must: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(threshold)) {
    const ours = comparisons[key as keyof typeof comparisons] as string | undefined;
    if (ours !== undefined) must[ours] = numberOf(value);
    else if (key === 'must_be_between' || key === 'must_be_not_between') {
      const { greater_than_or_equal: low, less_than_or_equal: high } = wordsOf(value);
      const pair = Array.isArray(value) ? (value as unknown[]) : [low, high];
      if (pair.length !== 2 || !pair.every((bound) => typeof bound === 'number')) return undefined;
      must[key === 'must_be_between' ? 'mustBeBetween' : 'mustNotBeBetween'] = pair;
    } else if (!['metric', 'level', 'unit'].includes(key)) return undefined;
  }
  const filters = [shared, textOf(body['filter'])].filter((filter) => filter !== undefined);
  return {
    ...(threshold['metric'] === 'percent' ? { unit: 'percent' as const } : {}),
    ...(threshold['level'] === 'warn' ? { severity: 'warning' as const } : {}),
    ...(filters.length === 0 ? {} : { filter: filters.map((filter) => `(${filter})`).join(' AND ') }),
    ...(textOf(body['name']) === undefined ? {} : { name: textOf(body['name'])! }),
    ...(Object.keys(must).length === 0 ? {} : { must }),
  };
}

const functions: Readonly<Record<string, string>> = {
  avg: 'average',
  sum: 'sum',
  min: 'minimum',
  max: 'maximum',
  stddev: 'stddev',
  distinct: 'distinctCount',
};

const everywhere = ['name', 'threshold', 'filter', 'qualifier', 'attributes'];

/** A check on its way over. */
interface Crossing {
  readonly draft: ContractDraft;
  readonly table: TableDraft;
  readonly column: string | undefined;
  readonly body: Words;
  readonly facts: RuleFacts;
  /** What the check says, and what its column says for all its checks. */
  readonly said: Words;
}

/** Whether the check found a counterpart. */
type Carrier = (crossing: Crossing) => boolean;

const odd = ({ body }: Crossing, known: readonly string[]) => unread(body, [...everywhere, ...known]).length > 0;

const carriers: Readonly<Record<string, Carrier>> = {
  missing(crossing) {
    const { table, column, said, facts } = crossing;
    if (column === undefined || odd(crossing, ['missing_values'])) return false;
    const values = listOf(said['missing_values']);
    table.check(column, values.length === 0 ? { check: 'nullValues' } : { check: 'missingValues', values }, facts);
    return true;
  },
  invalid({ table, column, said, facts }) {
    const found = validityOf(said);
    if (column === undefined || found.length === 0) return false;
    for (const check of found) table.check(column, check, facts);
    return true;
  },
  duplicate(crossing) {
    const { table, column, body, facts } = crossing;
    const columns = textsOf(body['columns']);
    if (odd(crossing, ['columns']) || (column === undefined && columns.length === 0)) return false;
    table.check(column, { check: 'duplicateValues', ...(columns.length === 0 ? {} : { columns }) }, facts);
    return true;
  },
  row_count({ table, facts }) {
    const must = facts.must ?? { mustBeGreaterThan: 0 };
    table.check(undefined, { check: 'rowCount' }, { ...facts, must });
    return true;
  },
  aggregate({ table, column, body, facts }) {
    const measure = functions[textOf(body['function']) ?? ''];
    if (column === undefined || measure === undefined || facts.must === undefined) return false;
    table.check(column, { check: 'aggregate', measure: { [measure]: column } }, facts);
    return true;
  },
  schema({ table, body, facts }) {
    const refused = [
      'removed',
      'retyped',
      ...(body['allow_extra_columns'] === true ? [] : ['added']),
      ...(body['allow_other_column_order'] === true ? [] : ['reordered']),
    ];
    table.check(undefined, { check: 'schema', refused }, { ...facts, must: {} });
    return true;
  },
  freshness: carryFreshness,
  failed_rows({ table, body, facts }) {
    const [query, expression] = [textOf(body['query']), textOf(body['expression'])];
    // Soda's expression describes the failing rows, ours the good ones.
    if (query !== undefined) table.check(undefined, { check: 'failedRows', query }, facts);
    else if (expression !== undefined)
      table.check(undefined, { check: 'rowExpression', expression: `NOT (${expression})` }, facts);
    return query !== undefined || expression !== undefined;
  },
  metric({ table, column, body, facts }) {
    const expression = textOf(body['expression']);
    const query =
      textOf(body['query']) ?? (expression === undefined ? undefined : `SELECT ${expression} FROM \${table}`);
    if (query === undefined || facts.must === undefined || facts.filter !== undefined) return false;
    table.sql(column, query, facts.must, facts);
    return true;
  },
};

const units = { minute: 'm', hour: 'h', day: 'd' } as const;

function carryFreshness({ draft, table, body, facts: { must, filter } }: Crossing): boolean {
  const column = textOf(body['column']);
  const { mustBeLessThan: below, mustBeLessOrEqualTo: atMost } = wordsOf(must);
  const amount = numberOf(atMost) ?? numberOf(below);
  const unit = units[(wordsOf(body['threshold'])['unit'] ?? 'hour') as keyof typeof units] as
    'd' | 'h' | 'm' | undefined;
  if (column === undefined || amount === undefined || unit === undefined || filter !== undefined) return false;
  draft.latency(table.name, column, amount, unit);
  return true;
}
