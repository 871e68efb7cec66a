/** Decides whether a statement may run: one SELECT over the datasets, judged on the engine's own parse tree. */
import { StatementType } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { toolErrorFrom } from './engine-errors.ts';
import { refused, unknownName } from './errors.ts';
import { isFunctionRefused, isTableFunctionAllowed } from './guard-functions.ts';
import type { Snapshot } from './lake.ts';
import { limits } from './limits.ts';

export type CheckedStatement = {
  /** The text to run. */
  readonly sql: string;
  /** Datasets that it reads. */
  readonly datasets: readonly string[];
};

const hint = 'Write one SELECT over the names of list_datasets.';

/** Throws ToolError of class policy, syntax or not_found. The engine's lock is a second wall behind this one. */
export async function checkStatement(snapshot: Snapshot, sql: string): Promise<CheckedStatement> {
  checkText(sql);
  const explain = explainPrefix.exec(sql);
  const inner = explain ? sql.slice(explain[0].length) : sql;
  const tree = await snapshot.engine.withConnection(async (connection) => {
    await checkKind(connection, inner);
    return treeOf(connection, inner);
  });
  const found = { tables: new Set<string>(), ctes: new Set<string>() };
  walk(tree, found, 0);
  const known = new Map(snapshot.names.map((name) => [name.toLowerCase(), name]));
  const datasets: string[] = [];
  for (const table of found.tables) {
    const name = known.get(table.toLowerCase());
    if (name !== undefined) datasets.push(name);
    else if (!found.ctes.has(table.toLowerCase())) throw unknownTable(table, snapshot.names);
  }
  return { sql: explain ? `EXPLAIN ${inner}` : sql, datasets };
}

/** EXPLAIN, not EXPLAIN ANALYZE: that one runs the statement. Comments may stand before the word. */
const explainPrefix =
  /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*EXPLAIN(?=\s|\()(?!\s*(?:ANALYZE|ANALYSE)\b)(?!\s*\()/i;

function checkText(sql: string): void {
  if (Buffer.byteLength(sql) > limits.maxSqlBytes) {
    throw refused(
      'statement_too_long',
      `Expected at most ${limits.maxSqlBytes} bytes of SQL, found ${Buffer.byteLength(sql)}.`,
      'Shorten the statement.',
    );
  }
  if (sql.includes('\0')) throw refused('nul_in_statement', 'Expected text, found a NUL character in the SQL.', hint);
  if (sql.trim() === '') throw refused('empty_statement', 'Expected a SELECT statement, found an empty text.', hint);
}

/** The engine parses; a statement that it would split, or that is no SELECT, ends here. */
async function checkKind(connection: DuckDBConnection, sql: string): Promise<void> {
  const extracted = await connection.extractStatements(sql).catch((error: unknown) => {
    throw toolErrorFrom(error);
  });
  if (extracted.count === 1) return;
  const isPivot = /\bpivot\b/i.test(sql);
  throw refused(
    'not_one_statement',
    `Expected one statement, found ${extracted.count} of them${isPivot ? ' (PIVOT without IN is several)' : ''}.`,
    isPivot ? 'Name the values: PIVOT … ON column IN (value, …).' : hint,
  );
}

type Node = { readonly [key: string]: unknown };

/** The parse tree as the engine writes it; it refuses to write anything but SELECT. */
async function treeOf(connection: DuckDBConnection, sql: string): Promise<Node> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree = JSON.parse(String(reader.value(0, 0))) as Node;
  if (tree['error'] === true) {
    if (tree['error_type'] === 'not implemented') {
      throw refused('not_a_select', `Expected a SELECT statement. ${String(tree['error_message'])}`, hint);
    }
    throw toolErrorFrom(new Error(`Parser Error: ${String(tree['error_message'])}`));
  }
  return tree;
}

function walk(node: unknown, found: { tables: Set<string>; ctes: Set<string> }, depth: number): void {
  if (depth > limits.maxTreeDepth) throw refused('statement_too_deep', 'The statement is nested too deeply.', hint);
  if (Array.isArray(node)) {
    for (const child of node) walk(child, found, depth + 1);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const fields = node as Node;
  check(fields, found);
  for (const child of Object.values(fields)) walk(child, found, depth + 1);
}

function check(node: Node, found: { tables: Set<string>; ctes: Set<string> }): void {
  switch (node['type']) {
    case 'BASE_TABLE':
      if (node['schema_name'] !== '' || node['catalog_name'] !== '') {
        throw refused(
          'qualified_table',
          `Expected the bare name of a dataset, found ${[node['catalog_name'], node['schema_name'], node['table_name']].filter(Boolean).join('.')}.`,
          hint,
        );
      }
      found.tables.add(String(node['table_name']));
      break;
    case 'TABLE_FUNCTION': {
      const name = String((node['function'] as Node | undefined)?.['function_name']);
      if (!isTableFunctionAllowed(name)) {
        throw refused(
          'table_function',
          `The table function ${name} is not allowed.`,
          'Read the datasets by their names; they are tables already.',
        );
      }
      break;
    }
    case 'SHOW_REF':
      throw refused(
        'show_statement',
        'SHOW, DESCRIBE and SUMMARIZE are not allowed.',
        'Use the tools list_datasets, describe_dataset and profile_dataset.',
      );
    case 'VALUE_PARAMETER':
      throw refused(
        'parameter',
        'Expected values in the statement, found a parameter (? or $1).',
        'Write the value itself.',
      );
    default:
  }
  if (node['class'] === 'FUNCTION') {
    const name = String(node['function_name']);
    if (isFunctionRefused(name))
      throw refused('function', `The function ${name} is not allowed.`, 'Use functions of values only.');
  }
  const map = (node['cte_map'] as { map?: readonly { key?: unknown }[] } | undefined)?.map;
  for (const { key } of map ?? []) found.ctes.add(String(key).toLowerCase());
  // A recursive CTE names itself inside its own node.
  if (typeof node['cte_name'] === 'string') found.ctes.add(node['cte_name'].toLowerCase());
}

function unknownTable(table: string, names: readonly string[]) {
  if (/[./\\*?]/.test(table)) {
    return refused('file_reference', `Expected the name of a dataset, found what looks like a file: ${table}.`, hint);
  }
  return unknownName('dataset', table, names);
}

/** Kept for readers of the tree: what kinds of statement the engine knows is wider than what may run. */
export const allowedKinds: readonly StatementType[] = [StatementType.SELECT, StatementType.EXPLAIN];
