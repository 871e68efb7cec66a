/** One turn of the model, and who is asked next when it fails. */
import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import { advance, mayAskAnother, type Turn } from '../analysis/control.ts';
import { shorten } from '../analysis/progress.ts';
import { modelOptions } from './activity-options.ts';
import { applicationFailureIn } from './failure-in.ts';
import type { Loop } from './loop.ts';

const { completeTurn } = proxyActivities<Activities>(modelOptions);

export async function think(loop: Loop): Promise<undefined> {
  const { state, session, input } = loop;
  const turn = state.budget.steps + 1;
  const model = state.models?.[0] ?? input.model;
  let reply;
  try {
    reply = await completeTurn.executeWithOptions({ summary: `turn ${turn} · ${model}` }, [
      { session, turn, model, head: state.head, append: state.pending, catalog: state.catalog! },
    ]);
  } catch (error) {
    return askAnother(loop, error);
  }
  const { preview, ...completed } = reply;
  if (preview !== '') loop.note('said', preview);
  const trouble = troubleIn(completed);
  if (trouble !== undefined) loop.note('trouble', trouble);
  loop.become(advance(loop.state, { kind: 'turnCompleted', turn: completed, model }));
}

/** The activity has tried the same model as often as makes sense; which one is asked next is decided here, in history. */
function askAnother(loop: Loop, error: unknown): undefined {
  const failure = applicationFailureIn(error);
  const isModels = failure?.type?.startsWith('Model.') === true && !isCancellation(error);
  if (!isModels || !mayAskAnother(loop.state)) throw error;
  loop.become(advance(loop.state, { kind: 'modelFailed', reason: shorten(failure.message, 200) }));
  loop.note('trouble', loop.state.switches?.at(-1) ?? '');
  return undefined;
}

function troubleIn({ finish, refusal: why }: Turn): string | undefined {
  switch (finish) {
    case 'refusal':
      return `The model refused to go on${why === undefined ? '' : `: ${why}`}.`;
    case 'contextFull':
      return 'The conversation is longer than the model can read.';
    case 'length':
      return 'The reply was cut off at the output limit.';
    case 'paused':
    case undefined:
      return undefined;
  }
}
