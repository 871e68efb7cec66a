/** Which functions a statement may call. Table functions by allow-list; scalar functions by deny-list of families. */

/** Table functions that make rows out of their arguments and nothing else. */
const allowedTableFunctions = new Set([
  'range',
  'generate_series',
  'unnest',
  'json_each',
  'json_tree',
  'repeat',
  'repeat_row',
]);

export function isTableFunctionAllowed(name: string): boolean {
  return allowedTableFunctions.has(name.toLowerCase());
}

/** Functions that look outside the values: settings, session, log, catalogue, files, other statements, the clock's arrow. */
const refusedNames = new Set([
  'current_connection_id',
  'current_query',
  'current_query_id',
  'current_setting',
  'current_transaction_id',
  'currval',
  'getenv',
  'getvariable',
  'glob',
  'json_deserialize_sql',
  'json_execute_serialized_sql',
  'json_serialize_plan',
  'nextval',
  'parse_duckdb_log_message',
  'query',
  'query_table',
  'read_blob',
  'read_text',
  'set_config',
  'setseed',
  'sleep_ms',
  'stats',
  'txid_current',
  'which_secret',
  'write_log',
]);

const refusedFamilies =
  /^(pg_(?!size_pretty|typeof)|duckdb_|pragma_|read_|parquet_(?!.*variant)|sniff_|has_.*_privilege$)/;

export function isFunctionRefused(name: string): boolean {
  const lower = name.toLowerCase();
  return refusedNames.has(lower) || refusedFamilies.test(lower);
}
