/** The appendix of the HTML report: each query with its result's hash and the rows the numbers were read from. */
import type { Cell } from '../analysis/table.ts';
import { anchorOf, evidenceLabel } from './evidence-label.ts';
import { cellText } from './cell-text.ts';
import { escapeHtml, quotedToCode, shortened } from './escape.ts';
import type { Excerpt, Report, ReportEvidence } from './report.ts';
import { plural } from './run-facts.ts';
import { timeText } from './time-text.ts';

const cellChars = 120;

/** A query beyond this is cut in the report; the whole one is in the transcript. */
const queryChars = 20_000;

export function evidenceSection(report: Report): string {
  if (report.evidence.length === 0) return '';
  const entries = report.evidence.map((entry) => evidenceEntry(report, entry));
  return `<section class="evidence"><h2>Evidence</h2><p class="quiet">Every number above links to the query it was read from. The cells it uses are marked.</p>${entries.join('\n')}</section>`;
}

function evidenceEntry(report: Report, entry: ReportEvidence): string {
  const query = Array.from(entry.query);
  const text =
    query.length <= queryChars
      ? entry.query
      : `${query.slice(0, queryChars).join('')}\n… cut after ${queryChars} characters`;
  const checked =
    entry.verifiedAt === undefined
      ? '<span class="unchecked">not run again</span>'
      : `<span class="checked">✓ same result again, ${escapeHtml(timeText(entry.verifiedAt))}</span>`;
  return [
    `<article id="${anchorOf(report, entry.call)}"><h3>${evidenceLabel(report, entry.call)} <code>${escapeHtml(entry.tool)}</code></h3>`,
    entry.purpose === undefined ? '' : `<p>${quotedToCode(entry.purpose)}</p>`,
    `<p class="quiet">${plural(entry.rows, 'row')} ${checked}</p>`,
    `<pre tabindex="0">${escapeHtml(text)}</pre>`,
    excerptTable(entry.excerpt, entry.rows),
    `<p class="hash">result <code>${escapeHtml(entry.resultHash)}</code></p></article>`,
  ].join('');
}

function excerptTable({ columns, rows }: Excerpt, total: number): string {
  if (columns.length === 0 || rows.length === 0) return '';
  const heads = columns.map(
    (column) =>
      `<th scope="col"${align(column.type)} title="${escapeHtml(column.type)}">${escapeHtml(column.name)}</th>`,
  );
  const body = rows.map(({ row, cells, cited }, position) => {
    const tds = columns.map(({ type }, index) => cellHtml(cells[index] ?? null, type, cited.includes(index)));
    const skipped = position > 0 && row > (rows[position - 1]?.row ?? 0) + 1;
    const gap = skipped ? `<tr class="gap"><th class="row">⋮</th><td colspan="${columns.length}"></td></tr>` : '';
    return `${gap}<tr><th scope="row" class="row">${row + 1}</th>${tds.join('')}</tr>`;
  });
  const left = total - rows.length;
  const more = left > 0 ? `<p class="quiet">${plural(left, 'more row')}, not shown.</p>` : '';
  return `<div class="scroll"><table><thead><tr><th scope="col" class="row">row</th>${heads.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>${more}`;
}

function cellHtml(cell: Cell, type: string, cited: boolean): string {
  const text = cell === null ? '<i>NULL</i>' : escapeHtml(shortened(cellText(cell), cellChars));
  return `<td${align(type)}>${cited ? `<mark>${text}</mark>` : text}</td>`;
}

function align(type: string): string {
  return /int|decimal|double|float|numeric|real/i.test(type) ? ' class="r"' : '';
}
