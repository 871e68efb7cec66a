/** `dpa approvals`: what waits for a person, in one analysis or in all, the oldest first. */
import type { Ask } from '../../analysis/decisions.ts';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { askText } from '../../ui/ask-text.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { pendingQuery, type AnalysisWorkflow } from '../../workflows/messages.ts';
import { unknownAnalysis } from '../follow.ts';
import { openService, type Service } from '../service.ts';
import { checkedId } from '../start.ts';

/** Analyses that are asked what they wait for, and how long one may take to say it. */
const mostAsked = 1_000;
const queryLimitMs = 10_000;

type Waiting = { readonly analysis: string; readonly asks: readonly Ask[] };

export async function approvals(
  config: Config,
  givenId: string | undefined,
  { json }: { readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const id = givenId === undefined ? undefined : checkedId(givenId);
  await using service = await openService(config, terminal);
  const waiting: Waiting[] = [];
  for (const analysis of id === undefined ? await candidates(service) : [id]) {
    const asks = await pendingOf(service, analysis).catch((error: unknown) => {
      if (id !== undefined) throw error;
      // One that ended meanwhile, or that no worker can replay, must not hide the others.
      terminal.notice(`${analysis} does not say what it waits for: ${error instanceof Error ? error.message : ''}`);
      return [];
    });
    if (asks.length > 0) waiting.push({ analysis, asks });
  }
  if (json)
    terminal.answer(JSON.stringify(waiting.flatMap(({ analysis, asks }) => asks.map((ask) => ({ analysis, ...ask })))));
  else terminal.answer(waiting.length === 0 ? 'Nothing waits for a decision.' : waiting.map(text).join('\n\n'));
  return 0;
}

function text({ analysis, asks }: Waiting): string {
  return asks.map((ask) => askText(ask, { analysis, nowMs: Date.now() }).join('\n')).join('\n\n');
}

/** Those that are marked as waiting; all that run where the service does not know the mark. */
async function candidates(service: Service): Promise<string[]> {
  const waiting = service.searchAttributes ? " AND DpaStatus = 'waiting'" : '';
  const ids: string[] = [];
  const running = service.client.workflow.list({
    query: `WorkflowType = 'analysisWorkflow' AND ExecutionStatus = 'Running'${waiting}`,
  });
  for await (const { workflowId } of running) {
    ids.push(workflowId);
    if (ids.length >= mostAsked) break;
  }
  return ids.toReversed();
}

/** Throws a `CommandError` when there is no such analysis, or no worker that could say it. */
export async function pendingOf(service: Service, id: string): Promise<readonly Ask[]> {
  const handle = service.client.workflow.getHandle<AnalysisWorkflow>(id);
  const description = await handle.describe().catch(() => undefined);
  if (description === undefined) throw unknownAnalysis(id);
  if (description.status.name !== 'RUNNING') return [];
  try {
    return await service.client.withDeadline(Date.now() + queryLimitMs, () => handle.query(pendingQuery));
  } catch (error) {
    throw new CommandError(
      `Expected a worker that says what ${id} waits for, found none that answers. Is \`dpa worker\` running?`,
      exitCode.unreachable,
      { cause: error },
    );
  }
}
