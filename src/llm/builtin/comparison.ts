/** Comparison of two periods or two groups: how far apart they are, how sure that is, and which segments make the difference. */
import type { Catalog } from './catalog.ts';
import { meanFindings, segmentFindings, shareFindings } from './comparison-findings.ts';
import { sidesOf } from './comparison-sides.ts';
import { outcomeSql, segmentSql, sideSql } from './comparison-sql.ts';
import { groupOf } from './quality/subject.ts';
import { askAll, failuresOf, type Desk } from './rounds.ts';
import type { Script } from './script.ts';
import { shown } from './shown.ts';
import { datasetsOf } from './target.ts';
import { isNamedKey } from './wording.ts';

/** Text columns taken as segments. */
const maxSegmentColumns = 5;

const titles = [
  'See which data there is',
  'Find the two sides',
  'Compute the difference and its segments',
  'Report what differs',
];

export function* comparisonScript(task: string, catalog: Catalog): Script {
  const desk: Desk = { tools: catalog.tools, titles };
  const limits: string[] = [];
  const sides = yield* sidesOf(desk, task, catalog, limits);
  if (sides === undefined) {
    return {
      headline: 'The two sides of the comparison were not found in the data.',
      findings: [],
      incomplete: true,
      limits: [
        ...limits,
        'Name two values of one column, or two periods such as quarters or years of a dataset with a date.',
      ],
    };
  }
  if (catalog.datasets.length > 1 && !datasetsOf(task, catalog).said)
    limits.push(`Read as: rows of ${shown(sides.dataset.name)}; name another dataset for others.`);
  const segments = sides.dataset.columns
    .filter(({ name, type }) => groupOf(type) === 'text' && name !== sides.column && !isNamedKey(name))
    .slice(0, maxSegmentColumns)
    .map(({ name }) => name);
  const questions = [
    { about: 'the two sides', sql: sides.outcome === undefined ? sideSql(sides) : outcomeSql(sides) },
    ...segments.map((segment) => ({ about: `the difference by ${shown(segment)}`, sql: segmentSql(sides, segment) })),
  ];
  const replies = yield* askAll(desk, 2, 'Computing the difference and its segments.', questions);
  limits.push(...failuresOf(questions, replies));
  const main = sides.outcome === undefined ? meanFindings(sides, replies[0]!) : shareFindings(sides, replies[0]!);
  const findings = [...main, ...segmentFindings(sides, segments, replies.slice(1))];
  const headline =
    findings.length === 0
      ? 'The comparison could not be evaluated.'
      : `${shown(sides.a)} and ${shown(sides.b)} of ${shown(sides.dataset.name)} compared${sides.value === undefined ? '' : ` by ${shown(sides.value)}`}.`;
  return {
    headline,
    findings,
    limits: [
      ...limits,
      'A difference between groups says what goes together; other things that differ between them may be the reason.',
    ],
  };
}
