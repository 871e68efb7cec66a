/** Tests every candidate at once: how strongly its levels go with the outcome, and whether it gives the outcome away. */
import { queryCall } from '../query-call.ts';
import { numberAt, cellAt } from '../../../analysis/table.ts';
import { problemOf, tableOf, type Catalog } from '../catalog.ts';
import type { Ask, Reply } from '../script.ts';
import { literal } from '../sql.ts';
import { baseSql } from './base-sql.ts';
import type { Entity } from './entity.ts';
import { nullWords } from './shape.ts';
import { criticalChiSquare, familyWiseError, smallestEffect } from './statistics.ts';
import { tellsOfOutcome, type Variable } from './variables.ts';

export type Tested = {
  readonly variable: Variable;
  /** Cramér's V without bias: 0 no relation, 1 it decides. */
  readonly effect: number;
  readonly verdict: 'driver' | 'none' | 'leak' | 'untestable';
  readonly reply: Reply;
  readonly row: number;
};

export type Screen = {
  readonly tested: readonly Tested[];
  /** Result and row with all rows (`all_rows`) and all outcomes (`all_positive`). */
  readonly overall: Reply | undefined;
  readonly rows: number;
  readonly positives: number;
  readonly problem: string | undefined;
};

/** Variables per query: SQL and result together must fit into what a model is shown. */
const variablesPerQuery = 14;
/** A level in which nearly all had the outcome; real causes leave exceptions. */
const decidingShare = 0.98;
/** So many outcomes in deciding levels are no accident when at most half of all rows have it. */
const decidedAtLeast = 10;
const commonOutcome = 0.5;

export function* screen(
  catalog: Catalog,
  entity: Entity,
  variables: readonly Variable[],
  ask: Omit<Ask, 'calls'>,
): Generator<Ask, Screen, readonly Reply[]> {
  const chunks = chunksOf(variables);
  const replies = yield {
    ...ask,
    calls: chunks.map((chunk) =>
      queryCall(catalog.tools, 'which columns go with the outcome', screenSql(entity, chunk)),
    ),
  };
  const tested = chunks.flatMap((chunk, i) => {
    const reply = replies[i];
    return reply === undefined ? [] : testedOf(reply, chunk, entity, variables.length);
  });
  const overall = replies.find((reply) => tableOf(reply) !== undefined);
  const table = overall && tableOf(overall);
  return {
    tested,
    overall,
    rows: (table && numberAt(table, 0, 'all_rows')) ?? 0,
    positives: (table && numberAt(table, 0, 'all_positive')) ?? 0,
    problem: overall === undefined ? problemOf(replies[0]) : undefined,
  };
}

/** At least one chunk, so that the totals are known even when there is no candidate. */
function chunksOf(variables: readonly Variable[]): Variable[][] {
  const chunks: Variable[][] = [];
  for (let at = 0; at < variables.length; at += variablesPerQuery)
    chunks.push(variables.slice(at, at + variablesPerQuery));
  return chunks.length === 0 ? [[]] : chunks;
}

function screenSql(entity: Entity, variables: readonly Variable[]): string {
  const groups = variables.filter(({ kind }) => kind === 'category');
  const numbers = variables.filter(({ kind }) => kind !== 'category');
  const counts = numbers.filter(({ kind }) => kind === 'count').map(({ id }) => literal(id));
  const bins = [1, 2, 3, 4].map((i) => `(x > q[${i}])::INT`).join(' + ');
  const bin =
    counts.length === 0
      ? bins
      : `CASE WHEN v IN (${counts.join(', ')}) AND q[4] <= 4 THEN least(x, 3)::INT ELSE ${bins} END`;
  return `${baseSql(entity, variables)},
groups AS (SELECT unnest(${names(groups)}) AS v, unnest(${values(groups, 'VARCHAR')}) AS level, y FROM base),
numbers AS (SELECT unnest(${names(numbers)}) AS v, unnest(${values(numbers, 'DOUBLE')}) AS x, y FROM base),
edges AS (SELECT v, quantile_disc(x, [0.2, 0.4, 0.6, 0.8]) AS q FROM numbers WHERE isfinite(x) GROUP BY v),
cells AS (SELECT v, level, count(*) AS n, sum(y) AS k FROM (SELECT v, level, y FROM groups WHERE NOT regexp_matches(level, ${literal(nullWords)}, 'i')
  UNION ALL SELECT v, (${bin})::VARCHAR, y FROM numbers JOIN edges USING (v) WHERE isfinite(x)) GROUP BY v, level),
rates AS (SELECT *, sum(k) OVER (PARTITION BY v) / sum(n) OVER (PARTITION BY v) AS p FROM cells),
tests AS (SELECT v, sum(n)::BIGINT AS present, sum(k)::BIGINT AS present_positive, count(*) FILTER (n * least(p, 1 - p) >= 3) AS levels,
  coalesce(sum(n * (k / n - p) ** 2 / (p * (1 - p))) FILTER (n * least(p, 1 - p) >= 3), 0)::DOUBLE AS chi_square,
  coalesce(sum(k) FILTER (n >= 5 AND k >= ${decidingShare} * n), 0)::BIGINT AS decided FROM rates GROUP BY v),
whole AS (SELECT count(*) AS all_rows, coalesce(sum(y), 0)::BIGINT AS all_positive FROM base)
SELECT v, present, present_positive, levels, round(chi_square, 6) AS chi_square, decided,
  round(sqrt(greatest(0, chi_square - (levels - 1)) / present), 6) AS effect, all_rows, all_positive
FROM whole LEFT JOIN tests ON true ORDER BY effect DESC, v`;
}

function names(variables: readonly Variable[]): string {
  return variables.length === 0 ? '[]::VARCHAR[]' : `[${variables.map(({ id }) => literal(id)).join(', ')}]`;
}

function values(variables: readonly Variable[], type: string): string {
  return `[${variables.map(({ id }) => id).join(', ')}]::${type}[]`;
}

function testedOf(reply: Reply, variables: readonly Variable[], entity: Entity, trials: number): Tested[] {
  const table = tableOf(reply);
  return variables.map((variable) => {
    const row = table?.rows.findIndex((_, i) => cellAt(table, i, 'v') === variable.id) ?? -1;
    const number = (name: string): number => (table && numberAt(table, row, name)) ?? 0;
    const effect = number('effect');
    const degrees = number('levels') - 1;
    const verdict = (): Tested['verdict'] => {
      if (row < 0) return 'untestable';
      if (tellsOfOutcome(variable, entity) || givesAway(number)) return 'leak';
      if (degrees < 1) return 'untestable';
      const real = number('chi_square') > criticalChiSquare(degrees, familyWiseError / trials);
      return real && effect >= smallestEffect ? 'driver' : 'none';
    };
    return { variable, effect, verdict: verdict(), reply, row };
  });
}

/** The column is there only for those with the outcome (or only for those without), or its value decides it. */
function givesAway(number: (name: string) => number): boolean {
  const present = number('present');
  const positive = number('present_positive');
  const share = number('all_positive') / Math.max(1, number('all_rows'));
  const onlyWith = positive >= decidingShare * present && share < 0.9;
  const onlyWithout =
    positive === 0 &&
    present < number('all_rows') &&
    number('all_positive') >= decidedAtLeast &&
    present * share >= decidedAtLeast;
  const decided = number('decided');
  const decides =
    share <= commonOutcome ? decided >= decidedAtLeast : decided >= 0.5 * number('all_positive') && share < 0.9;
  return present > 0 && (onlyWith || onlyWithout || decides);
}
