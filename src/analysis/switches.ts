/** Who gave way to whom in an analysis, model or tool: a sentence each for the report, and a bounded number of them. */

/** Sentences kept; what gave way after that is told in the progress only. */
export const maxSwitches = 100;

export function withSwitch(switches: readonly string[] | undefined, told: string): readonly string[] {
  const before = switches ?? [];
  return before.length < maxSwitches ? [...before, told] : before;
}
