/** The result document `dpa.analysis/1`: the report for programs. Its shape is a contract. */
import type { NumberFormat } from '../analysis/evidence.ts';
import { answerText } from './answer.ts';
import { statementOf, type Report, type ReportDataset, type ReportFinding } from './report.ts';

export type ResultDocument = {
  readonly schema: 'dpa.analysis/1';
  readonly id: string;
  readonly runId: string;
  readonly status: Report['status'];
  readonly exitCode: number;
  /** Present when a limit ended the analysis. */
  readonly limitReached?: NonNullable<Report['limitReached']>;
  readonly task: string;
  readonly answer: string;
  readonly report: { readonly markdown: string; readonly html: string };
  readonly findings: readonly {
    readonly statement: string;
    /** The first number of the statement at full precision; shares are fractions, not percent. */
    readonly value?: number;
    readonly unit?: string;
    readonly evidence: readonly string[];
  }[];
  readonly evidence: readonly {
    readonly ref: string;
    readonly tool: string;
    readonly query: string;
    readonly rows: number;
    readonly resultHash: string;
  }[];
  readonly datasets: readonly ReportDataset[];
  readonly steps: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
  readonly usage: Report['usage'];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly uiUrl?: string;
};

/** What the first number of a finding counts, where that can be told from its format. */
const units: Readonly<Record<NumberFormat['style'], string | undefined>> = {
  count: 'count',
  decimal: undefined,
  percent: 'fraction',
  points: 'fraction',
  times: 'ratio',
};

export function resultDocument(
  report: Report,
  paths: { readonly markdown: string; readonly html: string },
): ResultDocument {
  const refs = new Map(report.evidence.map(({ call, ref }) => [call, ref]));
  return {
    schema: 'dpa.analysis/1',
    id: report.id,
    runId: report.runId,
    status: report.status,
    exitCode: report.exitCode,
    ...(report.limitReached === undefined ? {} : { limitReached: report.limitReached }),
    task: report.task,
    answer: answerText(report),
    report: { markdown: paths.markdown, html: paths.html },
    findings: report.findings.map((finding) => findingEntry(finding, refs)),
    evidence: report.evidence.map(({ ref, tool, query, rows, resultHash }) => ({ ref, tool, query, rows, resultHash })),
    datasets: report.datasets,
    steps: report.steps,
    modelCalls: report.modelCalls,
    toolCalls: report.toolCalls,
    usage: report.usage,
    startedAt: report.startedAt,
    endedAt: report.endedAt,
    ...(report.uiUrl === undefined ? {} : { uiUrl: report.uiUrl }),
  };
}

function findingEntry(finding: ReportFinding, refs: ReadonlyMap<string, string>): ResultDocument['findings'][number] {
  const calls = [
    ...finding.quantities.flatMap((quantity) => quantity.calls),
    ...(finding.chart ? [finding.chart.call] : []),
  ];
  const evidence = [...new Set(calls.flatMap((call) => refs.get(call) ?? []))];
  const [first] = finding.quantities;
  const unit = first && units[first.format.style];
  return {
    statement: statementOf(finding),
    ...(first === undefined ? {} : { value: first.value }),
    ...(unit === undefined ? {} : { unit }),
    evidence,
  };
}
