/** Finds values of one column written into another: the neighbour's value stands at the end or start of a text while its own cell is empty. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asPercent, cell, derived, finding } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { shown } from '../shown.ts';
import { ident, literal } from '../sql.ts';
import * as patterns from './patterns.ts';
import { problem, weights, type Check, type Problem } from './problem.ts';
import { fact, isWords, type ColumnFacts, type KnownSubject } from './subject.ts';

/** A column with more values than this is no list of codes or kinds that could stand inside another text. */
const maxDomain = 500;

/** The neighbour must be filled in at least half of the rows, else its emptiness says nothing. */
const mostlyFilled = 0.5;

/** Fewer rows than this are chance. */
const minRows = 3;

/** At least this share of the rows with an empty cell must carry its value elsewhere. */
const minShare = 0.3;

/** It must happen this many times as often where the cell is empty as where it is filled, else texts just look that way. */
const minLift = 5;

/** Most texts looked into for one empty column. */
const maxTexts = 12;

export function gluedChecks(subject: KnownSubject): Check[] {
  const texts = subject.facts.filter((column) => isWords(column) && fact(column, 'distinct_values') > 1);
  return texts.filter(isListWithHoles).flatMap((list) => {
    const hosts = texts.filter((column) => column.name !== list.name).slice(0, maxTexts);
    if (hosts.length === 0) return [];
    return [
      {
        about: `values of ${shown(list.name)} written into other columns`,
        sql: gluedSql(
          subject.source,
          list.name,
          hosts.map(({ name }) => name),
        ),
        read: (reply) => glued(subject.name, list, reply),
      },
    ];
  });
}

function isListWithHoles(column: ColumnFacts): boolean {
  const holes = fact(column, 'nulls') + fact(column, 'blanks') + fact(column, 'null_words');
  const rows = fact(column, 'rows');
  const repeats = fact(column, 'distinct_values') <= Math.min(maxDomain, rows / 2);
  return holes >= minRows && holes <= (1 - mostlyFilled) * rows && repeats;
}

/** For each text column: in how many rows it ends or starts with a known value, where the list's cell is empty and where it is filled. */
function gluedSql(source: string, list: string, hosts: readonly string[]): string {
  const l = `CAST(${ident(list)} AS VARCHAR)`;
  const empty = `(v IS NULL OR trim(v) = '' OR ${patterns.isMissingWord})`;
  const rows = hosts
    .map(
      (host, p) =>
        `SELECT ${p} AS p, ${literal(host)} AS host, trim(CAST(${ident(host)} AS VARCHAR)) AS h, ${l} AS v, count(*) AS n FROM ${source} GROUP BY ALL`,
    )
    .join(' UNION ALL ');
  // The border: no letter or digit before the value, or a capital after a small letter (`BendOR`).
  const before = 'substr(h, length(h) - length(d), 1)';
  const atEnd = `ends_with(h, d) AND length(h) > length(d) AND (NOT regexp_matches(${before}, '[\\pL\\pN]') OR (regexp_matches(${before}, '\\p{Ll}') AND regexp_matches(d, '^\\p{Lu}')))`;
  const atStart = `starts_with(h, d) AND NOT regexp_matches(substr(h, length(d) + 1, 1), '[\\pL\\pN]') AND length(h) > length(d) + 1`;
  return (
    `WITH r AS (SELECT p, host, h, ${empty} AS hole, sum(n) AS n FROM (${rows}) WHERE h <> '' GROUP BY ALL), ` +
    `dom AS (SELECT DISTINCT trim(v) AS d FROM (SELECT ${l} AS v FROM ${source}) WHERE NOT ${empty} AND length(trim(v)) >= 2), ` +
    `hit AS (SELECT p, host, h, hole, n, max(d) FILTER (WHERE ${atEnd}) AS tail, max(d) FILTER (WHERE ${atStart}) AS head ` +
    `FROM r LEFT JOIN dom ON contains(h, d) GROUP BY ALL) ` +
    ['end', 'start']
      .map((side, i) => {
        const found = i === 0 ? 'tail' : 'head';
        return (
          `SELECT p, host, '${side}' AS side, sum(n) FILTER (WHERE hole)::BIGINT AS holes, sum(n) FILTER (WHERE hole AND ${found} IS NOT NULL)::BIGINT AS glued, ` +
          `sum(n) FILTER (WHERE NOT hole)::BIGINT AS others, coalesce(sum(n) FILTER (WHERE NOT hole AND ${found} IS NOT NULL), 0)::BIGINT AS also, ` +
          `arg_max(h, (n, h)) FILTER (WHERE hole AND ${found} IS NOT NULL) AS example, arg_max(${found}, (n, h)) FILTER (WHERE hole AND ${found} IS NOT NULL) AS part FROM hit GROUP BY p, host`
        );
      })
      .join(' UNION ALL ') +
    ` ORDER BY p, side`
  );
}

function glued(dataset: string, list: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  const hosts = table.rows.flatMap((_, row) => {
    const at = (column: string) => numberAt(table, row, column) ?? 0;
    const share = at('glued') / Math.max(1, at('holes'));
    const usual = at('also') / Math.max(1, at('others'));
    const convincing = at('glued') >= minRows && share >= minShare && share >= minLift * usual;
    return convincing ? [{ row, share }] : [];
  });
  // Of several hosts the one with most such rows is the finding: the others only contain the same words.
  const best = hosts.sort((a, b) => b.share - a.share || a.row - b.row)[0];
  if (best === undefined) return [];
  const host = shown(cellAt(table, best.row, 'host'));
  const count = cell(reply, best.row, 'glued', asCount);
  const holes = cell(reply, best.row, 'holes', asCount);
  const rows = cell(list.reply, list.row, 'rows', asCount);
  const statement =
    `In {0} of the {1} rows where ${list.title} is empty ({2}; {3} of all rows), its value stands at the ${String(cellAt(table, best.row, 'side'))} of ${host} instead, ` +
    `e.g. ${shown(cellAt(table, best.row, 'example'))}, which ends up as its own ${host} in every grouping. Move ${shown(cellAt(table, best.row, 'part'))} and its like into ${shown(list.name)}.`;
  const quantities = [
    count,
    holes,
    derived('share', [count, holes], asPercent),
    derived('share', [count, rows], asPercent),
  ];
  const share = (numberAt(table, best.row, 'glued') ?? 0) / Math.max(1, fact(list, 'rows'));
  const spoils = { dataset, column: String(cellAt(table, best.row, 'host')) };
  return problem(
    `values of ${shown(list.name)} glued to ${host}`,
    weights.silentlyWrong,
    share,
    finding('key', statement, quantities),
  ).map((found) => ({ ...found, spoils }));
}
