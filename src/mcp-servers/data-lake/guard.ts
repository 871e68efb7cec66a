/** Decides whether a statement may run: one SELECT over the datasets, judged on the engine's own parse tree. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { toolErrorFrom } from './engine-errors.ts';
import type { Engine } from './engine.ts';
import { badArguments, refused, unknownName } from './errors.ts';
import { checkTree } from './guard-tree.ts';
import { isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { limits } from './limits.ts';

export type CheckedStatement = {
  /** The text to run. */
  readonly sql: string;
  /** Datasets that it reads, each once. */
  readonly datasets: readonly string[];
};

const hint = 'Write one SELECT over the names of list_datasets.';

/**
 * Throws ToolError of class policy, syntax or not_found. `names` are the datasets there are. Two more walls stand behind
 * this one: the engine runs nothing but SELECT and EXPLAIN for callers, and can open nothing but the datasets' files.
 */
export async function checkStatement(engine: Engine, names: readonly string[], sql: string): Promise<CheckedStatement> {
  checkText(sql);
  const explain = explainPrefix.exec(sql)?.[0];
  const inner = explain === undefined ? sql : sql.slice(explain.length);
  const tree = await engine.withConnection(async (connection) => {
    await checkCount(connection, inner);
    return treeOf(connection, inner);
  });
  const { tables, ctes } = checkTree(tree);
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  const datasets = new Set<string>();
  for (const table of tables) {
    const name = known.get(table.toLowerCase());
    if (name !== undefined) datasets.add(name);
    else if (!ctes.has(table.toLowerCase())) throw unknownTable(table, names);
  }
  return { sql: explain === undefined ? sql : `EXPLAIN ${inner}`, datasets: [...datasets] };
}

/** Plain EXPLAIN, comments before it included. With ANALYZE or options it is left in place and refused as no SELECT. */
const explainPrefix = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*EXPLAIN\s+(?!ANALY[ZS]E\b|\()/i;

function checkText(sql: string): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes > limits.maxSqlBytes) {
    throw refused('statement_too_long', `Expected at most ${limits.maxSqlBytes} bytes of SQL, found ${bytes}.`, hint);
  }
  if (sql.includes('\0')) throw refused('nul_in_statement', 'Expected text, found a NUL character in the SQL.', hint);
  if (sql.trim() === '') throw badArguments('Expected a SELECT statement, found an empty text.', hint);
}

/** The engine parses; what it would split into several statements ends here. */
async function checkCount(connection: DuckDBConnection, sql: string): Promise<void> {
  const { count } = await connection.extractStatements(sql).catch((error: unknown) => {
    const failure = toolErrorFrom(error);
    // Comments alone make the engine fail without a reason.
    throw failure.body.class === 'internal' ? badArguments('Expected a SELECT statement, found none.', hint) : failure;
  });
  if (count === 1) return;
  const isPivot = /\bpivot/i.test(sql);
  const found = `found ${count}${isPivot ? ' (a PIVOT that does not name its values is several)' : ''}`;
  throw refused(
    'not_one_statement',
    `Expected one statement, ${found}.`,
    isPivot ? 'Name the values: PIVOT … ON column IN (value, …).' : hint,
  );
}

/** The parse tree as the engine writes it; it refuses to write anything but SELECT. */
async function treeOf(connection: DuckDBConnection, sql: string): Promise<JsonObject> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree: unknown = JSON.parse(String(reader.value(0, 0)));
  if (!isJsonObject(tree)) throw new Error('expected the engine to write its parse tree as a JSON object');
  if (tree['error'] !== true) return tree;
  if (tree['error_type'] === 'not implemented') {
    const message = 'Expected a SELECT statement, or EXPLAIN of one without options; found another kind of statement.';
    throw refused('not_a_select', message, `${hint} For SHOW and DESCRIBE use list_datasets and describe_dataset.`);
  }
  throw toolErrorFrom(new Error(`Parser Error: ${String(tree['error_message'])}`));
}

function unknownTable(table: string, names: readonly string[]) {
  const looksLikeFile = /[./\\*?:]/.test(table);
  if (!looksLikeFile) return unknownName('dataset', table, names);
  return refused('file_reference', `Expected the name of a dataset, found what looks like a file: ${table}.`, hint);
}
