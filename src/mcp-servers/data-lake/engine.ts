/** The DuckDB engine: in memory, locked to the files of the datasets before it reads the first byte. */
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { cellOf, cutCell } from './cells.ts';
import type { Cell, Table } from './cells.ts';
import type { Truncation } from './envelope.ts';
import { cancelled, timedOut } from './errors.ts';
import { toolErrorFrom } from './engine-errors.ts';
import { literal } from './identifiers.ts';
import { limits } from './limits.ts';

export type RunOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxRows?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Off where the server itself wrote the text of the cells and bounded it. */
  readonly cutCells?: boolean | undefined;
};

export type RunResult = {
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
  const run = (sql: string, options: RunOptions = {}) =>
    withConnection((connection) => runInterruptibly(connection, sql, options));

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

async function runInterruptibly(connection: DuckDBConnection, sql: string, options: RunOptions): Promise<RunResult> {
  const { signal, timeoutMs = limits.statementTimeoutMs } = options;
  if (signal?.aborted) throw cancelled();
  let stoppedBy: 'caller' | 'clock' | undefined;
  let repeat: NodeJS.Timeout | undefined;
  const stop = (by: 'caller' | 'clock') => {
    stoppedBy ??= by;
    connection.interrupt();
    // One interrupt is lost when the engine is between two steps; the query ends only when it sees one.
    repeat ??= setInterval(() => connection.interrupt(), limits.interruptEveryMs);
  };
  const onAbort = () => stop('caller');
  const clock = setTimeout(() => stop('clock'), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await read(await connection.stream(sql), options);
    if (stoppedBy === undefined) return result;
  } catch (error) {
    if (stoppedBy === undefined) throw toolErrorFrom(error);
  } finally {
    clearTimeout(clock);
    clearInterval(repeat);
    signal?.removeEventListener('abort', onAbort);
  }
  throw stoppedBy === 'caller' ? cancelled() : timedOut(timeoutMs);
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

  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0 && !full; chunk = await result.fetchChunk()) {
    const vectors = types.map((_, index) => chunk!.getColumnVector(index));
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
  }
  const cut: Truncation[] = cutCount > 0 ? [{ reason: 'cells', limit: limits.maxCellBytes, cells: cutCount }] : [];
  return { table: { columns, rows }, truncation: full ? [full, ...cut] : cut, complete: full === undefined };
}
