/** What data there is: finds the data tools by their names, lists the datasets and describes their columns. */
import { cellAt, numberAt, type Table } from '../../analysis/table.ts';
import type { ToolSpec } from '../provider.ts';
import type { Ask, Reply } from './script.ts';
import { queryCall } from './query-call.ts';
import { ident } from './sql.ts';

/** Full names of the tools of one data server, as the model sees them. */
export type ToolNames = { list: string; describe: string; sample: string; profile: string; query: string };

export type DatasetInfo = {
  name: string;
  rows: number | undefined;
  columns: { name: string; type: string }[];
  /** Why the dataset cannot be read. */
  problem?: string;
};

export type Catalog = { tools: ToolNames; datasets: DatasetInfo[] };

/** Most datasets described; more would make one turn as long as the analysis itself. */
export const maxDescribedDatasets = 40;

const suffixes = {
  list: '__list_datasets',
  describe: '__describe_dataset',
  sample: '__sample_rows',
  profile: '__profile_dataset',
  query: '__query',
} as const;

/** The first server that offers all five data tools; undefined when none does. */
export function findTools(specs: readonly ToolSpec[]): ToolNames | undefined {
  const names = new Set(specs.map((spec) => spec.name));
  for (const name of names) {
    if (!name.endsWith(suffixes.list)) continue;
    const server = name.slice(0, -suffixes.list.length);
    const tools: ToolNames = {
      list: server + suffixes.list,
      describe: server + suffixes.describe,
      sample: server + suffixes.sample,
      profile: server + suffixes.profile,
      query: server + suffixes.query,
    };
    if (Object.values(tools).every((tool) => names.has(tool))) return tools;
  }
  return undefined;
}

/** Lists the datasets, then describes all readable ones in one turn; very wide ones are asked again by query. */
export function* readCatalog(tools: ToolNames): Generator<Ask, Catalog, readonly Reply[]> {
  const [listed] = yield { say: 'Looking which data there is.', calls: [{ name: tools.list, arguments: {} }] };
  const datasets = listed === undefined ? [] : listedDatasets(listed);
  const readable = datasets.filter((dataset) => dataset.problem === undefined).slice(0, maxDescribedDatasets);
  if (readable.length === 0) return { tools, datasets };
  const described = yield {
    say: 'Reading the columns of each dataset.',
    calls: readable.map((dataset) => ({ name: tools.describe, arguments: { dataset: dataset.name } })),
  };
  const wide = readable.filter((dataset, i) => !takeColumns(dataset, described[i], 'column', 'type'));
  if (wide.length === 0) return { tools, datasets };
  yield* readWideColumns(tools, wide);
  return { tools, datasets };
}

/** Columns of a very wide dataset in pages that each fit into one answer; what lies beyond them is not looked at. */
const pageColumns = 100;
const maxPages = 5;

function* readWideColumns(tools: ToolNames, wide: readonly DatasetInfo[]): Generator<Ask, undefined, readonly Reply[]> {
  const pages = wide.flatMap((dataset) => Array.from({ length: maxPages }, (_, page) => ({ dataset, page })));
  const replies = yield {
    say: 'Reading the columns of wide datasets.',
    calls: pages.map(({ dataset, page }) =>
      queryCall(tools, `columns of \`${dataset.name}\``, columnsSql(dataset.name, page), pageColumns),
    ),
  };
  for (const [i, { dataset }] of pages.entries()) {
    const before = dataset.columns;
    if (!takeColumns(dataset, replies[i], 'name', 'type') && before.length === 0)
      dataset.problem = problemOf(replies[i]);
    dataset.columns = [...before, ...dataset.columns.filter((column) => !before.includes(column))];
  }
  return undefined;
}

/** `any_value` gives one row for an empty dataset too. */
function columnsSql(dataset: string, page: number): string {
  const types = `SELECT typeof(any_value(COLUMNS(*))) FROM (SELECT * FROM ${ident(dataset)} LIMIT 1)`;
  return `SELECT name, type FROM (${types}) UNPIVOT (type FOR name IN (*)) LIMIT ${pageColumns} OFFSET ${page * pageColumns}`;
}

/** The table of a successful result; undefined for failures and for results too large to be shown whole. */
export function tableOf(reply: Reply): Table | undefined {
  if (!reply.ok || !isRecord(reply.value) || reply.value['ok'] !== true) return undefined;
  const data = reply.value['data'];
  return isTable(data) ? data : undefined;
}

/** Why a reply holds no table, in the words of the tool. */
export function problemOf(reply: Reply | undefined): string {
  if (reply === undefined) return 'no result';
  if (typeof reply.value === 'string') return reply.value;
  if (!isRecord(reply.value)) return 'the result is not an object';
  const error = reply.value['error'];
  if (isRecord(error) && typeof error['message'] === 'string') return error['message'];
  return 'the result is too large to be read at once';
}

function listedDatasets(reply: Reply): DatasetInfo[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  return table.rows.map((_, row) => {
    const problem = cellAt(table, row, 'problem');
    return {
      name: String(cellAt(table, row, 'dataset')),
      rows: numberAt(table, row, 'rows'),
      columns: [],
      ...(typeof problem === 'string' ? { problem } : {}),
    };
  });
}

/** Fills in the columns from a description; false when the reply has none. */
function takeColumns(dataset: DatasetInfo, reply: Reply | undefined, name: string, type: string): boolean {
  const table = reply && tableOf(reply);
  if (table === undefined) return false;
  dataset.columns = table.rows.map((_, row) => ({
    name: String(cellAt(table, row, name)),
    type: String(cellAt(table, row, type)),
  }));
  return true;
}

function isTable(value: unknown): value is Table {
  return isRecord(value) && Array.isArray(value['columns']) && Array.isArray(value['rows']);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
