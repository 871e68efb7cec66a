/** Finds rows that point to nothing: values of a key column that are missing in the dataset where that key is unique. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asPercent, cell, derived, finding } from '../quantities.ts';
import { shown } from '../shown.ts';
import { ident } from '../sql.ts';
import { singular, tokensOf } from '../wording.ts';
import { problem, weights, type Check } from './problem.ts';
import { fact, type ColumnFacts, type KnownSubject } from './subject.ts';

/** Below this share of found values the two columns are not the same key, whatever their names say. */
const minContained = 0.8;

/** Most pairs of columns compared. */
const maxPairs = 24;

type Reference = { from: KnownSubject; column: ColumnFacts; to: KnownSubject; key: ColumnFacts };

export function referenceChecks(subjects: readonly KnownSubject[]): Check[] {
  return referencesOf(subjects).slice(0, maxPairs).map(orphanCheck);
}

function referencesOf(subjects: readonly KnownSubject[]): Reference[] {
  return subjects.flatMap((to) =>
    to.facts
      .filter(isUnique)
      .flatMap((key) =>
        subjects
          .filter((from) => from !== to)
          .flatMap((from) =>
            from.facts
              .filter((column) => column.group === key.group && pointsTo(column.name, to.name, key.name))
              .map((column) => ({ from, column, to, key })),
          ),
      ),
  );
}

function isUnique(column: ColumnFacts): boolean {
  const rows = fact(column, 'rows');
  return rows > 1 && fact(column, 'distinct_values') === rows && (column.whole || column.group === 'text');
}

/** `customer_id` points to `customer_id` of any dataset, and to `id` of `customers`; a bare `id` points nowhere. */
function pointsTo(column: string, dataset: string, key: string): boolean {
  const from = tokensOf(column).join(' ');
  const to = tokensOf(key).join(' ');
  if (!/\b(id|key|code|number|nr|no|ref|uuid)$/.test(from)) return false;
  if (from === to) return from.includes(' ');
  const owner = tokensOf(dataset).map(singular);
  return from === [...owner, to].join(' ') || from === `${owner.at(-1)} ${to}`;
}

function orphanCheck({ from, column, to, key }: Reference): Check {
  const c = `a.${ident(column.name)}`;
  const isOrphan = `${c} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${ident(to.name)} b WHERE b.${ident(key.name)} = ${c})`;
  return {
    about: `rows of ${shown(from.name)} without a partner in ${shown(to.name)}`,
    sql: `SELECT count(*) FILTER (WHERE ${isOrphan}) AS orphans, count(${c}) AS "rows", min(CAST(${c} AS VARCHAR)) FILTER (WHERE ${isOrphan}) AS example FROM ${from.source} a`,
    read: (reply) => {
      const table = tableOf(reply);
      const orphans = cell(reply, 0, 'orphans', asCount);
      const rows = cell(reply, 0, 'rows', asCount);
      if (table === undefined || orphans === undefined || rows === undefined) return [];
      const share = (numberAt(table, 0, 'orphans') ?? 0) / Math.max(1, rows.value);
      if (share === 0 || share > 1 - minContained) return [];
      const statement =
        `{0} of {1} rows of ${shown(from.name)} with a ${shown(column.name)} ({2}) point to no row of ${shown(to.name)}, e.g. ${shown(cellAt(table, 0, 'example'))}. ` +
        'An inner join drops them unseen: load the missing partners or keep these rows apart.';
      return problem(
        `orphans in ${shown(from.name)}`,
        weights.silentlyWrong,
        share,
        finding('key', statement, [orphans, rows, derived('share', [orphans, rows], asPercent)]),
      );
    },
  };
}
