/** What a quality run knows once it has looked at the suite and at the data: the basis of every table's checks. */
import type { Contract, Table } from '../quality/contract.ts';
import type { PlannedTable } from '../quality/datasets.ts';
import type { HistoryPoint } from '../quality/points.ts';
import type { CheckResult, TableResult } from '../quality/check-result.ts';
import type { Distribution } from '../quality/drift.ts';
import type { DataInterval, TableKey } from '../quality/run.ts';
import type { ContentStore } from '../store/content-store.ts';

export type RunPlan = {
  readonly suite: string;
  readonly contracts: readonly Contract[];
  /** Ids of those that are checked; the others are there for what refers to them. Absent: all. */
  readonly only?: readonly string[];
  readonly data: readonly string[];
  /** Absolute: violating rows of every table are put aside there. */
  readonly quarantine?: string;
  /** Nothing that is known of files counts: each is read. */
  readonly rescan?: boolean;
  readonly interval: DataInterval;
  readonly tables: readonly PlannedTable[];
  /** Earlier points of the suite, oldest first; frozen at the start, so that all tables see the same. */
  readonly history: readonly HistoryPoint[];
  readonly problems: readonly string[];
};

export type CheckedTable = {
  readonly result: TableResult;
  readonly distributions: Readonly<Record<string, Distribution>>;
};

export function checkedContracts({ contracts, only }: Pick<RunPlan, 'contracts' | 'only'>): readonly Contract[] {
  return only === undefined ? contracts : contracts.filter(({ id }) => only.includes(id));
}

export async function readPlan(store: ContentStore, ref: string): Promise<RunPlan> {
  return JSON.parse(await store.get(ref)) as RunPlan;
}

export function tableOf(plan: RunPlan, { contract, table }: TableKey): { contract: Contract; table: Table } {
  const found = plan.contracts.find(({ id }) => id === contract);
  const described = found?.tables.find(({ name }) => name === table);
  if (found === undefined || described === undefined)
    throw new Error(`expected the table ${table} of the contract ${contract} in the plan, found none`);
  return { contract: found, table: described };
}

/** A table that could not be looked at: each of its checks is an error, none is green. */
export function unreachableTable(
  plan: RunPlan,
  key: TableKey,
  judgeError: (check: Contract['checks'][number]) => CheckResult,
): CheckedTable {
  const { contract } = tableOf(plan, key);
  const checks = contract.checks.filter(({ table }) => table === key.table).map(judgeError);
  return {
    result: { ...key, columns: [], checks, statements: 0, elapsedMs: 0 },
    distributions: {},
  };
}
