/** `relationships` of tables and columns as checks that what is referred to is there. */
import { knownColumn, knownTable, never, pathText, type Findings, type Site } from './findings.ts';
import { isMap, type Path } from './shape.ts';

export function readRelationships(findings: Findings, site: Site, listed: unknown): void {
  if (!Array.isArray(listed)) return;
  for (const [index, said] of listed.entries()) {
    if (!isMap(said)) continue;
    const path: Path = [...site.path, 'relationships', index];
    const ends = { from: wordsOf(said['from']), to: wordsOf(said['to']) };
    if ([...ends.from, ...ends.to].some((end) => end.includes('/'))) {
      findings.unchecked.push({
        name: `${site.column ?? site.table.name} refers to ${ends.to.join(', ')}`,
        table: site.table.name,
        ...(site.column === undefined ? {} : { column: site.column }),
        source: pathText(path),
        reason: 'it refers by ids or into another file; write table.column to have it checked',
      });
      continue;
    }
    readOne(findings, site, ends, path);
  }
}

function readOne(findings: Findings, site: Site, ends: { from: string[]; to: string[] }, path: Path): void {
  const to = ends.to.map(split);
  const from = ends.from.map(split);
  const targets = new Set(to.map(({ table }) => table));
  if (targets.size !== 1 || new Set(from.map(({ table }) => table)).size > 1) {
    findings.problems.push({ path, message: 'expected all columns of one end in one table' });
    return;
  }
  const table = knownTable(findings, site.tables, to[0]?.table ?? '', [...path, 'to']);
  if (table === undefined) return;
  const own =
    site.column === undefined ? knownTable(findings, site.tables, from[0]?.table ?? '', [...path, 'from']) : site.table;
  if (own === undefined) return;
  const columns =
    site.column === undefined
      ? from.map(({ column }) => knownColumn(findings, own, column, [...path, 'from']))
      : [site.column];
  const theirs = to.map(({ column }) => knownColumn(findings, table, column, [...path, 'to']));
  if (columns.length !== theirs.length) {
    const message = `expected as many columns in both ends, found ${columns.length} and ${theirs.length}`;
    findings.problems.push({ path, message });
    return;
  }
  findings.drafts.push({
    kind: 'foreignKey',
    name: `${columns.join(', ')} of ${own.name} is in ${table.name}`,
    table: own.name,
    columns,
    to: { table: table.name, columns: theirs },
    threshold: { unit: 'rows', must: never },
    severity: 'error',
    dimension: 'consistency',
    tags: [],
    source: pathText(path),
  });
}

function wordsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as string[]) : [];
}

function split(end: string): { table: string; column: string } {
  const dot = end.lastIndexOf('.');
  return { table: end.slice(0, dot), column: end.slice(dot + 1) };
}
