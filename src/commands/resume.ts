/** `dpa --resume` and `dpa watch ID`: goes back to an analysis, the newest unfinished one when none is named. */
import type { Config } from '../config.ts';
import { CommandError, exitCode } from '../command-error.ts';
import type { Terminal } from '../ui/terminal.ts';
import { preflight } from './preflight.ts';
import { openService, type Service } from './service.ts';
import { checkedId } from './start.ts';
import { watchAnalysis, type OutputOptions } from './watch.ts';

export async function resume(
  config: Config,
  id: string | undefined,
  options: OutputOptions,
  terminal: Terminal,
): Promise<number> {
  const known = id === undefined ? undefined : checkedId(id);
  await preflight(config);
  await using service = await openService(config, terminal);
  const chosen = known ?? (await newestUnfinished(service));
  terminal.progress(`analysis ${chosen}`);
  return await watchAnalysis(config, service, chosen, options, terminal);
}

async function newestUnfinished(service: Service): Promise<string> {
  const running = service.client.workflow.list({
    query: "WorkflowType = 'analysisWorkflow' AND ExecutionStatus = 'Running'",
  });
  for await (const { workflowId } of running) return workflowId;
  throw new CommandError(
    'Expected an unfinished analysis to resume, found none. `dpa sessions --all` lists the finished ones.',
    exitCode.usage,
  );
}
