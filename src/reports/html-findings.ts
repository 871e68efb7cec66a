/** The findings as cards of the HTML report: statement, chart, intervals, links to the evidence. */
import { anchorOf, evidenceLabel } from './evidence-label.ts';
import { escapeHtml } from './escape.ts';
import type { Report, ReportFinding, ReportPart } from './report.ts';
import { chartSvg } from './svg.ts';
import { intervalSvg, intervalTitle } from './svg-interval.ts';

/** Intervals drawn beside one statement; further ones are in its words. */
const drawnIntervals = 3;

/** Key findings first, then supporting ones, smaller. */
export function findingCards(report: Report): string {
  const numbered = report.findings.map((finding, index) => ({ finding, index }));
  const key = numbered.filter(({ finding }) => finding.severity === 'key');
  const supporting = numbered.filter(({ finding }) => finding.severity === 'supporting');
  const section = (title: string, kind: string, entries: typeof numbered): string =>
    entries.length === 0
      ? ''
      : `<section><h2>${title}</h2>${entries.map(({ finding, index }) => card(report, finding, index, kind)).join('\n')}</section>`;
  return [section('Key findings', 'key', key), section('Also found', 'supporting', supporting)]
    .filter(Boolean)
    .join('\n');
}

export function caveatSection(report: Report): string {
  const caveats = report.findings.flatMap((finding, index) =>
    finding.severity === 'caveat' ? [card(report, finding, index, 'caveat')] : [],
  );
  return caveats.length === 0 ? '' : `<section><h2>Read with care</h2>${caveats.join('\n')}</section>`;
}

function card(report: Report, finding: ReportFinding, index: number, kind: string): string {
  const figures = [
    ...(finding.chart === undefined
      ? []
      : [
          `<figure><figcaption>${escapeHtml(finding.chart.title)}</figcaption>${chartSvg(finding.chart, `c${index}`)}</figure>`,
        ]),
    ...finding.intervals
      .slice(0, drawnIntervals)
      .map(
        (interval, at) =>
          `<figure><figcaption>${escapeHtml(intervalTitle(interval))}</figcaption>${intervalSvg(interval, `i${index}-${at}`)}</figure>`,
      ),
  ];
  return [
    `<article class="${kind}${figures.length > 0 ? ' drawn' : ''}"><div class="words">`,
    `<p>${finding.parts.map((part) => partHtml(report, finding, part)).join('')}</p>`,
    `${evidenceLinks(report, finding)}</div>`,
    figures.length === 0 ? '' : `<div class="figures">${figures.join('')}</div>`,
    '</article>',
  ].join('');
}

function partHtml(report: Report, finding: ReportFinding, part: ReportPart): string {
  if (part.kind === 'text') return escapeHtml(part.text);
  if (part.kind === 'name') return `<code>${escapeHtml(part.text)}</code>`;
  const quantity = finding.quantities[part.quantity];
  const call = quantity?.calls[0];
  const text = `<b>${escapeHtml(part.text)}</b>`;
  if (quantity === undefined || call === undefined) return text;
  return `<a class="number" href="#${anchorOf(report, call)}" title="${escapeHtml(quantity.meaning)}">${text}</a>`;
}

function evidenceLinks(report: Report, finding: ReportFinding): string {
  const cited = [...finding.quantities.flatMap(({ calls }) => calls), ...(finding.chart ? [finding.chart.call] : [])];
  const links = [...new Set(cited)].map(
    (call) => `<a href="#${anchorOf(report, call)}">${evidenceLabel(report, call)}</a>`,
  );
  return links.length === 0 ? '' : `<p class="sources">Evidence ${links.join(' ')}</p>`;
}
