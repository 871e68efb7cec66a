/** Finds rows that contradict the others: a column that another one determines almost always, and the exceptions. */
import { cellAt, numberAt, type Table } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import type { Question } from '../rounds.ts';
import { asCount, asPercent, cell, derived, finding } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { shown } from '../shown.ts';
import { ident } from '../sql.ts';
import * as patterns from './patterns.ts';
import { problem, weights, type Check, type Problem } from './problem.ts';
import { fact, filled, type ColumnFacts, type KnownSubject } from './subject.ts';

/** Rows times pairs of columns that are still counted in seconds. */
const maxPairRows = 40_000_000;

/** Most columns compared with one another; pairs grow with the square. */
const maxColumns = 20;

/** Pairs counted by one query, so that query and answer stay short. */
const pairsPerQuery = 40;

/** Candidates tried for one column: the closest few. */
const candidatesPerColumn = 3;

/** A rule is a rule when at most this share of the rows breaks it; more exceptions make it no rule. */
const fewExceptions = 0.05;

/** Knowing the other column must leave at most this share of the error of guessing the most common value. */
const muchBetterThanGuessing = 0.2;

/** The rule must be seen in this many groups before its exceptions are called so. */
const enoughGroups = 5;

export type Pair = { readonly determinant: ColumnFacts; readonly dependent: ColumnFacts };
type PairQuestion = Question & { readonly pairs: readonly Pair[] };

/** First round: how many different pairs of values each two columns have; columns whose faults are known are left out. */
export function pairQuestions(
  subject: KnownSubject,
  except: ReadonlySet<string>,
): { questions: PairQuestion[]; limits: string[] } {
  const columns = subject.facts
    .filter((column) => isListOfValues(column) && !except.has(column.name))
    .slice(0, maxColumns);
  const pairs = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => ({ determinant: a, dependent: b })));
  if (pairs.length * subject.rows > maxPairRows) {
    return {
      questions: [],
      limits: [
        `${shown(subject.name)} is too large to compare all pairs of columns, so contradictions between columns were not looked for.`,
      ],
    };
  }
  const questions: PairQuestion[] = [];
  for (let at = 0; at < pairs.length; at += pairsPerQuery) {
    const some = pairs.slice(at, at + pairsPerQuery);
    const used = [...new Set(some.flatMap(({ determinant, dependent }) => [determinant, dependent]))];
    const alias = (column: ColumnFacts) => `c${used.indexOf(column)}`;
    const counts = some.map(
      ({ determinant, dependent }) =>
        `count(DISTINCT (${alias(determinant)},${alias(dependent)})) FILTER (${alias(determinant)} IS NOT NULL AND ${alias(dependent)} IS NOT NULL)`,
    );
    questions.push({
      about: `columns of ${shown(subject.name)} that determine each other`,
      sql: `WITH t AS (SELECT ${used.map((column) => `${ident(column.name)} AS ${alias(column)}`).join(', ')} FROM ${subject.source}) SELECT array_to_string([${counts.join(',')}], ',') AS pairs FROM t`,
      pairs: some,
    });
  }
  return { questions, limits: [] };
}

/** Values that repeat, in a column that is mostly filled. */
function isListOfValues(column: ColumnFacts): boolean {
  const distinct = fact(column, 'distinct_values');
  const rows = fact(column, 'rows');
  const present = column.group === 'text' ? filled(column) : rows - fact(column, 'nulls');
  return (column.group === 'text' || column.whole) && distinct > 1 && distinct <= rows / 2 && present >= rows / 2;
}

/** The pairs worth a closer look: nearly determined, and by no other column without exception. */
export function closePairs(questions: readonly PairQuestion[], replies: readonly Reply[]): Pair[] {
  const counted = questions.flatMap((question, i) => countsOf(question, replies[i]));
  const directed = counted.flatMap(({ pair, count }) => [
    { pair, excess: count - fact(pair.determinant, 'distinct_values'), count },
    {
      pair: { determinant: pair.dependent, dependent: pair.determinant },
      excess: count - fact(pair.dependent, 'distinct_values'),
      count,
    },
  ]);
  const isKeyOf = new Set(
    directed.filter(({ excess }) => excess <= 0).map(({ pair }) => `${pair.determinant.name}\n${pair.dependent.name}`),
  );
  const close = directed.filter(({ pair, excess, count }) => {
    // The dependent determines the other without exception and is finer: several of it per value are in its nature.
    const reversed = `${pair.dependent.name}\n${pair.determinant.name}`;
    if (excess > 0 && isKeyOf.has(reversed)) return false;
    const combinations = fact(pair.determinant, 'distinct_values') * fact(pair.dependent, 'distinct_values');
    return excess <= fewExceptions * fact(pair.determinant, 'rows') && count * 2 <= combinations;
  });
  const determined = new Set(close.filter(({ excess }) => excess <= 0).map(({ pair }) => pair.dependent));
  const byDependent = new Map<ColumnFacts, typeof close>();
  for (const entry of close) {
    if (determined.has(entry.pair.dependent)) continue;
    byDependent.set(entry.pair.dependent, [...(byDependent.get(entry.pair.dependent) ?? []), entry]);
  }
  return [...byDependent.values()].flatMap((entries) =>
    entries
      .sort((a, b) => a.excess - b.excess)
      .slice(0, candidatesPerColumn)
      .map(({ pair }) => pair),
  );
}

function countsOf(question: PairQuestion, reply: Reply | undefined): { pair: Pair; count: number }[] {
  const table = reply && tableOf(reply);
  if (table === undefined) return [];
  const counts = String(cellAt(table, 0, 'pairs') ?? '')
    .split(',')
    .map(Number);
  return question.pairs.flatMap((pair, i) => (Number.isFinite(counts[i]) ? [{ pair, count: counts[i]! }] : []));
}

/** Second round: for each column with candidates, what breaks the rule; the closest rule becomes the finding. */
export function dependencyChecks(
  subject: KnownSubject,
  pairs: readonly Pair[],
): (Check & { readonly column: string })[] {
  const dependents = [...new Set(pairs.map(({ dependent }) => dependent))];
  return dependents.map((dependent) => {
    const candidates = pairs.filter((pair) => pair.dependent === dependent).map(({ determinant }) => determinant);
    return {
      column: dependent.name,
      about: `contradictions in ${dependent.title}`,
      sql: exceptionsSql(subject.source, dependent, candidates),
      read: (reply) => exceptions(subject, dependent, candidates, reply),
    };
  });
}

/**
 * Per candidate: groups of at least three rows in which two thirds agree; rows of such groups that disagree are the
 * exceptions. Empty cells and words for "missing" contradict nothing. An exception that repeats and stands in this group
 * only is settled: a second branch of the same name, not a slip.
 */
function exceptionsSql(source: string, dependent: ColumnFacts, candidates: readonly ColumnFacts[]): string {
  const b = `CAST(${ident(dependent.name)} AS VARCHAR)`;
  const rows = candidates
    .map(
      (a, k) =>
        `SELECT ${k} AS k, CAST(${ident(a.name)} AS VARCHAR) AS a, ${b} AS v, count(*) AS n FROM ${source} WHERE ${ident(a.name)} IS NOT NULL AND ${ident(dependent.name)} IS NOT NULL GROUP BY ALL`,
    )
    .join(' UNION ALL ');
  return (
    `WITH g AS (SELECT *, count(*) OVER (PARTITION BY k, v) AS homes FROM (${rows}) WHERE NOT ${patterns.isMissingWord}), ` +
    `m AS (SELECT k, a, sum(n) AS size, max(n) AS top, arg_max(v, (n, v)) AS usual, max(n) * 3 >= sum(n) * 2 AS decided FROM g GROUP BY ALL HAVING sum(n) >= 3), ` +
    `d AS (SELECT g.k, sum(g.n) AS exceptions, coalesce(sum(g.n) FILTER (WHERE g.n > 1 AND g.homes = 1), 0) AS settled, arg_min(g.v, (g.n, g.v)) AS odd, ` +
    `arg_min(m.usual, (g.n, g.v)) AS usual, arg_min(m.a, (g.n, g.v)) AS key FROM g JOIN m USING (k, a) WHERE m.decided AND g.v <> m.usual GROUP BY g.k) ` +
    `SELECT m.k AS candidate, count(*) AS "groups", count(*) FILTER (WHERE decided) AS decided_groups, sum(size) FILTER (WHERE decided)::BIGINT AS rows_compared, ` +
    `coalesce(any_value(d.exceptions), 0)::BIGINT AS exceptions, coalesce(any_value(d.settled), 0)::BIGINT AS settled, ` +
    `any_value(d.odd) AS odd, any_value(d.usual) AS usual, any_value(d.key) AS key FROM m LEFT JOIN d ON d.k = m.k GROUP BY m.k ORDER BY m.k`
  );
}

function exceptions(
  subject: KnownSubject,
  dependent: ColumnFacts,
  candidates: readonly ColumnFacts[],
  reply: Reply,
): Problem[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  const rules = table.rows
    .map((_, row) => ({ row, ...ruleAt(table, row, dependent) }))
    .filter(({ holds }) => holds)
    .sort((x, y) => x.error - y.error || x.row - y.row);
  const rule = rules[0];
  const determinant = rule && candidates[numberAt(table, rule.row, 'candidate') ?? -1];
  if (rule === undefined || determinant === undefined) return [];
  const count = cell(reply, rule.row, 'exceptions', asCount);
  const compared = cell(reply, rule.row, 'rows_compared', asCount);
  const statement =
    `Rows with the same ${shown(determinant.name)} agree on ${dependent.title}, but {0} of {1} compared rows ({2}) contradict their group, ` +
    `e.g. ${shown(cellAt(table, rule.row, 'odd'))} where the others of ${shown(cellAt(table, rule.row, 'key'))} say ${shown(cellAt(table, rule.row, 'usual'))}. ` +
    'Most likely slips: correct them to the value of their group, unless it truly changed.';
  return problem(
    `contradictions in ${dependent.title}`,
    weights.contradicting,
    rule.exceptions / Math.max(1, subject.rows),
    finding('key', statement, [count, compared, derived('share', [count, compared], asPercent)]),
  );
}

/** Whether a candidate is a rule at all: enough groups, nearly all decided, few exceptions, and far better than guessing. */
function ruleAt(
  table: Table,
  row: number,
  dependent: ColumnFacts,
): { holds: boolean; exceptions: number; error: number } {
  const at = (column: string) => numberAt(table, row, column) ?? 0;
  const [groups, decided, compared, count] = [
    at('groups'),
    at('decided_groups'),
    at('rows_compared'),
    at('exceptions'),
  ];
  const rows = fact(dependent, 'rows');
  const guessing = 1 - fact(dependent, 'most_common') / Math.max(1, rows);
  const error = count / Math.max(1, compared);
  const holds =
    decided >= enoughGroups &&
    groups - decided <= fewExceptions * groups &&
    compared * 2 >= rows &&
    count > 0 &&
    at('settled') * 2 <= count &&
    error <= fewExceptions &&
    (dependent.group !== 'text' || error <= muchBetterThanGuessing * guessing);
  return { holds, exceptions: count, error };
}
