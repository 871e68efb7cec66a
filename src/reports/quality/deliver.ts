/** Puts the reports of a quality run into its folder, each whole or not at all. */
import { join } from 'node:path';
import { writeDurably } from '../../files/durable-file.ts';
import type { RunDocument } from '../../quality/run.ts';
import { gitlabCodeQuality } from './annotations.ts';
import { qualityHtml } from './html.ts';
import { qualityJunit } from './junit.ts';
import { qualityMarkdown } from './markdown.ts';
import { defaultNamespace, endEvent } from './openlineage.ts';
import { qualityResult } from './result-json.ts';

const writers: Readonly<Record<string, readonly [file: string, write: (document: RunDocument) => string]>> = {
  json: ['result.json', (document) => `${JSON.stringify(qualityResult(document), undefined, 2)}\n`],
  markdown: ['report.md', qualityMarkdown],
  html: ['report.html', qualityHtml],
  junit: ['junit.xml', qualityJunit],
  openlineage: ['events.ndjson', (document) => `${JSON.stringify(endEvent(document, defaultNamespace))}\n`],
  gitlab: ['gl-code-quality-report.json', gitlabCodeQuality],
};

export const qualityFormats: readonly string[] = Object.keys(writers);

/** What is written where nobody chooses. */
export const usualFormats: readonly string[] = ['json', 'markdown', 'html', 'junit'];

/** `folder` holds one folder per run, where the run names none of its own. */
export function createQualityDelivery(folder: string) {
  return async (
    document: RunDocument,
    options: { readonly folder?: string; readonly formats: readonly string[] },
  ): Promise<readonly string[]> => {
    const own = options.folder ?? join(folder, encodeURIComponent(document.id));
    const paths: string[] = [];
    for (const format of options.formats) {
      const [file, write] = writers[format] ?? [];
      if (file === undefined || write === undefined) continue;
      const path = join(own, file);
      await writeDurably(path, write(document)).catch((cause: unknown) => {
        const found = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`Expected to write ${path}, found: ${found}. Make room or give write permission; \`dpa quality report\` writes it again.`, { cause });
      });
      paths.push(path);
    }
    return paths;
  };
}
