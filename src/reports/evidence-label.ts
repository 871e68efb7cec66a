/** The short names of evidence entries, `E1`, `E2`, …, the same in every written form. */
import type { Report } from './report.ts';

export function evidenceLabel(report: Report, call: string): string {
  const index = report.evidence.findIndex((entry) => entry.call === call);
  return index < 0 ? 'no entry' : `E${index + 1}`;
}

/** The anchor of an entry; made from its position, so nothing of the data gets into it. */
export function anchorOf(report: Report, call: string): string {
  return evidenceLabel(report, call).toLowerCase().replace(' ', '-');
}
