/** What a report says of a check beyond its reason: since when, how often before, where the rows gather. */
import { keyOf } from '../../quality/check-id.ts';
import type { CheckResult, Segment, TableResult } from '../../quality/check-result.ts';
import { pastText, runs } from '../../quality/incident-text.ts';
import { silenceTexts } from '../../quality/silences.ts';
import type { RunDocument } from '../../quality/run.ts';

export function sentencesOf(document: RunDocument, check: CheckResult): readonly string[] {
  const { incidents, interval, trends, silences = [], endedAt } = document;
  const event = incidents.find(({ incident }) => incident.check === keyOf(check));
  return [
    // On the first night of all nothing is new.
    ...(event === undefined || trends[keyOf(check)] === undefined ? [] : sinceWhen(event, interval)),
    ...(event === undefined || event.kind === 'closed' ? [] : silenceTexts(silences, event.incident, endedAt)),
    ...segmentSentences(check),
    ...movedSentences(check),
    ...withheldSentence(check),
  ];
}

function sinceWhen({ kind, incident }: RunDocument['incidents'][number], interval: string): readonly string[] {
  const { openedAt, nights, closedAt } = incident;
  const before = ` ${pastText(incident)}`.trimEnd();
  if (kind === 'closed')
    return [`It holds again; it was broken from ${openedAt} to ${closedAt ?? interval} (${runs(nights)}).`];
  if (kind === 'opened') return [`New with ${interval}.${before}`];
  return [`Broken since ${openedAt}, ${runs(nights)} in a row.${before}`];
}

function segmentSentences({ segments = [] }: CheckResult): readonly string[] {
  return segments.map((segment) => {
    const { violating, rows, share } = segment;
    return `${Math.round(100 * share)} % of the rows ${placeText(segment)} (${violating} of its ${rows} rows are violating).`;
  });
}

function movedSentences({ movedRows = [] }: CheckResult): readonly string[] {
  return movedRows.map(({ column, value, rows, usual }) => {
    const change = rows < usual ? `${usual - rows} fewer` : `${rows - usual} more`;
    return `Most of the change is where ${column} = ${value}: ${rows} rows, usually about ${usual} (${change}).`;
  });
}

/** Of a path: the file, and the folder that may be its partition. */
const shownFolders = 2;

function placeText({ column, by, value }: Segment): string {
  if (by === undefined || value === null) return `have ${column} = ${value ?? 'NULL'}`;
  if (by === 'file') return `are of the file ${value.split('/').slice(-shownFolders).join('/')}`;
  const from = { hour: '', day: '', week: 'from ', month: '' }[by];
  return `are of the ${by} ${from}${by === 'month' ? value.slice(0, 'yyyy-MM'.length) : value} by ${column}`;
}

function withheldSentence({ sample }: CheckResult): readonly string[] {
  if (sample === undefined || sample.withheld.length === 0) return [];
  return [
    `Not shown, for their classification or because the contract does not name them: ${sample.withheld.join(', ')}.`,
  ];
}

/** Where the violating rows of a table lie, if they were put aside. */
export function quarantineText({
  quarantine,
}: {
  readonly quarantine?: TableResult['quarantine'] | undefined;
}): string {
  if (quarantine === undefined || 'problem' in quarantine) return '';
  return `${quarantine.rows} rows in quarantine: ${quarantine.file}`;
}

/** Nothing where all files were read, as they are where nothing was known of them. */
export function filesText({ files }: { readonly files?: TableResult['files'] | undefined }): string {
  if (files === undefined || files.read === files.total) return '';
  return `${files.read} of ${files.total} files read`;
}
