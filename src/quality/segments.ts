/** Where the rows behind a failure gather: the values of other columns that hold more of them than their share. */
import type { Check } from './check.ts';
import type { Segment } from './check-result.ts';
import type { Ask } from './ask.ts';
import { columnsOf } from './check-columns.ts';
import { allOf, operandOf, sourceColumn, where } from './table-context.ts';
import type { TableContext } from './table-context.ts';
import { violation } from './row-conditions.ts';

/** Columns looked at: more would cost more than the scan itself. */
const maxColumns = 8;

/** A segment is worth naming when it holds this share of the violating rows, and twice its share of all rows. */
const leastShare = 0.5;
const leastLift = 2;

const maxSegments = 3;

/** One statement over the table for all columns at once; empty where nothing stands out or the rows cannot be told. */
export async function segmentsOf(
  context: TableContext,
  check: Check,
  found: { readonly violating: number; readonly rows: number },
  ask: Ask,
): Promise<readonly Segment[]> {
  const condition = conditionOf(context, check);
  const candidates = candidatesOf(context, check);
  if (condition === undefined || candidates.length === 0) return [];
  const { dialect, dataset } = context;
  const from = `${dialect.identifier(dataset)}${where(check.filter)}`;
  const perColumn = candidates.map(({ name, type }) => {
    const value = dialect.asText(dialect.identifier(name), dialect.kindOf(type));
    return `(SELECT ${dialect.text(name)} AS segment, ${value} AS value, ${dialect.countIf(condition)} AS violating, count(*) AS n FROM ${from} GROUP BY ${value} ORDER BY violating DESC, n LIMIT ${maxSegments})`;
  });
  const answer = await ask(perColumn.join('\nUNION ALL\n'), {
    maxRows: maxColumns * maxSegments,
    purpose: `where they gather: ${check.name}`,
  });
  if (answer.kind === 'refused') return [];
  return answer.rows
    .map(([column, value, violating, rows]) => ({
      column: String(column),
      value: value === null || value === undefined ? null : String(value),
      violating: Number(violating),
      rows: Number(rows),
    }))
    .filter(({ violating, rows }) => {
      const share = violating / found.violating;
      return share >= leastShare && share >= leastLift * (rows / found.rows);
    })
    .sort((a, b) => b.violating / b.rows - a.violating / a.rows || b.violating - a.violating)
    .slice(0, maxSegments);
}

function conditionOf(context: TableContext, check: Check): string | undefined {
  switch (check.kind) {
    case 'nullValues':
    case 'missingValues':
    case 'acceptedValues':
    case 'pattern':
    case 'format':
    case 'range':
    case 'length':
    case 'typeConformity':
    case 'personalData':
      return allOf(violation(context.dialect, check, operandOf(context, check.column)));
    case 'rowExpression':
      return `NOT (${check.expression}\n)`;
    default:
      return undefined;
  }
}

/** Columns that can divide the rows: text, dates and flags that the check is not about and the contract does not classify. */
function candidatesOf(context: TableContext, check: Check) {
  const own = new Set(columnsOf(check).map((name) => sourceColumn(context, name).name));
  return context.columns
    .filter(({ name, type }) => {
      const described = context.table.columns.find((column) => column.physicalName === name);
      const isKey = described?.unique === true || described?.primaryKeyPosition !== undefined;
      const isOpen = ['', 'public', 'internal'].includes((described?.classification ?? '').toLowerCase());
      return !own.has(name) && !isKey && isOpen && ['text', 'date', 'boolean'].includes(context.dialect.kindOf(type));
    })
    .slice(0, maxColumns);
}
