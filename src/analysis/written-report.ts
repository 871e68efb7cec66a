/** Finds the report that a model wrote as JSON instead of calling a tool, as a last call is asked to and models without tools do. */
import { jsonInText } from './json-in-text.ts';
import { parseSubmission, type ParsedSubmission } from './submission.ts';

/** Undefined when the text is no such report: then it is an answer in words. */
export function reportInText(text: string): ParsedSubmission | undefined {
  const found = jsonInText(text);
  if (found === undefined || !found.json.includes('"findings"')) return undefined;
  return found.kind === 'broken' ? { kind: 'invalid', problems: [found.problem] } : parseSubmission(found.value);
}
