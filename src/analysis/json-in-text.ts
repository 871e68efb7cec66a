/** Finds the JSON that a model wrote where others call a tool: nothing but one object, perhaps in a fence. */

const onlyJson = /^\s*(?:```(?:json)?\s*)?(\{[\s\S]*\})\s*(?:```\s*)?$/;

export type JsonInText =
  | { readonly kind: 'object'; readonly json: string; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'broken'; readonly json: string; readonly problem: string };

/** Undefined when the text is something else: then it is words. */
export function jsonInText(text: string): JsonInText | undefined {
  const [, json] = onlyJson.exec(text) ?? [];
  if (json === undefined) return undefined;
  try {
    return { kind: 'object', json, value: JSON.parse(json) as Readonly<Record<string, unknown>> };
  } catch (error) {
    return { kind: 'broken', json, problem: `It is not valid JSON: ${error instanceof Error ? error.message : ''}.` };
  }
}
