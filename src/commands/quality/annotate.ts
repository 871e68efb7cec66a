/** Tells a CI system which checks need somebody, in its own commands, and keeps data from being read as commands. */
import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { CommandError, exitCode } from '../../command-error.ts';
import type { Pipeline } from '../../config.ts';
import type { RunDocument } from '../../quality/run.ts';
import { azureAnnotations, githubAnnotations } from '../../reports/quality/annotations.ts';
import { qualityMarkdown } from '../../reports/quality/markdown.ts';

const kinds = ['github', 'gitlab', 'azure'] as const;

/** GitHub refuses a summary of more than 1 MiB as a whole. */
const maxSummaryCharacters = 250_000;

/** What the user chose, else what the program runs in. */
export function checkedPipeline(choice: string | undefined, found: Pipeline | undefined): Pipeline | undefined {
  if (choice === undefined) return found;
  if (choice === 'none') return undefined;
  const kind = kinds.find((one) => one === choice);
  if (kind !== undefined) return found?.kind === kind ? found : { kind };
  throw new CommandError(
    `Expected --annotations to be ${kinds.join(', ')} or none, found ${JSON.stringify(choice)}.`,
    exitCode.usage,
  );
}

/** GitLab reads its report from a file, which is one of the formats. */
export async function annotate(
  document: RunDocument,
  pipeline: Pipeline | undefined,
  say: (line: string) => void,
): Promise<void> {
  const lines =
    pipeline?.kind === 'github'
      ? githubAnnotations(document)
      : pipeline?.kind === 'azure'
        ? azureAnnotations(document)
        : [];
  if (lines.length > 0) say(lines.join('\n'));
  if (pipeline?.summaryFile === undefined) return;
  const text = qualityMarkdown(document);
  const cut = text.length > maxSummaryCharacters ? `${text.slice(0, maxSummaryCharacters)}\n\n…` : text;
  await appendFile(pipeline.summaryFile, `${cut}\n`).catch((error: unknown) => {
    const found = error instanceof Error ? error.message : String(error);
    say(`Expected to add the report to GITHUB_STEP_SUMMARY, found: ${found}. The files of the run have it.`);
  });
}

/** Failing rows are data of strangers: a value that begins like a command must not be one. */
export function harmless(text: string, pipeline: Pipeline | undefined): string {
  if (pipeline?.kind === 'azure') return text.replaceAll('##vso[', '## vso[').replaceAll('##[', '## [');
  if (pipeline?.kind !== 'github') return text;
  const token = randomUUID();
  return [`::stop-commands::${token}`, text, `::${token}::`].join('\n');
}
