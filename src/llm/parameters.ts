/** What of a request depends on the model alone: effort, temperature, room for the answer, shape of the answer. */
import type { Effort, ModelProfile } from './profile.ts';
import type { ModelRequest, ToolSpec } from './provider.ts';
import { wireName } from './wire-names.ts';

const ladder: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** For an analysis, where a wrong number costs more than a slow one. */
const defaultEffort: Effort = 'high';

/** Near to what the model thinks most likely, where a model still takes it. */
const analysisTemperature = 0.1;

/** The wish, else the next lower one the model knows, else its lowest; absent where it knows none. */
export function effortFor(profile: ModelProfile, wish: Effort = defaultEffort): Effort | undefined {
  const known = ladder.filter((effort) => profile.efforts.includes(effort));
  const notAbove = known.filter((effort) => ladder.indexOf(effort) <= ladder.indexOf(wish));
  return notAbove.at(-1) ?? known[0];
}

export function temperatureFor(profile: ModelProfile): { temperature?: number } {
  return profile.temperature === 'allowed' ? { temperature: analysisTemperature } : {};
}

/** Never more than the model can; absent means as much as it can. */
export function outputTokensFor(profile: ModelProfile, wish: number | undefined, atLeast = 1): number | undefined {
  return wish === undefined ? undefined : Math.max(atLeast, Math.min(wish, profile.maxOutput));
}

/** One order for ever, since the prompt cache compares prefixes. */
export function sortedTools(tools: readonly ToolSpec[]): ToolSpec[] {
  return [...tools].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Name, schema and strictness of the answer's shape, where the model can be held to one. */
export function shapeFor(profile: ModelProfile, { output }: ModelRequest) {
  if (output === undefined || !profile.structuredOutput) return undefined;
  return { name: wireName(output.name), schema: { ...output.schema }, strict: isStrict(output.schema) };
}

/** The strict mode takes only objects that are closed and require every property. */
function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (typeof schema !== 'object' || schema === null) return true;
  const { properties, required, additionalProperties } = schema as Readonly<Record<string, unknown>>;
  if (typeof properties === 'object' && properties !== null) {
    const names = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || !Object.keys(properties).every((name) => names.includes(name))) return false;
  }
  return Object.values(schema).every(isStrict);
}
