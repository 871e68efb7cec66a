/** Finds dates that cannot be trusted: mixed ways of writing, days that do not exist, strays, years far outside. */
import { cellAt, numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, asPercent, cell, derived, finding } from '../quantities.ts';
import type { Reply } from '../script.ts';
import { shown } from '../shown.ts';
import { ident } from '../sql.ts';
import { cellsOf } from './facts.ts';
import * as patterns from './patterns.ts';
import { problem, weights, type Check, type Problem } from './problem.ts';
import { dateShare, fact, mostlyShare, type ColumnFacts, type KnownSubject } from './subject.ts';

/** Years far outside are faults only while they are few; else the data is about history or the far future. */
const fewShare = 0.05;

export function dateChecks(subject: KnownSubject): Check[] {
  const inText = subject.facts.filter((column) => column.group === 'text' && dateShare(column) >= mostlyShare);
  const typed = subject.facts.filter((column) => column.group === 'date' && hasFewFarYears(column));
  return [...inText.map((column) => shapeCheck(subject, column)), ...typed.map((column) => yearCheck(subject, column))];
}

function hasFewFarYears(column: ColumnFacts): boolean {
  const far = fact(column, 'far_years');
  return far > 0 && far <= fewShare * fact(column, 'rows');
}

function shapeCheck(subject: KnownSubject, column: ColumnFacts): Check {
  const cases = patterns.dateShapes.map(({ name, condition }) => `WHEN ${condition} THEN '${name}'`).join(' ');
  return {
    about: `ways of writing dates in ${column.title}`,
    sql:
      `WITH cells AS (${cellsOf(subject.source, [column.name])}), shaped AS (SELECT v, n, CASE WHEN ${patterns.isImpossibleDate} THEN 'impossible' ${cases} ` +
      `ELSE 'no date' END AS shape FROM cells WHERE trim(v) <> '' AND NOT ${patterns.isMissingWord}) ` +
      `SELECT shape, sum(n)::BIGINT AS cells, min(trim(v)) AS example FROM shaped GROUP BY 1 ORDER BY cells DESC, shape`,
    read: (reply) => shapes(column, reply),
  };
}

function shapes(column: ColumnFacts, reply: Reply): Problem[] {
  const table = tableOf(reply);
  if (table === undefined) return [];
  const rowsOf = table.rows.map((_, row) => ({
    row,
    shape: String(cellAt(table, row, 'shape')),
    example: shown(cellAt(table, row, 'example')),
  }));
  const proper = rowsOf.filter(({ shape }) => shape !== 'impossible' && shape !== 'no date');
  const total = cell(column.reply, column.row, 'rows', asCount);
  const share = (row: number) => (numberAt(table, row, 'cells') ?? 0) / Math.max(1, fact(column, 'rows'));
  const problems: Problem[] = [];
  if (proper.length > 1) {
    const parts = proper.map(({ shape, example }, i) => `${shape} in {${i}} cells (e.g. ${example})`);
    const statement = `${column.title} mixes ways of writing dates: ${parts.join(', ')}. Readers guess day and month differently: convert each form by its own rule, to one ISO date.`;
    problems.push(
      ...problem(
        `mixed dates in ${column.title}`,
        weights.silentlyWrong,
        share(proper[1]!.row),
        finding(
          'key',
          statement,
          proper.map(({ row }) => cell(reply, row, 'cells', asCount)),
        ),
      ),
    );
  }
  for (const { row, shape, example } of rowsOf) {
    if (shape !== 'impossible' && shape !== 'no date') continue;
    const count = cell(reply, row, 'cells', asCount);
    const what = shape === 'impossible' ? 'days that do not exist' : 'something else';
    const statement = `${column.title} is a column of dates, yet {0} of {1} cells ({2}) hold ${what}, e.g. ${example}. Correct them at the source; a conversion would fail or shift them.`;
    const label =
      shape === 'impossible' ? `impossible dates in ${column.title}` : `cells of ${column.title} that are no dates`;
    problems.push(
      ...problem(
        label,
        weights.notComputable,
        share(row),
        finding('key', statement, [count, total, derived('share', [count, total], asPercent)]),
      ),
    );
  }
  return problems;
}

function yearCheck(subject: KnownSubject, column: ColumnFacts): Check {
  const c = ident(column.name);
  return {
    about: `years far outside in ${column.title}`,
    sql: `SELECT ${c}::VARCHAR AS value, count(*) AS cells, (sum(count(*)) OVER ())::BIGINT AS all_cells FROM ${subject.source} WHERE year(${c}) < 1900 OR year(${c}) > 2100 GROUP BY 1 ORDER BY cells DESC, value LIMIT 3`,
    read: (reply) => {
      const table = tableOf(reply);
      if (table === undefined || table.rows.length === 0) return [];
      const count = cell(reply, 0, 'all_cells', asCount);
      const total = cell(column.reply, column.row, 'rows', asCount);
      const examples = table.rows.map((_, row) => shown(cellAt(table, row, 'value'))).join(', ');
      const statement = `${column.title} holds dates far outside the others in {0} of {1} rows ({2}), e.g. ${examples}: stand-ins for "unknown" or "never", or slips. Read them as NULL before computing durations.`;
      const share = fact(column, 'far_years') / Math.max(1, fact(column, 'rows'));
      return problem(
        `far-off dates in ${column.title}`,
        weights.contradicting,
        share,
        finding('key', statement, [count, total, derived('share', [count, total], asPercent)]),
      );
    },
  };
}
