/** junit.xml of a quality run: a suite per table, a case per check, so that any CI shows them. */
import type { CheckResult, TableResult } from '../../quality/check-result.ts';
import type { RunDocument } from '../../quality/run.ts';
import { visible } from '../escape.ts';

export function qualityJunit(document: RunDocument): string {
  const suites = document.tables.map((table) => suiteOf(document, table));
  const { total, failures, errors } = numbersOf(document.tables.flatMap(({ checks }) => checks));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${attribute(document.suite)}" tests="${total}" failures="${failures}" errors="${errors}" time="${seconds(document)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf(document: RunDocument, { table, contract, checks, elapsedMs }: TableResult): string {
  const { total, failures, errors, skipped } = numbersOf(checks);
  const properties = [
    ['contract', contract],
    ['suite', document.suite],
    ['interval', document.interval],
  ].map(([name, value]) => `      <property name="${name}" value="${attribute(value!)}"/>`);
  return [
    `  <testsuite name="${attribute(table)}" tests="${total}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${(elapsedMs / 1000).toFixed(3)}" timestamp="${document.startedAt.slice(0, 19)}">`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...checks.map(caseOf),
    '  </testsuite>',
  ].join('\n');
}

function caseOf(check: CheckResult): string {
  const place = [check.table, ...check.columns].join('.');
  const head = `    <testcase name="${attribute(check.name)}" classname="${attribute(place)}" time="0"`;
  const body = bodyOf(check);
  return body === undefined ? `${head}/>` : `${head}>\n      ${body}\n    </testcase>`;
}

/** A warning does not break a build: it is a case that was not counted, with its reason. */
function bodyOf({ verdict, reason, kind, sample }: CheckResult): string | undefined {
  const message = attribute(reason);
  switch (verdict) {
    case 'passed':
      return undefined;
    case 'failed': {
      const rows =
        sample === undefined ? '' : `\n${[sample.columns, ...sample.rows].map((row) => row.join(' | ')).join('\n')}`;
      return `<failure message="${message}" type="${attribute(kind)}">${content(`${reason}${rows}`)}</failure>`;
    }
    case 'error':
      return `<error message="${message}" type="${attribute(kind)}">${content(reason)}</error>`;
    case 'warning':
      return `<skipped message="${attribute(`Warning: ${reason}`)}"/>`;
    case 'skipped':
    case 'learning':
      return `<skipped message="${message}"/>`;
  }
}

function numbersOf(checks: readonly CheckResult[]) {
  const count = (...verdicts: readonly string[]): number =>
    checks.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    total: checks.length,
    failures: count('failed'),
    errors: count('error'),
    skipped: count('warning', 'skipped', 'learning'),
  };
}

function seconds({ startedAt, endedAt }: RunDocument): string {
  return ((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(3);
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** XML 1.0 has no place for most control characters, escaped or not; `visible` shows them as one that it has. */
function content(text: string): string {
  return visible(text)
    .replaceAll(/[\u{FFFE}\u{FFFF}]/gu, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
