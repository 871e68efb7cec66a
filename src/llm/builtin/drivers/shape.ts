/** What each column looks like: how many values, what they read as, the most frequent ones; asked in one query per dataset. */
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
/** Columns per query: their description must fit into what a model is shown. */
const columnsPerQuery = 18;
/** Datasets looked at; the largest analysis a person can follow has fewer. */
const maxDatasets = 12;
const maxColumns = 90;

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
  const parts = datasets.flatMap((dataset): Part[] => {
    const columns = dataset.columns.filter(({ type }) => !isNested(type)).slice(0, maxColumns);
    const starts = Array.from({ length: Math.ceil(columns.length / columnsPerQuery) }, (_, i) => i * columnsPerQuery);
    return starts.map((start) => ({ dataset, columns: columns.slice(start, start + columnsPerQuery) }));
  });
  if (parts.length === 0) return [];
  const replies = yield {
    ...ask,
    calls: parts.map((part) => ({ name: catalog.tools.query, arguments: { sql: shapeSql(part) } })),
  };
  return datasets.map((dataset) => {
    const columns = parts.flatMap((part, i) => {
      const reply = replies[i];
      return part.dataset === dataset && reply !== undefined ? columnsOf(part, reply) : [];
    });
    const fullest = Math.max(0, ...columns.map((column) => column.filled));
    return { name: dataset.name, rows: dataset.rows ?? fullest, sampled: isLarge(dataset), columns };
  });
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
  to_json(list_transform(max({n: n, v: left(value, 40)}, 8), lambda x: [x.v, x.n::VARCHAR]))::VARCHAR AS top
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
