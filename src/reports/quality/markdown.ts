/** report.md of a quality run: what broke first, with its rows, then every check in a table. */
import type { CheckResult } from '../../quality/check-result.ts';
import type { RunDocument } from '../../quality/run.ts';
import { codeBlock, codeSpan, markdownText, tableRow } from '../markdown-text.ts';
import { durationText, timeText } from '../time-text.ts';
import { byNeed, marks, needsSomebody } from './order.ts';
import { filesText, quarantineText, sentencesOf } from './sentences.ts';

export function qualityMarkdown(document: RunDocument): string {
  const { headline, suite, interval, startedAt, endedAt, tables, unchecked, problems } = document;
  const checks = byNeed(tables.flatMap((table) => table.checks));
  const broken = checks.filter(needsSomebody);
  const closed = document.incidents.filter(({ kind }) => kind === 'closed');
  return [
    `# ${markdownText(headline)}`,
    '',
    `Suite ${codeSpan(suite)}, data of ${codeSpan(interval)}. ${timeText(startedAt)}, ${durationText(startedAt, endedAt)}.`,
    ...problems.flatMap((problem) => ['', `> ${markdownText(problem)}`]),
    ...broken.flatMap((check) => ['', ...brokenSection(document, check)]),
    ...(closed.length === 0 ? [] : ['', '## Holds again', '']),
    ...closed.map(
      ({ incident }) =>
        `- ${markdownText(incident.name)} (${codeSpan(incident.table)}), broken since ${markdownText(incident.openedAt)}`,
    ),
    ...tables.flatMap(({ table, dataset, rows, files, quarantine, checks: own }) => [
      '',
      `## ${markdownText(table)}`,
      '',
      `${dataset === undefined ? 'No data' : `Data ${codeSpan(dataset)}`}${rows === undefined ? '' : `, ${rows.toLocaleString('en-US')} rows`}${filesText({ files }) === '' ? '' : `, ${filesText({ files })}`}.`,
      ...(quarantineText({ quarantine }) === '' ? [] : ['', markdownText(quarantineText({ quarantine }))]),
      '',
      tableRow(['', 'Check', 'Columns', 'Expected', 'Found']),
      tableRow(['---', '---', '---', '---', '---']),
      ...byNeed(own).map((check) =>
        tableRow([
          marks[check.verdict],
          markdownText(check.name),
          check.columns.map(codeSpan).join(', '),
          markdownText(check.expected),
          markdownText(check.reason),
        ]),
      ),
    ]),
    ...(unchecked.length === 0 ? [] : ['', '## Not checked', '']),
    ...unchecked.map(
      ({ name, table, reason }) =>
        `- ${markdownText(name)}${table === undefined ? '' : ` (${codeSpan(table)})`}: ${markdownText(reason)}`,
    ),
    '',
  ].join('\n');
}

function brokenSection(document: RunDocument, check: CheckResult): string[] {
  const place = [check.table, ...check.columns].map(codeSpan).join(' · ');
  const owner = check.owner === undefined ? '' : ` · owner ${markdownText(check.owner)}`;
  const lines = [
    `## ${marks[check.verdict]} ${markdownText(check.name)}`,
    '',
    `${place} · ${check.verdict}${owner}`,
    '',
    markdownText(check.reason),
    ...sentencesOf(document, check).flatMap((sentence) => ['', markdownText(sentence)]),
  ];
  if (check.sample === undefined) return lines;
  const { columns, rows, statement } = check.sample;
  return [
    ...lines,
    '',
    tableRow(columns.map(codeSpan)),
    tableRow(columns.map(() => '---')),
    ...rows.map((row) => tableRow(row.map((cell) => (cell === null ? '*NULL*' : codeSpan(String(cell)))))),
    '',
    codeBlock(statement),
  ];
}
