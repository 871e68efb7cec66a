/** The update `setBudget`: new limits for an analysis that runs, answered with those now in force. */
import { setHandler } from '@temporalio/workflow';
import { limitsOf, limitsProblem, type Limits } from '../analysis/budget.ts';
import type { Loop } from './loop.ts';
import { setBudgetUpdate, type BudgetChange } from './messages.ts';

export function handleBudgetMessages(loop: Loop): void {
  setHandler(
    setBudgetUpdate,
    (change): Limits => {
      loop.happen({ kind: 'limitsSet', limits: limitsIn(change) });
      loop.note('plan', `New limits: ${JSON.stringify(change)}`);
      return limitsOf(loop.state.budget);
    },
    {
      validator(change) {
        const problem = limitsProblem(limitsIn(change), Date.now()) ?? unpriced(loop, limitsIn(change));
        if (problem !== undefined) throw new Error(problem);
        if (loop.state.phase.kind === 'reporting')
          throw new Error('Expected an analysis that still works, found one that is writing its report.');
      },
    },
  );
}

/** Whatever was sent: a shape that is wrong becomes a limit that is refused. */
function limitsIn(change: BudgetChange): Limits {
  const { usd, steps, until, tokens, bytesScanned } = change ?? {};
  return {
    ...(usd === undefined ? {} : { usd }),
    ...(steps === undefined ? {} : { steps }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(bytesScanned === undefined ? {} : { bytesScanned }),
    ...(until === undefined ? {} : { untilMs: typeof until === 'string' ? Date.parse(until) : until }),
  };
}

function unpriced({ state, input }: Loop, { usd }: Limits): string | undefined {
  const model = state.models?.[0] ?? input.model;
  if (usd === undefined || state.phase.kind === 'discovering' || state.quotes?.[model] !== undefined) return undefined;
  return `Expected a model with a known price for a limit of money, found ${model}, whose price is not known.`;
}
