/** `dpa run`: starts an analysis and follows it to its answer. */
import type { Config } from '../config.ts';
import type { Terminal } from '../ui/terminal.ts';
import { checkedDataPaths } from '../contracts/data-paths.ts';
import { checkedApprovals, type ApprovalFlags } from './approvals/flags.ts';
import { checkedLimits, type LimitFlags } from './limits.ts';
import { modelOf } from './model.ts';
import { followUp } from './follow-up.ts';
import { checkedId, newAnalysisId, startNamed } from './start.ts';
import { checkedTask } from './task.ts';
import { openService } from './service.ts';
import { watchAnalysis, type OutputOptions } from './watch.ts';
import { preflight } from './preflight.ts';

export type RunOptions = OutputOptions & {
  readonly task: string;
  readonly data: readonly string[];
  readonly id?: string;
  readonly limits?: LimitFlags;
  readonly detach: boolean;
  readonly model?: string;
  /** The analysis that it follows: its id, or the newest one that has ended. */
  readonly follows?: string | true;
} & ApprovalFlags;

/** Resolves with the exit code. */
export async function run(config: Config, options: RunOptions, terminal: Terminal): Promise<number> {
  const task = checkedTask(options.task);
  const data = await checkedDataPaths(options.data, config.workingFolder);
  const named = options.id === undefined ? undefined : checkedId(options.id);
  const follows = typeof options.follows === 'string' ? checkedId(options.follows) : options.follows;
  const { maxSteps, limits } = checkedLimits(options.limits, config.settings.limits);
  const approvals = checkedApprovals(options, config.settings.approvals);
  const [model] = await Promise.all([
    modelOf(config, options.model, terminal, limits.usd !== undefined),
    preflight(config),
  ]);
  await using service = await openService(config, terminal);
  const request = { task, data, model, maxSteps, limits, approvals };
  const { id, attached } =
    follows === undefined
      ? await startNamed(service, named ?? newAnalysisId(), request)
      : await followUp(service, follows, request, named);
  if (attached) terminal.notice(`The analysis ${id} is there already; attached to it, nothing was started.`);
  if (options.detach) {
    terminal.answer(options.json ? JSON.stringify({ id, status: 'running' }) : id);
    return 0;
  }
  terminal.progress(`analysis ${id}`);
  return await watchAnalysis(config, service, id, options, terminal);
}
