/** Finds the dataset that each table of a suite is about. */
import { nearest } from '../analysis/nearest.ts';
import type { QualitySource } from './ask.ts';
import type { Contract, Table } from './contract.ts';
import type { SourceColumn } from './dialect.ts';
import type { Suite, TableKey } from './run.ts';
import type { TableSource } from './table-context.ts';

type Listed = { readonly name: string; readonly problem: string | null };

export type PlannedTable = TableKey & {
  readonly source:
    | { readonly kind: 'there'; readonly dataset: string; readonly columns: readonly SourceColumn[] }
    | { readonly kind: 'absent'; readonly reason: string };
};

/** All tables of the suite, in its order; `aliases` are paths that the user named for a table. */
export async function findTables(
  suite: Suite,
  source: QualitySource,
  aliases: Readonly<Record<string, string>>,
): Promise<readonly PlannedTable[]> {
  const datasets = await source.datasets();
  const wanted = suite.contracts.flatMap(({ id, tables }) => tables.map((table) => ({ contract: id, table })));
  const planned: PlannedTable[] = [];
  for (const { contract, table } of wanted) {
    const found = datasetFor(table, datasets, aliases[table.name], wanted.length === 1);
    planned.push({
      contract,
      table: table.name,
      source: found.kind === 'absent' ? found : await columnsOf(found.dataset),
    });
  }
  return planned;

  async function columnsOf(dataset: string): Promise<PlannedTable['source']> {
    const columns = await source.columns(dataset);
    return 'problem' in columns ? { kind: 'absent', reason: columns.problem } : { kind: 'there', dataset, columns };
  }
}

/** Those with data by name; where two contracts have a table of the same name the first one counts. */
export function otherTables(
  contracts: readonly Contract[],
  tables: readonly PlannedTable[],
): ReadonlyMap<string, TableSource> {
  const others = new Map<string, TableSource>();
  for (const { contract, table: name, source } of tables) {
    const table = contracts.find(({ id }) => id === contract)?.tables.find((one) => one.name === name);
    if (table === undefined || source.kind === 'absent' || others.has(name)) continue;
    others.set(name, { table, dataset: source.dataset, columns: source.columns });
  }
  return others;
}

type FoundDataset =
  { readonly kind: 'there'; readonly dataset: string } | { readonly kind: 'absent'; readonly reason: string };

/** By what the user named for it, else by its names; one table and one dataset belong together whatever they are called. */
function datasetFor(
  { name, physicalName }: Table,
  datasets: readonly Listed[],
  alias: string | undefined,
  isOnlyTable: boolean,
): FoundDataset {
  const wanted = alias === undefined ? [physicalName, name] : [alias];
  const found =
    wanted.map((one) => named(one, datasets)).find((dataset) => dataset !== undefined) ??
    (isOnlyTable && datasets.length === 1 ? datasets[0] : undefined);
  if (found === undefined) {
    const names = datasets.map((dataset) => dataset.name);
    const [near] = nearest(wanted[0]!, names);
    const there = names.length === 0 ? 'there is no data at all' : `there is: ${names.slice(0, 20).join(', ')}`;
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return {
      kind: 'absent',
      reason: `Expected data for the table "${name}", found none; ${there}.${hint} Name it with --data ${name}=PATH.`,
    };
  }
  return found.problem === null ? { kind: 'there', dataset: found.name } : { kind: 'absent', reason: found.problem };
}

/** As the tool server makes names of files: `my orders-2024.csv` is `my_orders_2024`, with the format behind it where two share it. */
export function named<T extends { readonly name: string }>(wanted: string, datasets: readonly T[]): T | undefined {
  const stem = wanted
    .replace(/[/\\]+$/, '')
    .replace(/^.*[/\\]/, '')
    .replace(/\.(csv|tsv|json|ndjson|jsonl|parquet|pq)(\.gz)?$/i, '');
  const key = plain(stem);
  const formats = ['', '_csv', '_json', '_parquet'].map((format) => `${key}${format}`);
  const exact = datasets.find((dataset) => dataset.name === wanted);
  return exact ?? datasets.find((dataset) => formats.includes(plain(dataset.name)));
}

function plain(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^t_(?=\p{N})/u, '');
}
