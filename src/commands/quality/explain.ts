/** `dpa quality run --explain`: the statements a run would ask, and why a check could not be asked; no check is evaluated. */
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { findTables, otherTables } from '../../quality/datasets.ts';
import { duckdbDialect } from '../../quality/duckdb-dialect.ts';
import { failingRows } from '../../quality/failing-rows.ts';
import { planTable } from '../../quality/plan.ts';
import type { Suite } from '../../quality/run.ts';
import { openConnections } from '../../tools/connections.ts';
import { openQualitySource } from '../../tools/quality-source.ts';
import { readServerConfig } from '../../tools/server-config-file.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { QualityData } from '../../contracts/suite-data.ts';

/** The exit code of a run in which something could not be evaluated. */
const notEvaluated = 3;

/** 3 when something could not be evaluated, else 0. */
export async function explain(config: Config, suite: Suite, data: QualityData, terminal: Terminal): Promise<number> {
  const servers = await readServerConfig(config.mcpConfigFile, config.environment, config.workingFolder).catch(
    (cause: unknown) => {
      throw new CommandError(cause instanceof Error ? cause.message : String(cause), exitCode.usage, { cause });
    },
  );
  await using connections = openConnections(servers);
  const source = await openQualitySource(connections, data.paths, 'explain', new AbortController().signal);
  const tables = await findTables(suite, source, data.aliases);
  const others = otherTables(suite.contracts, tables);
  let impossible = 0;
  for (const { contract: id, table: name, source: found } of tables) {
    const contract = suite.contracts.find((one) => one.id === id)!;
    const table = contract.tables.find((one) => one.name === name)!;
    const checks = contract.checks.filter((check) => check.table === name);
    terminal.answer(`-- ${name}: ${checks.length} checks`);
    if (found.kind === 'absent') {
      impossible += 1;
      terminal.answer(`-- ${found.reason}\n`);
      continue;
    }
    const context = { table, ...found, dialect: duckdbDialect, others };
    const plan = planTable(context, checks);
    for (const { statement, columns } of plan.scans) {
      terminal.answer(`-- one scan of ${found.dataset}, ${columns.length} aggregates\n${statement};\n`);
    }
    for (const planned of plan.checks) {
      if (planned.kind === 'own') terminal.answer(`-- ${planned.check.name}\n${planned.statement};\n`);
      if (planned.kind === 'columns') terminal.answer(`-- ${planned.check.name}: by the columns, nothing is read\n`);
      if (planned.kind === 'impossible') {
        impossible += 1;
        terminal.answer(`-- ${planned.check.name}: ${planned.reason}\n`);
      } else {
        const rows = failingRows(context, planned.check);
        if (rows !== undefined)
          terminal.answer(`-- if it is broken, its rows: ${planned.check.name}\n${rows.statement};\n`);
      }
    }
  }
  return impossible === 0 ? 0 : notEvaluated;
}
