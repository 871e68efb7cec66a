/** Starts a quality run, or attaches to the one that has its id already. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, TypedSearchAttributes, defineSearchAttributeKey } from '@temporalio/common';
import { workflowTaskTimeout } from '../../workflows/activity-options.ts';
import { taskQueue } from '../../workflows/messages.ts';
import type { QualityRunInput, QualityRunWorkflow } from '../../workflows/quality-messages.ts';
import type { Service } from '../service.ts';

const suiteAttribute = defineSearchAttributeKey('DpaSuite', SearchAttributeType.KEYWORD);

/** Tables scanned at the same time: each scan uses all cores of its engine already. */
const tablesAtOnce = 4;

type Request = {
  readonly id: string;
  /** A finished run of this id is no reason not to run again; a running one is attached to in any case. */
  readonly again: boolean;
  readonly input: Omit<QualityRunInput, 'tablesAtOnce' | 'searchAttributes' | 'uiUrl'>;
};

export async function startQuality(service: Service, { id, again, input }: Request): Promise<{ attached: boolean }> {
  try {
    await service.client.workflow.start<QualityRunWorkflow>('qualityRunWorkflow', {
      workflowId: id,
      taskQueue,
      args: [completed(service, input)],
      workflowIdReusePolicy: again ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      workflowTaskTimeout,
      staticSummary: `quality of ${input.suiteName}`,
      memo: { suite: input.suiteName },
      ...(service.searchAttributes
        ? { typedSearchAttributes: new TypedSearchAttributes([{ key: suiteAttribute, value: input.suiteName }]) }
        : {}),
    });
    return { attached: false };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { attached: true };
    throw error;
  }
}

export function completed(service: Service, input: Request['input']): QualityRunInput {
  const { uiUrl, namespace, searchAttributes } = service;
  const workflows = `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  return { ...input, tablesAtOnce, searchAttributes, ...(uiUrl === undefined ? {} : { uiUrl: workflows }) };
}
