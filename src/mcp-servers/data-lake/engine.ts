/** The DuckDB engine: in memory, locked to the files of the datasets before it reads the first byte. */
import { DuckDBInstance, StatementType } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { cellOf, cutCell } from './cells.ts';
import type { Cell, Table } from './cells.ts';
import type { Truncation } from './envelope.ts';
import { cancelled, refused, timedOut } from './errors.ts';
import type { ToolError } from './errors.ts';
import { toolErrorFrom } from './engine-errors.ts';
import { literal } from './identifiers.ts';
import { limits } from './limits.ts';

type RunOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxRows?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Off where the server itself wrote the text of the cells and bounded it. */
  readonly cutCells?: boolean | undefined;
  /** For statements of callers: anything but SELECT and EXPLAIN is refused, whatever the guard thought. */
  readonly onlyReads?: boolean | undefined;
  /** A statement of the server's own that goes before it, on the same connection. */
  readonly before?: string | undefined;
};

type RunResult = {
  readonly table: Table;
  readonly truncation: readonly Truncation[];
  /** True when every row of the result is in the table. */
  readonly complete: boolean;
};

export type Engine = {
  /** Runs one statement on a connection of its own. Throws ToolError. */
  readonly run: (sql: string, options?: RunOptions) => Promise<RunResult>;
  /** The same for statements that the server wrote: no limits on rows and bytes. */
  readonly runAll: (sql: string, options?: RunOptions) => Promise<readonly (readonly Cell[])[]>;
  /** Lends a connection, for the guard's look at the parse tree. */
  readonly withConnection: <T>(use: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;
  readonly close: () => void;
};

/** Opens an engine that can read exactly `files` (absolute real paths) and nothing else. */
export async function openEngine(files: readonly string[]): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.engineThreads),
    memory_limit: `${limits.engineMemoryMib}MiB`,
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  await lock(instance, files);

  const withConnection = async <T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  };
  const run = async (sql: string, options: RunOptions = {}) => runInterruptibly(await instance.connect(), sql, options);

  return {
    run,
    runAll: async (sql, options = {}) => {
      const all = { ...options, maxRows: Infinity, maxBytes: Infinity, cutCells: false };
      return (await run(sql, all)).table.rows;
    },
    withConnection,
    close: () => instance.closeSync(),
  };
}

/** Order matters: the list of files can only be set before external access is off, and nothing after the lock. */
async function lock(instance: DuckDBInstance, files: readonly string[]): Promise<void> {
  const connection = await instance.connect();
  try {
    await connection.run(`SET allowed_paths = [${files.map(literal).join(', ')}]`);
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  } finally {
    connection.closeSync();
  }
}

/** Takes over the connection. A statement that ignores its interrupt is left behind, and closes when it ends. */
async function runInterruptibly(connection: DuckDBConnection, sql: string, options: RunOptions): Promise<RunResult> {
  const { signal, timeoutMs = limits.statementTimeoutMs } = options;
  const stopped = Promise.withResolvers<never>();
  let repeat: NodeJS.Timeout | undefined;
  let grace: NodeJS.Timeout | undefined;
  let reason: ToolError | undefined;
  const stop = (error: ToolError) => {
    reason ??= error;
    connection.interrupt();
    // One interrupt is lost when the engine is between two steps; the query ends only when it sees one.
    repeat ??= setInterval(() => connection.interrupt(), limits.interruptEveryMs);
    grace ??= setTimeout(() => stopped.reject(error), limits.interruptGraceMs);
  };
  const onAbort = () => stop(cancelled());
  const clock = setTimeout(() => stop(timedOut(timeoutMs)), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const work = execute(connection, sql, options, () => reason === undefined).finally(() => {
    clearInterval(repeat);
    connection.closeSync();
  });
  try {
    return await Promise.race([work, stopped.promise]);
  } catch (error) {
    throw reason ?? toolErrorFrom(error);
  } finally {
    clearTimeout(clock);
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function execute(connection: DuckDBConnection, sql: string, options: RunOptions, goesOn: () => boolean) {
  if (!goesOn()) throw new Error('stopped before it began');
  if (options.before !== undefined) await connection.run(options.before);
  const statement = await connection.prepare(sql);
  const { statementType } = statement;
  if (options.onlyReads && statementType !== StatementType.SELECT && statementType !== StatementType.EXPLAIN) {
    const kind = StatementType[statementType];
    throw refused('not_a_select', `Expected a SELECT statement, found ${kind}.`, 'Write one SELECT.');
  }
  const result = await read(await statement.stream(), options);
  // An interrupt between two chunks shows as an early end of the rows, which must not pass for the whole result.
  if (!goesOn()) throw new Error('stopped');
  return result;
}

/** Reads one row more than asked, to know whether there are more, and stops at whichever limit comes first. */
async function read(result: DuckDBResult, options: RunOptions): Promise<RunResult> {
  const { maxRows = limits.defaultRows, maxBytes = limits.defaultResultBytes, cutCells = true } = options;
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, index) => ({ name, type: String(types[index]) }));
  const rows: Cell[][] = [];
  let bytes = 0;
  let cutCount = 0;
  let full: Truncation | undefined;

  for await (const chunk of result) {
    const vectors = types.map((_, index) => chunk.getColumnVector(index));
    for (let at = 0; at < chunk.rowCount && !full; at++) {
      if (rows.length >= maxRows) {
        full = { reason: 'rows', limit: maxRows };
        break;
      }
      const row = vectors.map((vector, index) => {
        const cell = cellOf(vector.getItem(at), types[index]!);
        const cut = cutCells ? cutCell(cell) : undefined;
        if (cut !== undefined) cutCount++;
        return cut ?? cell;
      });
      bytes += maxBytes === Infinity ? 0 : Buffer.byteLength(JSON.stringify(row)) + 1;
      if (bytes > maxBytes) full = { reason: 'bytes', limit: maxBytes };
      else rows.push(row);
    }
    if (full) break;
  }
  const cut: Truncation[] = cutCount > 0 ? [{ reason: 'cells', limit: limits.maxCellBytes, cells: cutCount }] : [];
  return { table: { columns, rows }, truncation: full ? [full, ...cut] : cut, complete: full === undefined };
}
