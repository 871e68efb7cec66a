/** report.html of a quality run: one file without script, everything in it escaped. */
import { keyOf } from '../../quality/check-id.ts';
import type { CheckResult, TableResult } from '../../quality/check-result.ts';
import type { RunDocument } from '../../quality/run.ts';
import { escapeHtml, shortened } from '../escape.ts';
import { styleSheet } from '../style-sheet.ts';
import { durationText, timeText } from '../time-text.ts';
import { byNeed, marks, needsSomebody } from './order.ts';
import { filesText, quarantineText, sentencesOf } from './sentences.ts';
import { sparkline, trendFigure } from './sparkline.ts';
import { qualityStyle } from './style.ts';

/** Nothing is loaded and nothing runs, whatever slips into the page. */
const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const titleChars = 90;

export function qualityHtml(document: RunDocument): string {
  const broken = byNeed(document.tables.flatMap(({ checks }) => checks)).filter(needsSomebody);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(shortened(document.headline, titleChars))}</title>`,
    `<style>${styleSheet}${qualityStyle}</style></head><body><main>`,
    header(document),
    ...broken.map((check) => card(document, check)),
    closedSection(document),
    ...document.tables.map((table) => tableSection(document, table)),
    uncheckedSection(document),
    footer(document),
    '</main></body></html>',
    '',
  ]
    .filter((part, index, all) => part !== '' || index === all.length - 1)
    .join('\n');
}

function header({ suite, interval, headline, startedAt, endedAt, problems, counts }: RunDocument): string {
  const tiles = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `<span class="tile ${verdict}"><b>${count}</b> ${verdict}</span>`);
  return [
    '<header>',
    `<p class="task"><span>Suite</span> ${escapeHtml(suite)} <span>Data of</span> ${escapeHtml(interval)}</p>`,
    `<h1>${escapeHtml(headline.slice(headline.indexOf(': ') + 2))}</h1>`,
    ...problems.map((problem) => `<p class="ending" role="note">${escapeHtml(problem)}</p>`),
    `<p class="tiles">${tiles.join(' ')}</p>`,
    `<p class="facts"><span>${escapeHtml(timeText(startedAt))}</span> <span>${escapeHtml(durationText(startedAt, endedAt))}</span></p>`,
    '</header>',
  ].join('');
}

function card(document: RunDocument, check: CheckResult): string {
  const place = [check.table, ...check.columns].map((name) => `<code>${escapeHtml(name)}</code>`).join(' · ');
  const owner = check.owner === undefined ? '' : ` · owner ${escapeHtml(check.owner)}`;
  const sentences = sentencesOf(document, check).map((sentence) => `<p>${escapeHtml(sentence)}</p>`);
  return [
    `<article class="key check ${check.verdict}" id="${escapeHtml(anchor(check))}">`,
    `<h3><span class="mark ${check.verdict}">${marks[check.verdict]}</span> ${escapeHtml(check.name)}</h3>`,
    `<p class="quiet">${place} · ${check.verdict}${owner}</p>`,
    `<div class="words"><p>${escapeHtml(check.reason)}</p>${sentences.join('')}</div>`,
    trendFigure(document.trends[keyOf(check)] ?? [], check, document.interval),
    sampleTable(check),
    '</article>',
  ].join('');
}

function sampleTable({ sample, violatingRows = 0 }: CheckResult): string {
  if (sample === undefined || sample.rows.length === 0) return '';
  const heads = sample.columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('');
  const rows = sample.rows.map(
    (row) =>
      `<tr>${row.map((cell) => `<td>${cell === null ? '<i>NULL</i>' : escapeHtml(String(cell))}</td>`).join('')}</tr>`,
  );
  const shown =
    sample.rows.length < violatingRows
      ? `The first ${sample.rows.length} of ${violatingRows.toLocaleString('en-US')} rows`
      : 'The rows';
  return [
    `<details${sample.rows.length <= 5 ? ' open' : ''}><summary>${shown}</summary>`,
    `<div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
    `<pre>${escapeHtml(sample.statement)}</pre></details>`,
  ].join('');
}

function tableSection(document: RunDocument, result: TableResult): string {
  const { table, dataset, rows, checks } = result;
  const facts = [
    dataset === undefined ? 'no data' : dataset,
    rows === undefined ? '' : `${rows.toLocaleString('en-US')} rows`,
    filesText(result),
    quarantineText(result),
  ];
  const lines = byNeed(checks).map((check) => {
    const name = needsSomebody(check)
      ? `<a href="#${escapeHtml(anchor(check))}">${escapeHtml(check.name)}</a>`
      : escapeHtml(check.name);
    const columns = check.columns.map((column) => `<code>${escapeHtml(column)}</code>`).join(' ');
    return `<tr><td class="mark ${check.verdict}" title="${check.verdict}">${marks[check.verdict]}</td><td>${name}</td><td>${columns}</td><td>${escapeHtml(check.reason)}</td><td>${sparkline(document.trends[keyOf(check)] ?? [], check, document.interval)}</td></tr>`;
  });
  return [
    `<section><h2>${escapeHtml(table)} <span class="quiet">${escapeHtml(facts.filter((fact) => fact !== '').join(' · '))}</span></h2>`,
    '<table class="checks"><thead><tr><th></th><th scope="col">Check</th><th scope="col">Columns</th><th scope="col">Found</th><th scope="col">Trend</th></tr></thead>',
    `<tbody>${lines.join('')}</tbody></table></section>`,
  ].join('');
}

function closedSection({ incidents }: RunDocument): string {
  const closed = incidents.filter(({ kind }) => kind === 'closed');
  if (closed.length === 0) return '';
  const items = closed.map(
    ({ incident }) =>
      `<li>${escapeHtml(incident.name)} <code>${escapeHtml(incident.table)}</code>, broken since ${escapeHtml(incident.openedAt)}</li>`,
  );
  return `<section><h2>Holds again</h2><ul class="plain">${items.join('')}</ul></section>`;
}

function uncheckedSection({ unchecked }: RunDocument): string {
  if (unchecked.length === 0) return '';
  const items = unchecked.map(
    ({ name, table, reason }) =>
      `<li>${escapeHtml(name)}${table === undefined ? '' : ` <code>${escapeHtml(table)}</code>`}: ${escapeHtml(reason)}</li>`,
  );
  return `<section><h2>Not checked</h2><ul class="plain">${items.join('')}</ul></section>`;
}

function footer({ id, runId, uiUrl, contracts }: RunDocument): string {
  // Only a web address becomes a link: another scheme could run something.
  const link =
    uiUrl !== undefined && /^https?:\/\//i.test(uiUrl)
      ? ` · <a href="${escapeHtml(uiUrl)}" rel="noreferrer">Temporal UI</a>`
      : '';
  const names = contracts
    .map(({ id: contract, version }) => `${escapeHtml(contract)} ${escapeHtml(version)}`)
    .join(', ');
  return `<footer>Run <code>${escapeHtml(id)}</code> · <code>${escapeHtml(runId)}</code> · contracts ${names}${link}</footer>`;
}

function anchor({ contract, table, id }: CheckResult): string {
  return `${contract}-${table}-${id}`.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
}
