/** report.md: the same report for terminals, pull requests and chats. */
import { cellText } from './cell-text.ts';
import { chartNumber } from './chart-number.ts';
import { anchorOf, evidenceLabel } from './evidence-label.ts';
import { codeBlock, codeSpan, markdownPiece, markdownText, quotedText, tableRow } from './markdown-text.ts';
import type { Excerpt, Report, ReportEvidence, ReportFinding, ReportPart } from './report.ts';
import { intervalSentence, modelSentence, plural, struckSentence, verificationSentence } from './run-facts.ts';
import { shortened } from './escape.ts';
import { textBars } from './text-bars.ts';
import { durationText, timeText } from './time-text.ts';

const cellChars = 80;

export function reportMarkdown(report: Report): string {
  const facts = [
    timeText(report.endedAt),
    durationText(report.startedAt, report.endedAt),
    verificationSentence(report),
  ];
  const blocks = [
    `# ${quotedText(report.headline)}`,
    `**Task:** ${markdownText(report.task)}`,
    report.ending === undefined ? '' : `> ${markdownText(report.ending)}`,
    facts
      .filter((fact) => fact !== '')
      .map(markdownText)
      .join(' · '),
    ...findings(report, 'key', 'Key findings'),
    ...findings(report, 'supporting', 'Also found'),
    ...findings(report, 'caveat', 'Read with care'),
    ...limits(report),
    ...datasets(report),
    ...method(report),
    ...evidence(report),
    footer(report),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function findings(report: Report, severity: ReportFinding['severity'], title: string): string[] {
  const wanted = report.findings.filter((finding) => finding.severity === severity);
  if (wanted.length === 0) return [];
  return [`## ${title}`, ...wanted.flatMap((finding) => findingBlocks(report, finding))];
}

function findingBlocks(report: Report, finding: ReportFinding): string[] {
  const cited = [...finding.quantities.flatMap(({ calls }) => calls), ...(finding.chart ? [finding.chart.call] : [])];
  const links = [...new Set(cited)].map((call) => `[${evidenceLabel(report, call)}](#${anchorOf(report, call)})`);
  const words = finding.parts.map((part) => partText(report, finding, part)).join('');
  const item = `- ${words}${links.length === 0 ? '' : ` (${links.join(', ')})`}`;
  if (finding.chart === undefined) return [item];
  return [item, markdownText(finding.chart.title), codeBlock(textBars(finding.chart))];
}

function partText(report: Report, finding: ReportFinding, part: ReportPart): string {
  if (part.kind === 'text') return markdownPiece(part.text);
  if (part.kind === 'name') return codeSpan(part.text);
  const call = finding.quantities[part.quantity]?.calls[0];
  const text = `**${markdownText(part.text)}**`;
  return call === undefined ? text : `[${text}](#${anchorOf(report, call)})`;
}

function limits(report: Report): string[] {
  const struck = struckSentence(report);
  const reasons = report.struck
    .flatMap(({ problems }) => problems.slice(0, 1))
    .map((problem) => `  - ${quotedText(problem)}`);
  const items = [
    ...report.limits.map((limit) => `- ${quotedText(limit)}`),
    ...(struck === undefined ? [] : [[`- ${markdownText(struck)}`, ...reasons].join('\n')]),
  ];
  return items.length === 0 ? [] : ['## What this does not tell', items.join('\n')];
}

function datasets(report: Report): string[] {
  if (report.datasets.length === 0) return [];
  const rows = report.datasets.map(({ name, rows: count, classification }) =>
    tableRow([
      codeSpan(name),
      count === undefined ? '–' : chartNumber(count, { style: 'count' }),
      markdownText(classification ?? '–'),
    ]),
  );
  return [
    '## Data looked at',
    [tableRow(['Dataset', 'Rows', 'Classification']), '| --- | ---: | --- |', ...rows].join('\n'),
  ];
}

const stepMarks = { open: '[ ]', doing: '[ ]', done: '[x]', dropped: '[ ] dropped:' } as const;

function method(report: Report): string[] {
  const steps = (report.plan?.steps ?? []).map(({ title, state }) => `- ${stepMarks[state]} ${quotedText(title)}`);
  const intervals = report.findings.some((finding) => finding.intervals.length > 0) ? ` ${intervalSentence}` : '';
  const effort = `${plural(report.steps, 'step')}, ${plural(report.toolCalls, 'tool call')}.`;
  return ['## How it was done', steps.join('\n'), `${markdownText(modelSentence(report))} ${effort}${intervals}`];
}

function evidence(report: Report): string[] {
  if (report.evidence.length === 0) return [];
  return ['## Evidence', ...report.evidence.flatMap((entry) => evidenceBlocks(report, entry))];
}

function evidenceBlocks(report: Report, entry: ReportEvidence): string[] {
  const checked =
    entry.verifiedAt === undefined ? 'not run again' : `same result again, ${markdownText(timeText(entry.verifiedAt))}`;
  return [
    `### ${evidenceLabel(report, entry.call)}`,
    ...(entry.purpose === undefined ? [] : [quotedText(entry.purpose)]),
    `${codeSpan(entry.tool)}, ${plural(entry.rows, 'row')}, ${checked}, result ${codeSpan(entry.resultHash)}`,
    codeBlock(entry.query),
    excerptTable(entry.excerpt),
  ];
}

function excerptTable({ columns, rows }: Excerpt): string {
  if (columns.length === 0 || rows.length === 0) return '';
  const body = rows.map(({ row, cells, cited }) =>
    tableRow([
      String(row + 1),
      ...columns.map((_, index) => {
        const text = markdownText(shortened(cellText(cells[index] ?? null), cellChars));
        return cited.includes(index) ? `**${text}**` : text;
      }),
    ]),
  );
  const heads = tableRow(['row', ...columns.map(({ name }) => markdownText(shortened(name, cellChars)))]);
  return [heads, `|${' --- |'.repeat(columns.length + 1)}`, ...body].join('\n');
}

function footer({ id, runId, uiUrl }: Report): string {
  const link = uiUrl !== undefined && /^https?:\/\/[^\s<>]+$/i.test(uiUrl) ? ` · [Temporal UI](<${uiUrl}>)` : '';
  return `---\n\nAnalysis ${codeSpan(id)} · run ${codeSpan(runId)}${link}`;
}
