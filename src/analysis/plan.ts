/** The plan of an analysis: what the model said it would do, and how far it is. */
import { shorten } from './progress.ts';

export type PlanStep = {
  readonly title: string;
  readonly state: 'open' | 'doing' | 'done' | 'dropped';
  /** Names of the datasets it touches, where the model said so. */
  readonly datasets?: readonly string[];
};

export type Plan = { readonly steps: readonly PlanStep[] };

/** Most steps a plan may have; more is a list, not a plan. */
export const maxPlanSteps = 20;

/** Longest title of a step, most datasets of one, and longest name of one that are kept. */
const maxStepTitle = 80;
const maxStepDatasets = 10;
const maxDatasetName = 80;

const states: readonly unknown[] = ['open', 'doing', 'done', 'dropped'] satisfies PlanStep['state'][];

/** What was given as steps, as far as it can be read; undefined when it is no list. */
export function readPlan(steps: unknown): Plan | undefined {
  if (!Array.isArray(steps)) return undefined;
  const read = (steps as { title?: unknown; state?: unknown; datasets?: unknown }[])
    .filter((step) => typeof step?.title === 'string')
    .map((step) => ({
      title: shorten(String(step.title), maxStepTitle),
      state: states.includes(step.state) ? (step.state as PlanStep['state']) : 'open',
      ...datasetsOf(step.datasets),
    }));
  return { steps: read.slice(0, maxPlanSteps) };
}

/** Whether both say to do the same, however far each is. */
export function isSamePlan(one: Plan, other: Plan): boolean {
  return JSON.stringify(one.steps.map(({ title }) => title)) === JSON.stringify(other.steps.map(({ title }) => title));
}

function datasetsOf(given: unknown): { datasets?: readonly string[] } {
  const names = Array.isArray(given) ? given.filter((name): name is string => typeof name === 'string') : [];
  if (names.length === 0) return {};
  return { datasets: names.slice(0, maxStepDatasets).map((name) => shorten(name, maxDatasetName)) };
}
