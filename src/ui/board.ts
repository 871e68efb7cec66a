/** The lines that stand below the progress while somebody watches: the plan as far as it is, and what was used so far. */
import { stepMarks, type Plan, type PlanStep } from '../analysis/plan.ts';
import { spentWords, type Spent } from '../analysis/spent-words.ts';
import { cutToColumns } from './live-region.ts';

export type Watched = Spent & {
  readonly status: string;
  readonly plan: Plan | null;
  readonly startedAtMs: number;
};

export type Room = { readonly nowMs: number; readonly columns: number; readonly rows: number };

/** Steps that are shown at once; more are counted. */
const mostSteps = 8;

/** A lower terminal shows no plan: the progress needs the room. */
const rowsForPlan = 20;

export function boardLines(watched: Watched, { nowMs, columns, rows }: Room): string[] {
  const { plan, status, startedAtMs } = watched;
  const steps = plan === null || rows < rowsForPlan ? [] : stepLines(plan.steps);
  const word = status === 'running' ? [] : [status];
  const last = [...word, elapsed(nowMs - startedAtMs), spentWords(watched)].join(' · ');
  return [...steps, last].map((line) => cutToColumns(line, columns - 1));
}

/** Those around the one that is under way. */
function stepLines(steps: readonly PlanStep[]): string[] {
  const at = steps.findIndex(({ state }) => state === 'doing' || state === 'open');
  const first = Math.max(0, Math.min((at < 0 ? steps.length : at) - 2, steps.length - mostSteps));
  const shown = steps.slice(first, first + mostSteps);
  const left = steps.length - first - shown.length;
  return [
    ...(first === 0 ? [] : [`… ${first} before`]),
    ...shown.map(({ state, title }, index) => `${stepMarks[state]} ${first + index + 1}. ${title}`),
    ...(left === 0 ? [] : [`… ${left} more`]),
  ];
}

/** `0:42`, `61:05`. */
function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
