/** Soda's checks of version 3 (`checks for orders:`), written as short sentences. */
import type { ContractDraft, RuleFacts, TableDraft } from './draft.ts';
import { validityOf } from './soda-validity.ts';
import { listOf, textOf, textsOf, unread, wordsOf, type Words } from './words.ts';

const heading = /^checks for (?:dataset )?(\S+)$/;

export function isSodaChecks(document: Words): boolean {
  return Object.keys(document).some((key) => heading.test(key));
}

export function importSodaChecks(draft: ContractDraft, document: Words): void {
  for (const [key, checks] of Object.entries(document)) {
    const [, name] = heading.exec(key) ?? [];
    if (name === undefined) draft.table('other').leave(undefined, { [key]: checks }, 'only "checks for …" are read');
    else for (const check of listOf(checks)) readCheck(draft, draft.table(name), check);
  }
}

/** A check is a sentence, or a sentence with more said below it. */
function readCheck(draft: ContractDraft, table: TableDraft, check: unknown): void {
  const [sentence = '', below] = typeof check === 'string' ? [check] : (Object.entries(wordsOf(check))[0] ?? []);
  const body = wordsOf(below);
  const alert = sentence.includes('=') || /[<>]|between/.test(sentence) ? sentence : undefined;
  const isWarning = alert === undefined && body['warn'] !== undefined && body['fail'] === undefined;
  const facts: RuleFacts = {
    ...(isWarning ? { severity: 'warning' as const } : {}),
    ...(textOf(body['name']) === undefined ? {} : { name: textOf(body['name'])! }),
    ...(textOf(body['filter']) === undefined ? {} : { filter: textOf(body['filter'])! }),
  };
  const carried =
    alert === undefined ? carryNamed(table, sentence, body, facts) : carryMetric(draft, table, sentence, body, facts);
  if (!carried) table.leave(undefined, check, 'a check without a counterpart');
}

const metric = /^\s*(\w+)\s*(?:\(([^)]*)\))?\s*(not between|between|>=|<=|!=|<>|=|>|<)\s*(.+?)\s*$/;

/** `missing_percent(email) < 5`, `row_count between 1 and 10`, `freshness(ts) < 1d`. */
function carryMetric(
  draft: ContractDraft,
  table: TableDraft,
  sentence: string,
  body: Words,
  facts: RuleFacts,
): boolean {
  const [, name = '', inside = '', operator = '', bound = ''] = metric.exec(sentence) ?? [];
  const columns = inside
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const [column] = columns;
  if (name === 'freshness') return carryFreshness(draft, table, column, operator, bound, body);
  const must = mustOf(operator, bound);
  if (must === undefined) return false;
  const [, family = name, unit] = /^(missing|invalid|duplicate)_(count|percent)$/.exec(name) ?? [];
  const all: RuleFacts = { ...facts, must, ...(unit === 'percent' ? { unit } : {}) };
  const plain = (known: readonly string[]) => unread(body, ['name', 'filter', ...known]).length === 0;
  if (name === 'row_count' && plain([])) {
    table.check(undefined, { check: 'rowCount' }, all);
    return true;
  }
  if (column === undefined) return false;
  if (family === 'missing' && plain(['missing values'])) {
    const values = listOf(body['missing values']);
    table.check(column, values.length === 0 ? { check: 'nullValues' } : { check: 'missingValues', values }, all);
    return true;
  }
  if (family === 'duplicate' && plain([])) {
    table.check(columns.length === 1 ? column : undefined, { check: 'duplicateValues', columns }, all);
    return true;
  }
  if (family === 'invalid') {
    const [found, ...more] = validityOf(body);
    if (found === undefined || more.length > 0) return false;
    table.check(column, found, all);
    return true;
  }
  const measure = measures[name];
  if (measure === undefined || !plain([])) return false;
  table.check(column, { check: 'aggregate', measure: { [measure]: column } }, all);
  return true;
}

const measures: Readonly<Record<string, string>> = {
  avg: 'average',
  sum: 'sum',
  min: 'minimum',
  max: 'maximum',
  stddev: 'stddev',
  distinct: 'distinctCount',
};

function mustOf(operator: string, bound: string): Words | undefined {
  const number = (text: string) => {
    const clean = text.replace(/%$/, '').trim();
    return /^-?\d+(?:\.\d+)?$/.test(clean) ? Number(clean) : undefined;
  };
  if (operator.endsWith('between')) {
    const [low, high] = bound.split(/\s+and\s+/).map(number);
    if (low === undefined || high === undefined) return undefined;
    return { [operator === 'between' ? 'mustBeBetween' : 'mustNotBeBetween']: [low, high] };
  }
  const value = number(bound);
  const word = operators[operator];
  return value === undefined || word === undefined ? undefined : { [word]: value };
}

const operators: Readonly<Record<string, string>> = {
  '=': 'mustBe',
  '!=': 'mustNotBe',
  '<>': 'mustNotBe',
  '>': 'mustBeGreaterThan',
  '>=': 'mustBeGreaterOrEqualTo',
  '<': 'mustBeLessThan',
  '<=': 'mustBeLessOrEqualTo',
};

function carryFreshness(
  draft: ContractDraft,
  table: TableDraft,
  column: string | undefined,
  operator: string,
  bound: string,
  body: Words,
): boolean {
  const [, amount, unit] = /^(\d+)([dhm])$/.exec(bound) ?? [];
  if (column === undefined || amount === undefined || !operator.startsWith('<') || Object.keys(body).length > 0)
    return false;
  draft.latency(table.name, column, Number(amount), unit as 'd' | 'h' | 'm');
  return true;
}

function carryNamed(table: TableDraft, sentence: string, body: Words, facts: RuleFacts): boolean {
  const [, inside, target, field] = /^values in \(([^)]+)\) must exist in (\S+) \(([^)]+)\)$/.exec(sentence) ?? [];
  if (inside !== undefined && target !== undefined && field !== undefined) {
    const parts = (text: string) => text.split(',').map((part) => part.trim());
    table.check(
      undefined,
      { check: 'foreignKey', columns: parts(inside), to: { table: target, columns: parts(field) } },
      facts,
    );
    return true;
  }
  if (sentence === 'failed rows') {
    const [query, condition] = [textOf(body['fail query']), textOf(body['fail condition'])];
    if (query !== undefined) table.check(undefined, { check: 'failedRows', query }, facts);
    else if (condition !== undefined)
      table.check(undefined, { check: 'rowExpression', expression: `NOT (${condition})` }, facts);
    return query !== undefined || condition !== undefined;
  }
  if (sentence === 'schema') {
    const rules = { ...wordsOf(body['warn']), ...wordsOf(body['fail']) };
    const missing = textsOf(rules['when required column missing']);
    if (missing.length === 0 || unread(rules, ['when required column missing']).length > 0) return false;
    for (const column of missing) table.column(column);
    table.check(undefined, { check: 'schema', refused: ['removed'] }, facts);
    return true;
  }
  return false;
}
