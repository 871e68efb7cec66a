/** The checks that need somebody, in the words in which CI systems show them beside the lines of the contract. */
import { createHash } from 'node:crypto';
import { keyOf } from '../../quality/check-id.ts';
import type { CheckResult } from '../../quality/check-result.ts';
import type { RunDocument } from '../../quality/run.ts';
import { visible } from '../escape.ts';
import { byNeed, needsSomebody } from './order.ts';
import { sentencesOf } from './sentences.ts';

/** GitHub shows ten errors and ten warnings of a step and drops the others without a word. */
const shownOfLevel = 10;
const maxMessageCharacters = 2_000;

type Level = 'error' | 'warning';

/** Workflow commands, a line each. */
export function githubAnnotations(document: RunDocument): readonly string[] {
  return limited(document, shownOfLevel).map(({ level, title, message, check }) => {
    const place =
      check?.place === undefined ? '' : `file=${githubProperty(check.place.file)},line=${check.place.line},`;
    return `::${level} ${place}title=${githubProperty(title)}::${githubText(message)}`;
  });
}

/** Logging commands of Azure Pipelines, a line each. */
export function azureAnnotations(document: RunDocument): readonly string[] {
  return limited(document, 100).map(({ level, title, message, check }) => {
    const place =
      check?.place === undefined ? '' : `sourcepath=${azureText(check.place.file)};linenumber=${check.place.line};`;
    return `##vso[task.logissue type=${level};${place}code=${azureText(check?.kind ?? 'dpa')};]${azureText(`${title}: ${message}`)}`;
  });
}

/** The code quality report of GitLab: the fingerprint is the check's own, so that a merge request shows what is new. */
export function gitlabCodeQuality(document: RunDocument): string {
  const issues = needing(document).map((check) => ({
    description: `${titleOf(check)}: ${messageOf(document, check)}`,
    check_name: check.kind,
    fingerprint: createHash('sha256')
      .update(`${document.suite}\n${check.table}\n${keyOf(check)}`)
      .digest('hex'),
    severity: { failed: 'major', error: 'critical', warning: 'minor' }[check.verdict as 'failed'],
    location: { path: check.place?.file ?? document.suite, lines: { begin: check.place?.line ?? 1 } },
  }));
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}

type Annotation = {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly check?: CheckResult;
};

function needing(document: RunDocument): readonly CheckResult[] {
  return byNeed(document.tables.flatMap(({ checks }) => checks)).filter(needsSomebody);
}

/** What is beyond the limit is said in the last one. */
function limited(document: RunDocument, limit: number): readonly Annotation[] {
  const all = needing(document).map((check) => ({
    level: check.verdict === 'warning' ? ('warning' as const) : ('error' as const),
    title: titleOf(check),
    message: messageOf(document, check),
    check,
  }));
  return (['error', 'warning'] as const).flatMap((level): readonly Annotation[] => {
    const own = all.filter((annotation) => annotation.level === level);
    if (own.length <= limit) return own;
    const more = own.length - limit + 1;
    const rest = { level, title: `${more} more`, message: `${more} more checks need somebody: see the report.` };
    return [...own.slice(0, limit - 1), rest];
  });
}

function titleOf({ table, name }: CheckResult): string {
  return visible(`${table}: ${name}`);
}

function messageOf(document: RunDocument, check: CheckResult): string {
  return visible([check.reason, ...sentencesOf(document, check)].join(' ').slice(0, maxMessageCharacters));
}

function githubText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function githubProperty(text: string): string {
  return githubText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function azureText(text: string): string {
  return text
    .replaceAll('%', '%AZP25')
    .replaceAll(';', '%3B')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(']', '%5D');
}
