/** Finds the report that a model wrote as JSON instead of calling a tool, as a last call is asked to and models without tools do. */
import { parseSubmission, type ParsedSubmission } from './submission.ts';

/** JSON and nothing else, perhaps in a fence. */
const onlyJson = /^\s*(?:```(?:json)?\s*)?(\{[\s\S]*\})\s*(?:```\s*)?$/;

/** Undefined when the text is no such report: then it is an answer in words. */
export function reportInText(text: string): ParsedSubmission | undefined {
  const [, json] = onlyJson.exec(text) ?? [];
  if (json === undefined || !json.includes('"findings"')) return undefined;
  try {
    return parseSubmission(JSON.parse(json));
  } catch (error) {
    return { kind: 'invalid', problems: [`It is not valid JSON: ${error instanceof Error ? error.message : ''}.`] };
  }
}
