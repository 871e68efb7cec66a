/** What a report says of a check beyond its reason: since when, how often before, where the rows gather. */
import type { CheckResult, Segment } from '../../quality/check-result.ts';
import type { RunDocument } from '../../quality/run.ts';

export function sentencesOf({ incidents, interval, trends }: RunDocument, check: CheckResult): readonly string[] {
  const event = incidents.find(({ incident }) => incident.check === check.id);
  return [// On the first night of all nothing is new.
    ...(event === undefined || trends[check.id] === undefined ? [] : sinceWhen(event, interval)), ...segmentSentences(check), ...withheldSentence(check)];
}

function sinceWhen({ kind, incident }: RunDocument['incidents'][number], interval: string): readonly string[] {
  const { openedAt, nights, earlier, closedAt } = incident;
  const before = earlier.length === 0 ? '' : ` It broke before on ${listed(earlier.slice(-3))}.`;
  if (kind === 'closed') return [`It holds again; it was broken from ${openedAt} to ${closedAt ?? interval} (${runs(nights)}).`];
  if (kind === 'opened') return [`New with ${interval}.${before}`];
  return [`Broken since ${openedAt}, ${runs(nights)} in a row.${before}`];
}

function segmentSentences({ segments = [] }: CheckResult): readonly string[] {
  return segments.map((segment) => {
    const { violating, rows, share } = segment;
    return `${Math.round(100 * share)} % of the rows ${placeText(segment)} (${violating} of its ${rows} rows are violating).`;
  });
}

function placeText({ column, by, value }: Segment): string {
  if (by === undefined || value === null) return `have ${column} = ${value ?? 'NULL'}`;
  const from = { hour: '', day: '', week: 'from ', month: '' }[by];
  return `are of the ${by} ${from}${by === 'month' ? value.slice(0, 'yyyy-MM'.length) : value} by ${column}`;
}

function withheldSentence({ sample }: CheckResult): readonly string[] {
  if (sample === undefined || sample.withheld.length === 0) return [];
  return [`Not shown for their classification: ${sample.withheld.join(', ')}.`];
}

function runs(count: number): string {
  return `${count} ${count === 1 ? 'run' : 'runs'}`;
}

function listed(words: readonly string[]): string {
  return words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
