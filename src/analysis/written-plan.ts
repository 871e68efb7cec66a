/** Reads the plan that a model wrote as JSON instead of calling a tool, as it is asked to where a person accepts it first. */
import { jsonInText } from './json-in-text.ts';
import { readPlan, type Plan } from './plan.ts';

export type ParsedPlan =
  { readonly kind: 'valid'; readonly plan: Plan } | { readonly kind: 'invalid'; readonly problem: string };

const expected = 'Expected the plan as {"steps": [{"title", "state", "datasets"}]} with at least one step';

export function planInText(text: string): ParsedPlan {
  const found = jsonInText(text);
  if (found === undefined) return { kind: 'invalid', problem: `${expected}, found words.` };
  return found.kind === 'broken' ? { kind: 'invalid', problem: found.problem } : parsePlan(found.value['steps']);
}

/** Also for the steps of a call. */
export function parsePlan(steps: unknown): ParsedPlan {
  const plan = readPlan(steps);
  if (plan !== undefined && plan.steps.length > 0) return { kind: 'valid', plan };
  const found = plan === undefined ? 'no list of steps' : 'no step with a title';
  return { kind: 'invalid', problem: `${expected}, found ${found}.` };
}
