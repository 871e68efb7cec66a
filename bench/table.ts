/** The table of all rows as text, columns aligned. */
import { verdictOf, type Row } from './measure.ts';

const head = ['metric', 'baseline (raw)', 'ours', 'ratio', 'target', 'verdict'];

export function tableOf(rows: readonly Row[]): string {
  const cells = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join(' │ ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
  const notes = rows.flatMap(({ metric, note }) => (note === undefined ? [] : [`${metric}: ${note}`]));
  return [lines[0], rule, ...lines.slice(1), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function cellsOf(row: Row): string[] {
  const { metric, unit, baseline, against, ours, ratio, target } = row;
  const raw = baseline === undefined ? '—' : `${amount(baseline, unit)}${against === undefined ? '' : ` (${against})`}`;
  return [
    metric,
    raw,
    amount(ours, unit),
    ratio === undefined ? '—' : ratio.toFixed(ratio >= 20 ? 0 : 2),
    target === undefined ? '—' : targetText(target, unit),
    verdictOf(row),
  ];
}

function targetText({ of, better, solid, extraordinary }: NonNullable<Row['target']>, unit: string): string {
  const sign = better === 'lower' ? '≤' : '≥';
  const suffix = of === 'ours' ? ` ${unit}` : '×';
  return `S ${sign} ${solid}${suffix}, X ${sign} ${extraordinary}${suffix}`;
}

function amount(value: number, unit: string): string {
  if (unit === 'bytes' || Number.isInteger(value)) return `${Math.round(value).toLocaleString('en')} ${unit}`.trim();
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`.trim();
}
