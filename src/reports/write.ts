/** Writes the report's files so that each is either whole or not there. */
import { join } from 'node:path';
import { writeDurably } from '../files/durable-file.ts';
import { reportHtml } from './html.ts';
import { resultDocument } from './json.ts';
import { reportMarkdown } from './markdown.ts';
import type { Report } from './report.ts';

export type ReportPaths = { readonly markdown: string; readonly html: string; readonly json: string };

/**
 * Writes report.md, report.html and result.json, creating the folder where needed; written again they are replaced.
 * Rejects with an Error whose `code` is the system's (ENOSPC, EROFS, EACCES, …) and whose message says what to do.
 */
export async function writeReportFiles(folder: string, report: Report): Promise<ReportPaths> {
  const paths = {
    markdown: join(folder, 'report.md'),
    html: join(folder, 'report.html'),
    json: join(folder, 'result.json'),
  };
  try {
    await writeDurably(paths.markdown, reportMarkdown(report));
    await writeDurably(paths.html, reportHtml(report));
    await writeDurably(paths.json, `${JSON.stringify(resultDocument(report, paths), null, 2)}\n`);
  } catch (error) {
    throw notWritten(folder, error);
  }
  return paths;
}

function notWritten(folder: string, cause: unknown): Error {
  const code = textIn(cause, 'code') ?? 'unknown';
  const reason = textIn(cause, 'message') ?? String(cause);
  const message = `Expected to write the report into ${folder}, found: ${reason}. ${nextStep(code)}`;
  return Object.assign(new Error(message, { cause }), { code });
}

function textIn(cause: unknown, key: 'code' | 'message'): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  const value: unknown = Reflect.get(cause, key);
  return typeof value === 'string' ? value : undefined;
}

function nextStep(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Free some disk space there, or run in a folder on another disk.';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'Allow writing there, or run in a folder that can be written.';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'A file stands where the folder should be: move it away.';
    default:
      return 'Repair this, then ask for the report again: the analysis itself is kept.';
  }
}
