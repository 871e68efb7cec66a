/** The plan of an analysis: what the model said it would do, and how far it is. */

export type PlanStep = { readonly title: string; readonly state: 'open' | 'doing' | 'done' | 'dropped' };

export type Plan = { readonly steps: readonly PlanStep[] };

/** Most steps a plan may have; more is a list, not a plan. */
export const maxPlanSteps = 20;
