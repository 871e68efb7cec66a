/** A quality run on the terminal: a table of checks, what needs somebody first, with the rows behind it. */
import type { CheckResult, CheckVerdict, TableResult } from '../../quality/check-result.ts';
import type { RunDocument } from '../../quality/run.ts';
import { byNeed, marks, needsSomebody } from '../../reports/quality/order.ts';
import { filesText, quarantineText, sentencesOf } from '../../reports/quality/sentences.ts';
import { shortened } from '../../reports/escape.ts';
import type { Colors } from '../../ui/terminal.ts';

/** Rows and characters of a cell shown here; the report has more. */
const shownRows = 5;
const cellChars = 32;
const nameChars = 44;

/** `all`: also the checks that passed, where there are many. */
const manyChecks = 30;

export function resultText(document: RunDocument, { all, colors }: { all: boolean; colors: Colors }): string {
  const total = document.tables.reduce((sum, { checks }) => sum + checks.length, 0);
  const showAll = all || total <= manyChecks;
  return [
    ...document.tables.flatMap((table) => [...tableText(document, table, showAll, colors), '']),
    ...document.unchecked.map(({ name, reason }) => colors.dim(`  not checked: ${name}: ${reason}`)),
    ...document.problems,
    colors.bold(document.headline),
  ].join('\n');
}

function tableText(
  document: RunDocument,
  { table, dataset, rows, files, quarantine, checks }: TableResult,
  showAll: boolean,
  colors: Colors,
): string[] {
  const facts = [
    dataset ?? 'no data',
    rows === undefined ? '' : `${rows.toLocaleString('en-US')} rows`,
    filesText({ files }),
    quarantineText({ quarantine }),
    document.interval,
  ];
  const shown = byNeed(checks).filter((check) => showAll || check.verdict !== 'passed');
  const hidden = checks.length - shown.length;
  const width = Math.min(nameChars, Math.max(0, ...shown.map((check) => label(check).length)));
  return [
    `${colors.bold(table)} ${colors.dim(facts.filter((fact) => fact !== '').join(' · '))}`,
    ...shown.flatMap((check) => checkLines(document, check, width, colors)),
    ...(hidden === 0 ? [] : [colors.dim(`  ${marks.passed} ${hidden} more passed (--all shows them)`)]),
  ];
}

function checkLines(document: RunDocument, check: CheckResult, width: number, colors: Colors): string[] {
  const name = shortened(label(check), width).padEnd(width);
  const line = `  ${paint(check.verdict, colors)(marks[check.verdict])} ${name}  ${check.reason}`;
  if (!needsSomebody(check)) return [line];
  return [line, ...sentencesOf(document, check).map((sentence) => `      ${sentence}`), ...sampleLines(check, colors)];
}

function label({ name, columns }: CheckResult): string {
  const named = columns.filter((column) => !name.includes(column));
  return named.length === 0 ? name : `${name} [${named.join(', ')}]`;
}

function sampleLines({ sample, violatingRows = 0 }: CheckResult, colors: Colors): string[] {
  if (sample === undefined || sample.rows.length === 0) return [];
  const rows = sample.rows
    .slice(0, shownRows)
    .map((row) => row.map((cell) => (cell === null ? 'NULL' : shortened(String(cell), cellChars) || "''")));
  const widths = sample.columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]!.length)),
  );
  const padded = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join('  ')
      .trimEnd();
  const more = violatingRows - rows.length;
  return [
    colors.dim(`      ${padded(sample.columns)}`),
    ...rows.map((row) => `      ${padded(row)}`),
    ...(more > 0 ? [colors.dim(`      … and ${more.toLocaleString('en-US')} more`)] : []),
  ];
}

function paint(verdict: CheckVerdict, colors: Colors): (text: string) => string {
  if (verdict === 'passed') return colors.green;
  if (verdict === 'failed' || verdict === 'error') return colors.red;
  return verdict === 'warning' ? colors.yellow : colors.dim;
}
