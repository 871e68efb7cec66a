/** A report in which every text tries to break out of where it stands. */
import type { Report } from '../../src/reports/report.ts';
import { sampleReport } from './sample.ts';

const hostile =
  '"><script>alert(1)</script><img src=x onerror="alert(2)"></style></pre> | a | `b` ``` \u0000\u001B[31m\u202Egnp.exe [x](javascript:alert(3)) https://evil.example # * _ \uD800 & &lt;\n\n## Heading\n| x |';

export function hostileReport(): Report {
  const sample = sampleReport();
  return {
    ...sample,
    id: hostile,
    runId: hostile,
    task: hostile,
    headline: hostile,
    ending: hostile,
    model: hostile,
    uiUrl: 'javascript:alert(4)',
    limits: [hostile],
    struck: [{ severity: 'key', problems: [hostile] }],
    datasets: [{ name: hostile, rows: 1, classification: hostile }],
    plan: { steps: [{ title: hostile, state: 'done' }] },
    findings: sample.findings.map((finding) => ({
      ...finding,
      parts: finding.parts.map((part) => ({ ...part, text: hostile })),
      quantities: finding.quantities.map((quantity) => ({ ...quantity, meaning: hostile })),
      ...(finding.chart === undefined
        ? {}
        : {
            chart: {
              ...finding.chart,
              title: hostile,
              points: finding.chart.points.map(({ value }) => ({ label: hostile, value })),
            },
          }),
    })),
    evidence: sample.evidence.map((entry) => ({
      ...entry,
      ref: hostile,
      tool: hostile,
      query: hostile,
      resultHash: hostile,
      verifiedAt: hostile,
      excerpt: {
        columns: entry.excerpt.columns.map(() => ({ name: hostile, type: hostile })),
        rows: entry.excerpt.rows.map((row) => ({ ...row, cells: row.cells.map(() => hostile) })),
      },
    })),
  };
}
