/** Writes the report's files so that each is either whole or not there. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
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
    await mkdir(folder, { recursive: true });
    await writeWhole(paths.markdown, reportMarkdown(report));
    await writeWhole(paths.html, reportHtml(report));
    await writeWhole(paths.json, `${JSON.stringify(resultDocument(report, paths), null, 2)}\n`);
    await syncFolder(folder);
  } catch (error) {
    throw notWritten(folder, error);
  }
  return paths;
}

/** A crash leaves either the old file or the new one: the bytes are on disk before the name points to them. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(unfinished, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
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
