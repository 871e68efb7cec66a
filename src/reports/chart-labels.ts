/** Labels of a chart, shortened together: what is the same on each of them says nothing. */

/** Timestamps at midnight become days, first days of months become months, but only when all labels are such. */
export function chartLabels(labels: readonly string[]): string[] {
  const days = labels.map((label) => /^(\d{4}-\d\d-\d\d)(?:[ T]00:00:00(?:\.0+)?(?:Z|\+00)?)?$/.exec(label)?.[1]);
  if (days.some((day) => day === undefined)) return [...labels];
  const known = days.flatMap((day) => day ?? []);
  const months = known.every((day) => day.endsWith('-01')) && known.length > 1;
  return months ? known.map((day) => day.slice(0, 7)) : known;
}
