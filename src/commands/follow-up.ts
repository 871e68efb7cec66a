/** `dpa --resume ID --task "…"`: asks on after an analysis that has ended; the same words twice attach, never double. */
import type { Followed } from '../analysis/follow-up.ts';
import { CommandError, exitCode } from '../command-error.ts';
import { refOf } from '../store/folder.ts';
import { transcriptQuery, type AnalysisWorkflow } from '../workflows/messages.ts';
import { unknownAnalysis } from './follow.ts';
import type { Service } from './service.ts';
import { startNamed, type StartRequest } from './start.ts';

/** Follow-ups of one analysis, and of those that follow it. */
const maxFollowUps = 1_000;

/** The analysis that one follows, as the service knows it. */
export function followed(memo: Readonly<Record<string, unknown>> | undefined): { follows?: string } {
  const follows = memo?.['follows'];
  return typeof follows === 'string' ? { follows } : {};
}

type FollowedAnalysis = {
  readonly left: Followed;
  /** The first one of the row: it gives all of them their name. */
  readonly root: string;
  readonly data: readonly string[];
};

type Started = { readonly id: string; readonly attached: boolean };

/** `true` follows the newest one that has ended. On the same data, where no other is named. */
export async function followUp(
  service: Service,
  follows: string | true,
  request: Omit<StartRequest, 'id'>,
  named: string | undefined,
): Promise<Started> {
  const { left, root, data } = await find(service, follows === true ? await newestEnded(service) : follows);
  const whole = { ...request, root, follows: left, data: request.data.length === 0 ? data : request.data };
  return named === undefined ? startNumbered(service, whole) : startNamed(service, named, whole);
}

async function find(service: Service, session: string): Promise<FollowedAnalysis> {
  const handle = service.client.workflow.getHandle<AnalysisWorkflow>(session);
  const description = await handle.describe().catch(() => undefined);
  if (description === undefined) throw unknownAnalysis(session);
  if (description.status.name === 'RUNNING')
    throw new CommandError(
      `Expected an analysis that has ended, found ${session}, which goes on. To turn it: dpa redirect ${session} "words". To ask on after it, wait for its end: dpa watch ${session}.`,
      exitCode.usage,
    );
  const { data, steps: _, ...rest } = await handle.query(transcriptQuery);
  const root = description.memo?.['root'];
  return { left: { session, ...rest }, root: typeof root === 'string' ? root : session, data };
}

/** `ROOT-2`, `ROOT-3` and so on: the first that is free, or that is this very follow-up. */
async function startNumbered(
  service: Service,
  request: Omit<StartRequest, 'id'> & { readonly root: string; readonly follows: Followed },
): Promise<Started> {
  const { root, follows, task } = request;
  for (let number = 2; number <= maxFollowUps; number += 1) {
    const started = await startNamed(service, `${root}-${number}`, request);
    if (!started.attached || (await isSame(service, started.id, task, follows.session))) return started;
  }
  throw new CommandError(
    `Expected at most ${maxFollowUps} follow-ups of ${root}, found as many. Give this one a name of its own with --id.`,
    exitCode.usage,
  );
}

async function isSame(service: Service, id: string, task: string, session: string): Promise<boolean> {
  const { memo } = await service.client.workflow.getHandle(id).describe();
  return followed(memo).follows === session && memo?.['asked'] === refOf(task);
}

async function newestEnded(service: Service): Promise<string> {
  const ended = service.client.workflow.list({
    query: "WorkflowType = 'analysisWorkflow' AND ExecutionStatus != 'Running' AND ExecutionStatus != 'ContinuedAsNew'",
  });
  for await (const { workflowId } of ended) return workflowId;
  throw new CommandError(
    'Expected an analysis that has ended, to ask on after it, found none. `dpa sessions --all` lists what there is.',
    exitCode.usage,
  );
}
