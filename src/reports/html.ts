/** report.html: one file without script, everything in it escaped, readable on a phone and on paper. */
import { escapeHtml, shortened, quotedToCode } from './escape.ts';
import { evidenceSection } from './html-evidence.ts';
import { caveatSection, findingCards } from './html-findings.ts';
import type { Report } from './report.ts';
import { intervalSentence, modelSentence, plural, struckSentence, verificationSentence } from './run-facts.ts';
import { styleSheet } from './style-sheet.ts';
import { durationText, timeText } from './time-text.ts';

/** Nothing is loaded and nothing runs, whatever slips into the page. */
const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const titleChars = 90;

export function reportHtml(report: Report): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(shortened(report.task, titleChars))}</title>`,
    `<style>${styleSheet}</style></head><body><main>`,
    header(report),
    findingCards(report),
    caveatSection(report),
    limitsSection(report),
    datasetSection(report),
    methodSection(report),
    evidenceSection(report),
    footer(report),
    '</main></body></html>',
    '',
  ]
    .filter((part, index, all) => part !== '' || index === all.length - 1)
    .join('\n');
}

function header(report: Report): string {
  const facts = [
    timeText(report.endedAt),
    durationText(report.startedAt, report.endedAt),
    verificationSentence(report),
  ];
  const ending = report.ending === undefined ? '' : `<p class="ending" role="note">${escapeHtml(report.ending)}</p>`;
  return [
    '<header>',
    `<p class="task"><span>Task</span> ${escapeHtml(report.task)}</p>`,
    `<h1>${quotedToCode(report.headline)}</h1>`,
    ending,
    `<p class="facts">${facts
      .filter((fact) => fact !== '')
      .map((fact) => `<span>${escapeHtml(fact)}</span>`)
      .join(' ')}</p>`,
    '</header>',
  ].join('');
}

function limitsSection(report: Report): string {
  const struck = struckSentence(report);
  const items = report.limits.map((limit) => `<li>${quotedToCode(limit)}</li>`);
  if (struck !== undefined) {
    const reasons = report.struck
      .flatMap(({ problems }) => problems.slice(0, 1))
      .map((problem) => `<li>${quotedToCode(problem)}</li>`);
    items.push(`<li>${escapeHtml(struck)}<ul>${reasons.join('')}</ul></li>`);
  }
  return items.length === 0
    ? ''
    : `<section><h2>What this does not tell</h2><ul class="plain">${items.join('')}</ul></section>`;
}

function datasetSection({ datasets }: Report): string {
  if (datasets.length === 0) return '';
  const classified = datasets.some(({ classification }) => classification !== undefined);
  const rows = datasets.map(
    ({ name, rows: count, classification }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td class="r">${count === undefined ? '–' : escapeHtml(count.toLocaleString('en-US'))}</td>` +
      `${classified ? `<td>${escapeHtml(classification ?? '–')}</td>` : ''}</tr>`,
  );
  const heads = `<th scope="col">Dataset</th><th scope="col" class="r">Rows</th>${classified ? '<th scope="col">Classification</th>' : ''}`;
  return `<section><h2>Data looked at</h2><div class="scroll"><table><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

const stepMarks = { open: '○', doing: '◐', done: '✓', dropped: '–' } as const;

function methodSection(report: Report): string {
  const steps = (report.plan?.steps ?? []).map(
    ({ title, state }) =>
      `<li class="${state}"><span title="${state}">${stepMarks[state]}</span>${quotedToCode(title)}</li>`,
  );
  const intervals = report.findings.some((finding) => finding.intervals.length > 0) ? ` ${intervalSentence}` : '';
  const effort = `${plural(report.steps, 'step')}, ${plural(report.toolCalls, 'tool call')}${usageText(report)}.`;
  return [
    '<section><h2>How it was done</h2>',
    steps.length === 0 ? '' : `<ol class="plan">${steps.join('')}</ol>`,
    `<p class="quiet">${escapeHtml(`${modelSentence(report)} ${effort}${intervals}`)}</p></section>`,
  ].join('');
}

function usageText({ modelCalls, usage }: Report): string {
  const tokens = usage.inputTokens + usage.outputTokens;
  if (tokens === 0) return '';
  const cost = costText(usage.costUsd);
  return `, ${plural(modelCalls, 'model call')}, ${plural(tokens, 'token')}${cost}`;
}

function costText(costUsd: number | null): string {
  if (costUsd === null) return ', price not known';
  return costUsd > 0 ? `, ${costUsd.toFixed(costUsd < 1 ? 3 : 2)} USD` : '';
}

function footer({ id, runId, uiUrl }: Report): string {
  // Only a web address becomes a link: another scheme could run something.
  const link =
    uiUrl !== undefined && /^https?:\/\//i.test(uiUrl)
      ? ` · <a href="${escapeHtml(uiUrl)}" rel="noreferrer">Temporal UI</a>`
      : '';
  return `<footer>Analysis <code>${escapeHtml(id)}</code> · run <code>${escapeHtml(runId)}</code>${link}</footer>`;
}
