/** Starts an analysis, or attaches to the one that has its id already. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import { ulid } from 'ulid';
import { workflowTaskTimeout } from '../workflows/activity-options.ts';
import { refOf } from '../store/folder.ts';
import { taskQueue, type AnalysisInput, type AnalysisWorkflow } from '../workflows/messages.ts';
import { CommandError, exitCode } from '../command-error.ts';
import type { Service } from './service.ts';

/** `running`, `waiting`, `paused` and the ways to end, as the workflow tells it to the service. */
export const statusAttribute = defineSearchAttributeKey('DpaStatus', SearchAttributeType.KEYWORD);
const modelAttribute = defineSearchAttributeKey('DpaModel', SearchAttributeType.KEYWORD);

export type StartRequest = Omit<AnalysisInput, 'searchAttributes' | 'uiUrl' | 'carried'> & {
  readonly id: string;
  /** Of a follow-up: the first analysis of the row. */
  readonly root?: string;
};

export function newAnalysisId(): string {
  return `analysis-${ulid().toLowerCase()}`;
}

/** An id is what a caller may give: short, and harmless in paths, URLs and shells. */
export function checkedId(id: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/.test(id) && !id.includes('..')) return id;
  throw new CommandError(
    `Expected an id of at most 200 letters, digits and . _ : - that begins with a letter or digit, found ${JSON.stringify(id)}.`,
    exitCode.usage,
  );
}

export async function startNamed(
  service: Service,
  id: string,
  request: Omit<StartRequest, 'id'>,
): Promise<{ id: string; attached: boolean }> {
  return { id, ...(await startAnalysis(service, { id, ...request })) };
}

/** The same id twice attaches, also to an analysis that has ended: never a second run. */
export async function startAnalysis(
  service: Service,
  { id, root, ...request }: StartRequest,
): Promise<{ attached: boolean }> {
  const input: AnalysisInput = {
    ...request,
    searchAttributes: service.searchAttributes,
    ...(service.uiUrl === undefined ? {} : { uiUrl: workflowsUrl(service) }),
  };
  const attributes = new TypedSearchAttributes([
    { key: statusAttribute, value: 'running' },
    { key: modelAttribute, value: request.model },
  ]);
  try {
    await service.client.workflow.start<AnalysisWorkflow>('analysisWorkflow', {
      workflowId: id,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      workflowTaskTimeout,
      staticSummary: request.task.slice(0, 200),
      memo: { task: request.task.slice(0, 1000), ...followMemo(request, root) },
      ...(service.searchAttributes ? { typedSearchAttributes: attributes } : {}),
    });
    return { attached: false };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { attached: true };
    throw error;
  }
}

function followMemo({ follows, task }: Pick<AnalysisInput, 'follows' | 'task'>, root: string | undefined) {
  return follows === undefined ? {} : { follows: follows.session, root: root ?? follows.session, asked: refOf(task) };
}

/** The page of all workflows in the UI; `/<id>/<run>/history` leads to one. */
function workflowsUrl({ uiUrl, namespace }: Service): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}

export function runUrl(service: Service, id: string): string | undefined {
  return service.uiUrl === undefined ? undefined : `${workflowsUrl(service)}/${encodeURIComponent(id)}`;
}
