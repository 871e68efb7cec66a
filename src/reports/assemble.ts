/** Builds the report from a submission, the verdicts on its findings, and the results it cites. */
import { derivations } from '../analysis/derivations.ts';
import type { Chart, Finding, Quantity, Source, Submission } from '../analysis/evidence.ts';
import { statementParts } from '../analysis/numbers.ts';
import { callsOf, cellsOf } from '../analysis/sources.ts';
import { numberAt, cellAt, type Table } from '../analysis/table.ts';
import { citedCalls, type Verdict } from '../analysis/verification.ts';
import { cellText } from './cell-text.ts';
import { chartLabels } from './chart-labels.ts';
import type {
  Excerpt,
  Interval,
  Report,
  ReportChart,
  ReportEvidence,
  ReportFinding,
  ReportQuantity,
} from './report.ts';

/** A result as the report needs it; `call` is the id that sources name. */
export type CitedResult = Omit<ReportEvidence, 'call' | 'rows' | 'excerpt'> & { readonly table: Table };

export type ReportFacts = Omit<Report, 'headline' | 'findings' | 'struck' | 'limits' | 'evidence'>;

export const reportLimits = {
  /** Rows of a result shown from its start. */
  firstRows: 8,
  /** Rows shown altogether, with the cited ones. */
  excerptRows: 24,
  chartBars: 16,
  chartPoints: 400,
} as const;

/** Refused findings go to `struck`: their statement is not shown, since something in it is not so. */
export function assembleReport(
  facts: ReportFacts,
  submission: Submission,
  verdicts: readonly Verdict[],
  results: ReadonlyMap<string, CitedResult>,
): Report {
  const judged = submission.findings.map((finding, index) => ({ finding, verdict: verdicts[index] }));
  const kept = judged.flatMap(({ finding, verdict }) => (verdict?.kind === 'verified' ? [finding] : []));
  const struck = judged.flatMap(({ finding, verdict }) =>
    verdict?.kind === 'verified'
      ? []
      : [{ severity: finding.severity, problems: verdict?.problems ?? ['it was not checked'] }],
  );
  const cells = kept.flatMap(({ quantities }) => quantities.flatMap(({ source }) => cellsOf(source)));
  const evidence = citedCalls({ ...submission, findings: kept }).flatMap((call) => {
    const result = results.get(call);
    return result === undefined ? [] : [evidenceOf(call, result, cells)];
  });
  return {
    ...facts,
    headline: submission.headline,
    findings: kept.map((finding) => reportFinding(finding, results)),
    struck,
    limits: submission.limits,
    evidence,
  };
}

function reportFinding(finding: Finding, results: ReadonlyMap<string, CitedResult>): ReportFinding {
  const { severity, statement, quantities, chart } = finding;
  const table = chart && results.get(chart.call)?.table;
  return {
    severity,
    parts: statementParts(statement, quantities).map((part) =>
      part.kind === 'number' ? { kind: 'number', text: part.text, quantity: part.index } : part,
    ),
    quantities: quantities.map(reportQuantity),
    intervals: intervalsIn(quantities),
    ...(chart === undefined || table === undefined ? {} : { chart: reportChart(chart, table) }),
  };
}

function reportQuantity({ value, format, source }: Quantity): ReportQuantity {
  return { value, format, meaning: meaningOf(source), calls: callsOf(source) };
}

function meaningOf(source: Source): string {
  if (source.kind === 'cell') return `row ${source.row + 1}, column ${source.column}`;
  return `${derivations[source.op].meaning}; operands: ${source.of.map((operand) => `(${meaningOf(operand)})`).join(', ')}`;
}

function reportChart({ kind, title, format, call, label, value }: Chart, table: Table): ReportChart {
  const most = kind === 'bars' ? reportLimits.chartBars : reportLimits.chartPoints;
  const rows = table.rows.slice(0, most);
  const labels = chartLabels(rows.map((_, row) => cellText(cellAt(table, row, label) ?? null)));
  const points = rows.map((_, row) => ({ label: labels[row] ?? '', value: numberAt(table, row, value) ?? null }));
  return { kind, title, format, call, points, left: Math.max(0, table.rows.length - most) };
}

const intervalEnds = [
  { low: 'wilsonLow', high: 'wilsonHigh', point: 'share' },
  { low: 'shareDifferenceLow', high: 'shareDifferenceHigh', point: 'shareDifference' },
  { low: 'meanDifferenceLow', high: 'meanDifferenceHigh', point: undefined },
] as const;

/** Both ends of an interval over the same operands, with the number they surround where the statement has it. */
function intervalsIn(quantities: readonly Quantity[]): Interval[] {
  return intervalEnds.flatMap((ends) =>
    quantities.flatMap((low): Interval[] => {
      const { source, format } = low;
      if (source.kind !== 'derived' || source.op !== ends.low) return [];
      const withOp = (op: string | undefined): Quantity | undefined =>
        quantities.find(
          ({ source: other }) => other.kind === 'derived' && other.op === op && sameSources(other.of, source.of),
        );
      const high = withOp(ends.high);
      if (high === undefined) return [];
      const point = withOp(ends.point);
      return [{ low: low.value, high: high.value, format, ...(point === undefined ? {} : { point: point.value }) }];
    }),
  );
}

function sameSources(left: readonly Source[], right: readonly Source[]): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function evidenceOf(call: string, { table, ...known }: CitedResult, cells: ReturnType<typeof cellsOf>): ReportEvidence {
  return {
    call,
    ...known,
    rows: table.rows.length,
    excerpt: excerptOf(
      table,
      cells.filter((cell) => cell.call === call),
    ),
  };
}

function excerptOf(table: Table, cells: ReturnType<typeof cellsOf>): Excerpt {
  const first = table.rows.slice(0, reportLimits.firstRows).map((_, row) => row);
  const wanted = [...new Set([...cells.map(({ row }) => row), ...first])].slice(0, reportLimits.excerptRows);
  return {
    columns: table.columns,
    rows: wanted
      .toSorted((a, b) => a - b)
      .map((row) => ({ row, cells: table.rows[row] ?? [], cited: citedColumns(table, row, cells) })),
  };
}

function citedColumns(table: Table, row: number, cells: ReturnType<typeof cellsOf>): number[] {
  const names = new Set(cells.filter((cell) => cell.row === row).map(({ column }) => column));
  return table.columns.flatMap(({ name }, index) => (names.has(name) ? [index] : []));
}
