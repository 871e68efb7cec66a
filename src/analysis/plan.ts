/** The plan of an analysis: what the model said it would do, and how far it is. */
import { shorten } from './progress.ts';

export type PlanStep = {
  readonly title: string;
  readonly state: 'open' | 'doing' | 'done' | 'dropped';
  /** Names of the datasets it touches, where the model said so. */
  readonly datasets?: readonly string[];
};

export type Plan = { readonly steps: readonly PlanStep[] };

/** How the state of a step is shown. */
export const stepMarks: Readonly<Record<PlanStep['state'], string>> = {
  open: '☐',
  doing: '▶',
  done: '☑',
  dropped: '☒',
};

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

/** What people who watch are told of a new plan: `plan` when it is another one, `step` when it is further; undefined: nothing new. */
export function planNews(
  before: Plan | null,
  after: Plan,
): { readonly kind: 'plan' | 'step'; readonly text: string } | undefined {
  const titles = after.steps.map(({ title }) => title);
  if (before === null) return { kind: 'plan', text: `Plan: ${titles.join(' · ')}` };
  if (!isSamePlan(before, after)) return { kind: 'plan', text: `The plan changed. ${changeOf(before, titles)}` };
  const ended = after.steps.filter(({ state }, index) => isOver(state) && !isOver(before.steps[index]!.state));
  if (ended.length === 0) return undefined;
  const words = ended.map(({ title, state }) => (state === 'dropped' ? `${title} (dropped)` : title)).join(' · ');
  const over = after.steps.filter(({ state }) => isOver(state)).length;
  return { kind: 'step', text: `${words} (${over} of ${after.steps.length})` };
}

function isOver(state: PlanStep['state']): boolean {
  return state === 'done' || state === 'dropped';
}

function changeOf(before: Plan, titles: readonly string[]): string {
  const known = before.steps.map(({ title }) => title);
  const added = titles.filter((title) => !known.includes(title));
  const gone = known.filter((title) => !titles.includes(title));
  if (added.length === 0 && gone.length === 0) return `The order is now: ${titles.join(' · ')}`;
  return [
    ...(added.length === 0 ? [] : [`New: ${added.join(' · ')}.`]),
    ...(gone.length === 0 ? [] : [`Left out: ${gone.join(' · ')}.`]),
  ].join(' ');
}

function datasetsOf(given: unknown): { datasets?: readonly string[] } {
  const names = Array.isArray(given) ? given.filter((name): name is string => typeof name === 'string') : [];
  if (names.length === 0) return {};
  return { datasets: names.slice(0, maxStepDatasets).map((name) => shorten(name, maxDatasetName)) };
}
