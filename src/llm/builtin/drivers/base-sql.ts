/** The SQL that brings entity, outcome, dates and candidate drivers into one row per entity, and cuts drivers into levels. */
import { ident, literal } from '../sql.ts';
import { outcomeRows, own, type Child, type DateRef, type Entity, type Parent } from './entity.ts';
import { nullWords, type ColumnShape } from './shape.ts';
import type { Variable } from './variables.ts';

/** Columns of the CTE `base` besides the variables: y is the outcome as one or zero, s and d are start and end day. */
export function baseSql(entity: Entity, variables: readonly Variable[]): string {
  const aliases = aliasesNeeded(entity, variables);
  const parents = entity.parents.filter(({ alias }) => aliases.has(alias));
  const children = entity.children.filter(({ alias }) => variables.some((variable) => variable.alias === alias));
  const direct = variables.filter(({ alias }) => !children.some((child) => child.alias === alias));
  const columns = [
    `${markSql(entity)} AS y`,
    ...timeColumns(entity),
    ...children.map((child, i) => `${own}.${ident(child.on)}${cast(child)} AS j${i}`),
    ...direct.map(({ id, expression }) => `${expression} AS ${id}`),
  ];
  const ctes = [
    `${own} AS (${ownRows(entity, aliases, variables)})`,
    ...outcomeCte(entity),
    ...parents.map((parent) => `${parent.alias} AS (${parentRows(parent, entity, variables)})`),
    `b AS (SELECT ${columns.join(', ')} FROM ${own}${outcomeJoin(entity)}${parents.map(parentJoin).join('')})`,
    ...children.map((child, i) => `${child.alias} AS (${childRows(child, i, entity, variables)})`),
    `base AS (SELECT b.*${childColumns(children, entity, variables)} FROM b${children.map((child, i) => childJoin(child, i, entity)).join('')} WHERE y IS NOT NULL)`,
  ];
  return `WITH ${ctes.join(',\n')}`;
}

/** The bin of a number column, given the name of the list of its quantiles: `-` for missing ones. */
export function levelSql(variable: Variable, value: string, quantiles: string): string {
  if (variable.kind === 'category') {
    return `CASE WHEN NOT regexp_matches(${value}, ${literal(nullWords)}, 'i') THEN ${value} END`;
  }
  const bins = [1, 2, 3, 4].map((i) => `(${value} > ${quantiles}[${i}])::INT`).join(' + ');
  if (variable.kind === 'number') return `(${bins})::VARCHAR`;
  return `CASE WHEN ${quantiles}[4] <= 4 THEN least(${value}, 3)::INT ELSE ${bins} END::VARCHAR`;
}

/** The CTE `q` of one row with the quantiles of each number variable, and the list of its bin edges. */
export function quantilesSql(variables: readonly Variable[]): string {
  const numbers = variables.filter(({ kind }) => kind !== 'category');
  if (numbers.length === 0) return 'q AS (SELECT 1 AS q)';
  const lists = numbers.map(
    ({ id }) => `quantile_disc(${id}, [0.2, 0.4, 0.6, 0.8]) FILTER (isfinite(${id})) AS q${id}`,
  );
  return `q AS (SELECT ${lists.join(', ')} FROM base)`;
}

/** A date reference read as a day. */
function daySql({ alias, column }: DateRef): string {
  return dayOf(`${alias}.${ident(column.name)}`, column);
}

function dayOf(reference: string, column: ColumnShape): string {
  return /^VARCHAR/i.test(column.type) ? `TRY_CAST(${reference} AS DATE)` : `${reference}::DATE`;
}

function markSql({ outcome: { mark } }: Entity): string {
  if (mark.kind === 'row') return `(${outcomeRows}.k IS NOT NULL)::INT`;
  const reference = `${own}.${ident(mark.column.name)}`;
  if (mark.kind === 'filled') {
    if (mark.column.reads === 'date') return `(${dayOf(reference, mark.column)} IS NOT NULL)::INT`;
    return `(NOT regexp_matches(coalesce(${reference}::VARCHAR, ''), ${literal(nullWords)}, 'i'))::INT`;
  }
  const values = mark.values.map(literal).join(', ');
  return `CASE WHEN NOT regexp_matches(${reference}::VARCHAR, ${literal(nullWords)}, 'i') THEN (${reference}::VARCHAR IN (${values}))::INT END`;
}

function timeColumns({ time, outcome }: Entity): string[] {
  if (time.kind === 'moment') return [`${daySql(time.at)} AS s`];
  if (time.kind === 'none') return [];
  const end = outcome.mark.kind === 'row' ? `${outcomeRows}.d` : daySql(time.end);
  const start = daySql(time.start);
  const through = `${start} + ${time.windowDays} <= DATE ${literal(time.lastDay)} AND coalesce(${end} >= ${start} + ${time.windowDays}, true)`;
  return [`${start} AS s`, `${end} AS d`, `${through} AS through`];
}

function aliasesNeeded({ parents, time }: Entity, variables: readonly Variable[]): Set<string> {
  const needed = new Set(variables.map(({ alias }) => alias));
  if (time.kind === 'span') needed.add(time.start.alias);
  for (const parent of parents.toReversed()) if (needed.has(parent.alias)) needed.add(parent.on.alias);
  return needed;
}

/** The entity's rows; each once where its key has duplicates, the first in the order of the columns that are used. */
function ownRows(entity: Entity, aliases: ReadonlySet<string>, variables: readonly Variable[]): string {
  const { shape, duplicatedKey, outcome } = entity;
  if (duplicatedKey === undefined) return `SELECT * FROM ${ident(shape.name)}`;
  const mark = outcome.mark.kind === 'row' ? [] : [outcome.mark.column.name];
  const used = variables.flatMap(({ alias, column }) => (alias === own && column !== undefined ? [column.name] : []));
  const keys = entity.parents.flatMap(({ alias, on }) => (aliases.has(alias) && on.alias === own ? [on.column] : []));
  const order = [...new Set([...mark, ...keys, ...used])].map(ident);
  const by = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  return `SELECT * FROM ${ident(shape.name)} QUALIFY row_number() OVER (PARTITION BY ${ident(duplicatedKey.name)}${by}) = 1`;
}

function outcomeCte({ outcome: { mark, end } }: Entity): string[] {
  if (mark.kind !== 'row') return [];
  const day = end === undefined ? '' : `, min(${dayOf(ident(end.name), end)}) AS d`;
  return [
    `${outcomeRows} AS (SELECT ${ident(mark.side.column)}::VARCHAR AS k${day} FROM ${ident(mark.side.dataset)} GROUP BY 1)`,
  ];
}

function outcomeJoin({ outcome: { mark, key } }: Entity): string {
  return mark.kind === 'row' && key !== undefined
    ? ` LEFT JOIN ${outcomeRows} ON ${outcomeRows}.k = ${own}.${ident(key)}::VARCHAR`
    : '';
}

/** A parent's columns; where its key has duplicates, the smallest value of each, which is the value when they agree. */
function parentRows(parent: Parent, entity: Entity, variables: readonly Variable[]): string {
  if (!parent.duplicates)
    return `SELECT *, ${ident(parent.key)}${cast(parent)} AS join_key FROM ${ident(parent.shape.name)}`;
  const { alias } = parent;
  const used = variables.flatMap((variable) =>
    variable.alias === alias && variable.column ? [variable.column.name] : [],
  );
  const onward = entity.parents.flatMap(({ on }) => (on.alias === alias ? [on.column] : []));
  const { time } = entity;
  const start = time.kind === 'span' && time.start.alias === alias ? [time.start.column.name] : [];
  const columns = [...new Set([...used, ...onward, ...start])].map((name) => `, min(${ident(name)}) AS ${ident(name)}`);
  return `SELECT ${ident(parent.key)}${cast(parent)} AS join_key${columns.join('')} FROM ${ident(parent.shape.name)} WHERE ${ident(parent.key)} IS NOT NULL GROUP BY 1`;
}

function parentJoin(parent: Parent): string {
  return ` LEFT JOIN ${parent.alias} ON ${parent.alias}.join_key = ${parent.on.alias}.${ident(parent.on.column)}${cast(parent)}`;
}

/** Rows of a child per key; of those with a window, only what lies in the window after each start. */
function childRows(child: Child, index: number, entity: Entity, variables: readonly Variable[]): string {
  const mine = variables.filter(({ alias }) => alias === child.alias);
  const columns = mine.map(({ id, expression }) => `, ${expression} AS ${id}`).join('');
  const key = `c.${ident(child.key)}${cast(child)}`;
  const from = `${ident(child.shape.name)} AS c`;
  const { time } = entity;
  if (time.kind !== 'span' || child.date === undefined) {
    return `SELECT ${key} AS k${columns} FROM ${from} GROUP BY 1`;
  }
  const day = dayOf(`c.${ident(child.date.name)}`, child.date);
  return `SELECT w.j${index} AS k, w.s AS s${columns} FROM ${from} JOIN (SELECT DISTINCT j${index}, s FROM b WHERE through) AS w ON ${key} = w.j${index} WHERE ${day} >= w.s AND ${day} < w.s + ${time.windowDays} GROUP BY 1, 2`;
}

function childColumns(children: readonly Child[], entity: Entity, variables: readonly Variable[]): string {
  return children
    .flatMap((child) => variables.filter(({ alias }) => alias === child.alias))
    .map(({ alias, id, kind, landmark }) => {
      const value = kind === 'count' ? `coalesce(${alias}.${id}, 0)` : `${alias}.${id}`;
      return landmark && entity.time.kind === 'span'
        ? `, CASE WHEN through THEN ${value} END AS ${id}`
        : `, ${value} AS ${id}`;
    })
    .join('');
}

function childJoin(child: Child, index: number, entity: Entity): string {
  const window = entity.time.kind === 'span' && child.date !== undefined ? ` AND ${child.alias}.s = b.s` : '';
  return ` LEFT JOIN ${child.alias} ON ${child.alias}.k = b.j${index}${window}`;
}

function cast(join: { readonly cast: boolean }): string {
  return join.cast ? '::VARCHAR' : '';
}
