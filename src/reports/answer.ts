/** The answer as plain text: what stands on stdout and in the result document. */
import { statementOf, type Report } from './report.ts';

/** Headline, then one line per finding, then what was not done. */
export function answerText(report: Report): string {
  const findings = report.findings.map(
    (finding) => `- ${finding.severity === 'caveat' ? 'Note: ' : ''}${statementOf(finding)}`,
  );
  const limits = report.limits.map((limit) => `- ${limit}`);
  const struck =
    report.struck.length === 0
      ? []
      : [
          `Left out, because the check of their numbers failed: ${report.struck.length} of ${report.struck.length + report.findings.length} findings.`,
        ];
  return [
    [...(report.ending === undefined ? [] : [report.ending]), report.headline],
    findings,
    struck,
    limits.length === 0 ? [] : ['Limits:', ...limits],
  ]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}
