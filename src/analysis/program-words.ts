/** What the program itself says to a model in the place of a person: no task, and nothing that a person said. */
import { limitKinds, wrapUpRequestFor } from './limits.ts';

const wrapUpRequests: readonly string[] = limitKinds.map(wrapUpRequestFor);

const beginnings = [
  'Your last reply was cut off',
  'The plan is noted',
  'The report cannot be used as it is',
  'The plan cannot be used as it is',
  // The verifier's answer to a report in words.
  '{"ok":false',
] as const;

export function isProgramsOwn(text: string): boolean {
  return asksToWrapUp(text) || beginnings.some((beginning) => text.startsWith(beginning));
}

/** Whether it is the request to submit what there is. */
export function asksToWrapUp(text: string): boolean {
  return wrapUpRequests.includes(text);
}
