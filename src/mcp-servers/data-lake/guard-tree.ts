/** Walks the parse tree of a statement: refuses what looks beyond the datasets, collects the tables it names. */
import { refused } from './errors.ts';
import { isFunctionRefused, isTableFunctionAllowed } from './guard-functions.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { limits } from './limits.ts';

export type TreeNames = {
  /** Every table name that stands after FROM or JOIN, as written. */
  readonly tables: ReadonlySet<string>;
  /** Names that WITH gives, in small letters. */
  readonly ctes: ReadonlySet<string>;
};

type Found = { readonly tables: Set<string>; readonly ctes: Set<string> };

/** Throws ToolError of class policy. */
export function checkTree(tree: JsonObject): TreeNames {
  const found: Found = { tables: new Set(), ctes: new Set() };
  walk(tree, found, 0);
  return found;
}

function walk(node: unknown, found: Found, depth: number): void {
  if (depth > limits.maxTreeDepth) {
    throw refused('statement_too_deep', 'The statement is nested too deeply.', 'Use WITH instead of nesting.');
  }
  if (Array.isArray(node)) {
    for (const child of node) walk(child, found, depth + 1);
  } else if (isJsonObject(node)) {
    checkNode(node, found);
    for (const child of Object.values(node)) walk(child, found, depth + 1);
  }
}

function checkNode(node: JsonObject, found: Found): void {
  switch (node['type']) {
    case 'BASE_TABLE':
      checkTable(node);
      found.tables.add(String(node['table_name']));
      break;
    case 'TABLE_FUNCTION':
      checkTableFunction(node['function']);
      break;
    case 'SHOW_REF':
      throw refused(
        'show_statement',
        'SHOW, DESCRIBE and SUMMARIZE are not allowed in a query.',
        'Use the tools list_datasets, describe_dataset and profile_dataset.',
      );
    case 'VALUE_PARAMETER':
      throw refused(
        'parameter',
        'Expected values, found a parameter (? or $1).',
        'Write the value into the statement.',
      );
    default:
      checkFunction(node);
  }
  collectCtes(node, found);
}

function checkTable(node: JsonObject): void {
  const qualifiers = [node['catalog_name'], node['schema_name']].filter((part) => part !== '' && part !== undefined);
  if (qualifiers.length === 0) return;
  const written = [...qualifiers, node['table_name']].join('.');
  throw refused(
    'qualified_table',
    `Expected the bare name of a dataset, found ${written}.`,
    'Datasets have no schema: use the names of list_datasets as they are.',
  );
}

function checkTableFunction(call: unknown): void {
  const name = isJsonObject(call) ? String(call['function_name']) : 'unknown';
  if (isTableFunctionAllowed(name)) return;
  throw refused(
    'table_function',
    `The table function ${name} is not allowed.`,
    'The datasets are tables already: read them by the names of list_datasets.',
  );
}

/** Calls, operators and window functions all carry `function_name`. */
function checkFunction(node: JsonObject): void {
  const name = node['function_name'];
  if (typeof name !== 'string' || !isFunctionRefused(name)) return;
  throw refused('function', `The function ${name} is not allowed.`, 'Use functions that look at values only.');
}

/** `cte_map` lists the names of a WITH; a recursive one names itself inside its own node. */
function collectCtes(node: JsonObject, found: Found): void {
  const cteMap = node['cte_map'];
  const entries = isJsonObject(cteMap) && Array.isArray(cteMap['map']) ? cteMap['map'] : [];
  for (const entry of entries) {
    if (isJsonObject(entry)) found.ctes.add(String(entry['key']).toLowerCase());
  }
  if (typeof node['cte_name'] === 'string') found.ctes.add(node['cte_name'].toLowerCase());
}
