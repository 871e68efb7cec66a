/** Starts a quality run, or attaches to the one that has its id already. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import { workflowTaskTimeout } from '../../workflows/activity-options.ts';
import { taskQueue } from '../../workflows/messages.ts';
import type { QualityRunInput, QualityRunWorkflow } from '../../workflows/quality-messages.ts';
import type { Service } from '../service.ts';

const suiteAttribute = defineSearchAttributeKey('DpaSuite', SearchAttributeType.KEYWORD);

type Request = {
  readonly id: string;
  /** What was asked for, as a digest: the same words about the same contracts have the same. */
  readonly asked: string;
  /** A finished run of this id is no reason not to run again; a running one is attached to in any case. */
  readonly again: boolean;
  readonly input: Omit<QualityRunInput, 'searchAttributes' | 'uiUrl'> & { readonly suiteName: string };
};

/** Attaches to a run that goes on or has given results; one that failed, was cancelled or killed is no reason not to run again. */
export async function startQuality(
  service: Service,
  { id, asked, again, input }: Request,
): Promise<{ attached: false } | { attached: true; same: boolean }> {
  try {
    await service.client.workflow.start<QualityRunWorkflow>('qualityRunWorkflow', {
      workflowId: id,
      taskQueue,
      args: [completed(service, input)],
      workflowIdReusePolicy: again ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowIdConflictPolicy: 'FAIL',
      workflowTaskTimeout,
      staticSummary: `quality of ${input.suiteName}`,
      memo: { suite: input.suiteName, asked },
      ...(service.searchAttributes
        ? { typedSearchAttributes: new TypedSearchAttributes([{ key: suiteAttribute, value: input.suiteName }]) }
        : {}),
    });
    return { attached: false };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { memo } = await service.client.workflow.getHandle(id).describe();
    return { attached: true, same: memo?.['asked'] === undefined || memo['asked'] === asked };
  }
}

export function completed(service: Service, input: Request['input']): QualityRunInput & { readonly suiteName: string } {
  const { uiUrl, namespace, searchAttributes } = service;
  const workflows = `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  return { ...input, searchAttributes, ...(uiUrl === undefined ? {} : { uiUrl: workflows }) };
}
