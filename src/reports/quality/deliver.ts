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
    options: { readonly folder?: string; readonly formats?: readonly string[] },
  ): Promise<{ readonly files: readonly string[]; readonly problems: readonly string[] }> => {
    const own = options.folder ?? join(folder, encodeURIComponent(document.id));
    const files: string[] = [];
    const problems: string[] = [];
    for (const format of options.formats ?? usualFormats) {
      const [file, write] = writers[format] ?? [];
      if (file === undefined || write === undefined) continue;
      const path = join(own, file);
      // Not begun inside the call: a format that cannot be made must not take the others down either.
      const problem = await Promise.resolve()
        .then(() => writeDurably(path, write(document)))
        .then(() => undefined)
        .catch((cause: unknown) => (cause instanceof Error ? cause.message : String(cause)));
      if (problem === undefined) files.push(path);
      else
        problems.push(
          `Expected to write ${path}, found: ${problem}. Make room or give write permission; \`dpa quality report ${document.id}\` writes it again.`,
        );
    }
    return { files, problems };
  };
}
