/** The first activity of a quality run: reads the suite, finds its data, freezes the history it is judged by. */
import { Context } from '@temporalio/activity';
import { findTables } from '../quality/datasets.ts';
import type { DataInterval, Suite } from '../quality/run.ts';
import { slimmed } from '../quality/points.ts';
import { intervalAt } from '../quality/interval.ts';
import type { QualityDependencies } from './quality.ts';
import type { OpenQualityRunInput, OpenQualityRunResult } from './quality-contract.ts';
import { checkedContracts, type RunPlan } from './quality-plan.ts';
import { withHeartbeat } from './heartbeat.ts';

export function createOpenQualityRun({ store, openQualitySource, qualityHistory, lineage }: QualityDependencies) {
  return (input: OpenQualityRunInput): Promise<OpenQualityRunResult> =>
    withHeartbeat(async (signal) => {
      const suite = JSON.parse(await store.get(input.suite)) as Suite;
      const interval = intervalOf(input);
      const source = await openQualitySource(input.data, `quality/${input.suite}`, signal);
      const [tables, earlier] = await Promise.all([
        findTables(suite, source, input.aliases),
        qualityHistory.before(suite.name, interval.name),
      ]);
      const untold = await lineage.started({
        runId: Context.current().info.workflowExecution?.runId ?? '',
        suite: suite.name,
        interval: interval.name,
        startedAt: new Date(input.startedAtMs).toISOString(),
        data: input.data,
        datasets: tables.flatMap(({ source: found }) => (found.kind === 'there' ? [found.dataset] : [])),
      });
      const plan: RunPlan = {
        suite: suite.name,
        contracts: suite.contracts,
        ...(input.only === undefined ? {} : { only: input.only }),
        ...(input.rescan === undefined ? {} : { rescan: input.rescan }),
        ...(input.quarantine === undefined ? {} : { quarantine: input.quarantine }),
        data: input.data,
        interval,
        tables,
        history: slimmed(earlier.points),
        problems: [...earlier.problems, ...(untold === undefined ? [] : [untold])],
      };
      const checked = new Set(checkedContracts(plan).map(({ id }) => id));
      return {
        suiteName: suite.name,
        interval,
        tables: tables
          .filter(({ contract }) => checked.has(contract))
          .map(({ contract, table }) => ({ contract, table })),
        plan: await store.put(JSON.stringify(plan)),
      };
    });
}

/** Without a word about it, the data is of today. */
function intervalOf({ interval, startedAtMs }: OpenQualityRunInput): DataInterval {
  return interval ?? intervalAt(startedAtMs, 'UTC');
}
