/** Makes the report of a judged submission and puts it into its folder. */
import { join } from 'node:path';
import type { Submission } from '../analysis/evidence.ts';
import { Failure } from '../analysis/failures.ts';
import type { Verdict } from '../analysis/verification.ts';
import { assembleReport, type CitedResult, type ReportFacts } from './assemble.ts';
import { resultDocument } from './json.ts';
import { writeReportFiles, type ReportPaths } from './write.ts';

export type JudgedSubmission = {
  readonly facts: ReportFacts;
  readonly submission: Submission;
  readonly verdicts: readonly Verdict[];
  readonly results: ReadonlyMap<string, CitedResult>;
};

export type DeliveredReport = {
  readonly paths: ReportPaths;
  /** The result document as JSON text. */ readonly document: string;
};

/** Rejects with `Report.NotDelivered` when the files cannot be written. */
export type DeliverReport = (judged: JudgedSubmission) => Promise<DeliveredReport>;

/** `folder` holds one folder per analysis. */
export function createReportDelivery(folder: string): DeliverReport {
  return async ({ facts, submission, verdicts, results }) => {
    const report = assembleReport(facts, submission, verdicts, results);
    const paths = await writeReportFiles(join(folder, encodeURIComponent(facts.id)), report).catch((cause: unknown) => {
      throw new Failure('Report.NotDelivered', cause instanceof Error ? cause.message : String(cause), { cause });
    });
    return { paths, document: JSON.stringify(resultDocument(report, paths)) };
  };
}
