/** What each column looks like: how many values, what they read as, the most frequent ones; asked in one query per dataset. */
import { quoted } from '../quantities.ts';
import { queryCall } from '../query-call.ts';
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { problemOf, tableOf, type Catalog, type DatasetInfo } from '../catalog.ts';
import type { Ask, Reply } from '../script.ts';
import { ident, literal } from '../sql.ts';

export type Level = { readonly value: string; readonly rows: number };

export type ColumnShape = {
  readonly dataset: string;
  readonly name: string;
  readonly type: string;
  readonly filled: number;
  readonly distinct: number;
  readonly reads: 'number' | 'date' | 'text' | 'boolean' | 'nested';
  readonly levels: readonly Level[];
  readonly firstDay: string | undefined;
  readonly lastDay: string | undefined;
  /** The result and row that say so. */
  readonly reply: Reply;
  readonly row: number;
};

export type DatasetShape = {
  readonly name: string;
  readonly rows: number;
  /** True when only the first rows were looked at: types are known, counts are not. */
  readonly sampled: boolean;
  readonly columns: readonly ColumnShape[];
};

/** Above so many rows only the first ones are looked at. */
const maxShapeRows = 200_000;
const sampledRows = 100_000;
/** What one query may take, in estimated bytes of SQL and result: together they must fit into what a model is shown. */
const bytesPerQuery = 5000;
const bytesPerColumn = 250;
/** Columns per query when a first try came out too large. */
const fewColumns = 4;
/** Values are listed for columns with at most so many different ones; of others they say nothing. */
const maxListed = 60;
/** Datasets looked at, and columns of each; the largest analysis a person can follow has fewer. */
export const maxDatasets = 12;
export const maxColumns = 90;

/** Share of the values that must read as a number or date for a text column to count as one. */
const mostlyShare = 0.9;

/** Words that stand for a missing value; `none` does not, it is often a level of its own. */
export const nullWords = String.raw`^\s*(n/?a|null|nan|nil|unknown|missing|-+|\?+|\.|)\s*$`;

type Part = { readonly dataset: DatasetInfo; readonly columns: DatasetInfo['columns'] };

/** Asks for the shapes of all readable datasets in one turn. */
export function* readShapes(
  catalog: Catalog,
  ask: Omit<Ask, 'calls'>,
): Generator<Ask, DatasetShape[], readonly Reply[]> {
  const datasets = catalog.datasets
    .filter((dataset) => dataset.problem === undefined && dataset.columns.length > 0)
    .slice(0, maxDatasets);
  const parts = datasets.flatMap((dataset) => partsOf(dataset, bytesPerQuery));
  if (parts.length === 0) return [];
  const answered = yield* answers(parts, catalog, ask);
  const large = answered.filter(({ reply }) => reply.ok && tableOf(reply) === undefined);
  const smaller = large.flatMap(({ part }) => cutColumns(part, (_, i) => i % fewColumns === 0));
  const again = smaller.length === 0 ? [] : yield* answers(smaller, catalog, ask);
  const all = [...answered.filter((answer) => !large.includes(answer)), ...again];
  return datasets.map((dataset) => {
    const columns = all.flatMap(({ part, reply }) => (part.dataset === dataset ? columnsOf(part, reply) : []));
    const fullest = Math.max(0, ...columns.map((column) => column.filled));
    return { name: dataset.name, rows: dataset.rows ?? fullest, sampled: isLarge(dataset), columns };
  });
}

type Answer = { readonly part: Part; readonly reply: Reply };

function* answers(
  parts: readonly Part[],
  catalog: Catalog,
  ask: Omit<Ask, 'calls'>,
): Generator<Ask, Answer[], readonly Reply[]> {
  const calls = parts.map((part) =>
    queryCall(catalog.tools, `values of the columns of ${quoted(part.dataset.name)}`, shapeSql(part)),
  );
  const replies = yield { ...ask, calls };
  return parts.flatMap((part, i) => {
    const reply = replies[i];
    return reply === undefined ? [] : [{ part, reply }];
  });
}

/** The columns of a dataset in parts that each fit into one answer: a name stands three times in query and result. */
function partsOf(dataset: DatasetInfo, budget: number): Part[] {
  const columns = dataset.columns.filter(({ type }) => !isNested(type)).slice(0, maxColumns);
  let used = 0;
  return cutColumns({ dataset, columns }, ({ name }) => {
    const bytes = 3 * name.length + bytesPerColumn;
    const full = used + bytes > budget;
    used = full ? bytes : used + bytes;
    return full;
  });
}

/** Cuts before each column for which it is said so. */
function cutColumns(
  part: Part,
  startsPart: (column: DatasetInfo['columns'][number], index: number) => boolean,
): Part[] {
  const parts: DatasetInfo['columns'][] = [];
  for (const [i, column] of part.columns.entries()) {
    const starts = startsPart(column, i);
    if (starts || parts.length === 0) parts.push([column]);
    else parts.at(-1)?.push(column);
  }
  return parts.map((columns) => ({ dataset: part.dataset, columns }));
}

function shapeSql({ dataset, columns }: Part): string {
  const names = columns.map(({ name }) => literal(name)).join(', ');
  const values = columns.map(({ name }) => `${ident(name)}::VARCHAR`).join(', ');
  const from = isLarge(dataset) ? `(SELECT * FROM ${ident(dataset.name)} LIMIT ${sampledRows})` : ident(dataset.name);
  return `WITH long AS (SELECT unnest([${names}]) AS name, unnest([${values}]) AS value FROM ${from}),
counted AS (SELECT name, value, count(*) AS n, TRY_CAST(value AS DOUBLE) AS number, TRY_CAST(value AS TIMESTAMP) AS day
  FROM long WHERE value IS NOT NULL GROUP BY name, value)
SELECT name, sum(n)::BIGINT AS filled, count(*) AS distinct_values,
  coalesce(sum(n) FILTER (number IS NOT NULL), 0)::BIGINT AS numbers,
  coalesce(sum(n) FILTER (day IS NOT NULL), 0)::BIGINT AS dates,
  coalesce(sum(n) FILTER (number < 0), 0)::BIGINT AS negatives,
  coalesce(sum(n) FILTER (regexp_matches(value, ${literal(nullWords)}, 'i')), 0)::BIGINT AS null_words,
  min(day)::DATE AS first_day, max(day)::DATE AS last_day,
  CASE WHEN count(*) <= ${maxListed} THEN to_json(list_transform(max({n: n, v: left(value, 40)}, 8), lambda x: [x.v, x.n::VARCHAR]))::VARCHAR END AS top
FROM counted GROUP BY name ORDER BY name`;
}

function columnsOf(part: Part, reply: Reply): ColumnShape[] {
  const table = tableOf(reply);
  if (table === undefined) {
    part.dataset.problem = problemOf(reply);
    return [];
  }
  return table.rows.flatMap((_, row) => {
    const column = part.columns.find(({ name }) => name === cellAt(table, row, 'name'));
    if (column === undefined) return [];
    const number = (name: string): number => numberAt(table, row, name) ?? 0;
    const filled = number('filled');
    const day = (name: string): string | undefined => {
      const cell = cellAt(table, row, name);
      return typeof cell === 'string' ? cell : undefined;
    };
    const meant = Math.max(1, filled - number('null_words'));
    return [
      {
        dataset: part.dataset.name,
        ...column,
        filled,
        distinct: number('distinct_values'),
        reads: readsAs(column.type, number('numbers') / meant, number('dates') / meant),
        levels: levelsOf(cellAt(table, row, 'top')),
        firstDay: day('first_day'),
        lastDay: day('last_day'),
        reply,
        row,
      },
    ];
  });
}

function readsAs(type: string, numbers: number, dates: number): ColumnShape['reads'] {
  if (/^BOOL/i.test(type)) return 'boolean';
  if (/^(DATE|TIMESTAMP)/i.test(type)) return 'date';
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|DECIMAL|DOUBLE|FLOAT|REAL)/i.test(type)) return 'number';
  if (numbers >= mostlyShare) return 'number';
  return dates >= mostlyShare ? 'date' : 'text';
}

function levelsOf(cell: unknown): Level[] {
  if (typeof cell !== 'string') return [];
  const parsed: unknown = JSON.parse(cell);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((pair: unknown) =>
    Array.isArray(pair) ? [{ value: String(pair[0]), rows: Number(pair[1]) }] : [],
  );
}

function isNested(type: string): boolean {
  return /\[|^(STRUCT|MAP|UNION|JSON|BLOB)/i.test(type);
}

function isLarge(dataset: DatasetInfo): boolean {
  return (dataset.rows ?? 0) > maxShapeRows;
}

/** The levels that are values, without words that stand for a missing one. */
export function realLevels(column: ColumnShape): Level[] {
  const missing = new RegExp(nullWords, 'i');
  return column.levels.filter(({ value }) => !missing.test(value));
}
