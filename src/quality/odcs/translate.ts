/** A contract document as the contract this program works with; every fault of it with its place. */
import { withIds } from '../check-id.ts';
import type { Column, Contract, LogicalType, Server, Table } from '../contract.ts';
import type { Scalar } from '../check.ts';
import { readAttributes, readPrimaryKey } from './attributes.ts';
import { pathText, type Findings, type Site } from './findings.ts';
import { readContractProperties } from './contract-properties.ts';
import { customValue } from './own-properties.ts';
import { readRelationships } from './relationships.ts';
import { readRules } from './rules.ts';
import { apiVersions, contractShape, standardOf } from './schema.ts';
import { readServiceLevels } from './service-levels.ts';
import { isMap, oneOf, problemsOf, type Path, type Problem } from './shape.ts';

export type Translated =
  | { readonly kind: 'contract'; readonly contract: Contract }
  | { readonly kind: 'faulty'; readonly problems: readonly Problem[] };

type Words = Record<string, unknown>;

/** Differences between the document and the standard, first; nothing else is looked at before they are gone. */
export function standardProblems(document: unknown): Problem[] {
  const version = isMap(document) ? document['apiVersion'] : undefined;
  if (typeof version === 'string') {
    const wrong = problemsOf(version, oneOf(...apiVersions), ['apiVersion']);
    if (wrong.length > 0) return wrong;
  }
  return problemsOf(document, contractShape(standardOf(typeof version === 'string' ? version : '')));
}

/** `writtenAt` gives a number as it stands in the document. */
export function translate(document: unknown, writtenAt: (path: Path) => string | undefined): Translated {
  const different = standardProblems(document);
  if (different.length > 0 || !isMap(document)) return { kind: 'faulty', problems: different };
  const findings: Findings = { drafts: [], unchecked: [], problems: [], ids: new Map(), writtenAt };
  const listed = Array.isArray(document['schema']) ? (document['schema'] as Words[]) : [];
  const tables = listed.map(tableOf);
  refuseDoubles(findings, listed);
  for (const [index, table] of tables.entries()) readTable(findings, tables, table, listed[index]!, ['schema', index]);
  readServiceLevels(findings, tables, document);
  const onFailure = readContractProperties(findings, document);
  if (findings.problems.length > 0) return { kind: 'faulty', problems: findings.problems };
  return {
    kind: 'contract',
    contract: {
      id: text(document['id']) ?? '',
      version: text(document['version']) ?? '',
      apiVersion: text(document['apiVersion']) ?? '',
      ...optional('status', text(document['status'])),
      ...optional('name', text(document['name'])),
      ...optional('description', isMap(document['description']) ? text(document['description']['purpose']) : undefined),
      ...optional('owner', ownerOf(document)),
      tags: texts(document['tags']),
      servers: (Array.isArray(document['servers']) ? (document['servers'] as Words[]) : []).map(serverOf),
      tables,
      checks: withIds(text(document['id']) ?? '', findings.drafts, findings.ids),
      unchecked: findings.unchecked,
      ...optional('onFailure', onFailure),
    },
  };
}

function tableOf(said: Words): Table {
  const name = text(said['name']) ?? '';
  const columns = Array.isArray(said['properties']) ? (said['properties'] as Words[]) : [];
  return {
    name,
    physicalName: text(said['physicalName']) ?? name,
    columns: columns.map(columnOf),
    ...optional('description', text(said['description'])),
    tags: texts(said['tags']),
  };
}

function columnOf(said: Words): Column {
  const name = text(said['name']) ?? '';
  const position = said['primaryKeyPosition'];
  const inKey = said['primaryKey'] === true;
  return {
    name,
    physicalName: text(said['physicalName']) ?? name,
    ...optional('logicalType', logicalTypeOf(said['logicalType'])),
    ...optional('physicalType', text(said['physicalType'])),
    required: said['required'] === true,
    unique: said['unique'] === true,
    ...(inKey ? { primaryKeyPosition: typeof position === 'number' && position > 0 ? position : 1 } : {}),
    ...optional('classification', text(said['classification'])),
    examples: (Array.isArray(said['examples']) ? (said['examples'] as unknown[]) : []).filter(isScalar),
    ...optional('description', text(said['description'])),
    tags: texts(said['tags']),
  };
}

function readTable(findings: Findings, tables: readonly Table[], table: Table, said: Words, path: Path): void {
  const site: Site = { tables, table, path };
  readSchemaCheck(findings, site);
  readPrimaryKey(findings, site);
  readRules(findings, site, said['quality']);
  readRelationships(findings, site, said['relationships']);
  const columns = Array.isArray(said['properties']) ? (said['properties'] as Words[]) : [];
  for (const [index, words] of columns.entries()) {
    const column = table.columns[index]!;
    const at: Site = { ...site, column: column.physicalName, path: [...path, 'properties', index] };
    readAttributes(findings, at, column, words);
    readRules(findings, at, words['quality']);
    readRelationships(findings, at, words['relationships']);
    leaveNested(findings, at, words);
  }
}

/** Columns the contract names must be there. What else a table has is nobody's fault, unless a rule says so. */
function readSchemaCheck(findings: Findings, { table, path }: Site): void {
  if (table.columns.length === 0) return;
  findings.drafts.push({
    kind: 'schema',
    name: `${table.name} has its columns`,
    table: table.name,
    against: 'contract',
    refused: ['removed', 'retyped'],
    severity: 'error',
    dimension: 'conformity',
    tags: [],
    source: pathText([...path, 'properties']),
  });
}

/** Rules of what lies inside a column (fields of an object, items of a list) are not evaluated yet, and said so. */
function leaveNested(findings: Findings, { table, column, path }: Site, words: Words): void {
  const inside = [words['items'], ...(Array.isArray(words['properties']) ? (words['properties'] as unknown[]) : [])];
  if (
    !inside.some(
      (part) => isMap(part) && ['quality', 'required', 'unique', 'logicalTypeOptions'].some((key) => key in part),
    )
  )
    return;
  findings.unchecked.push({
    name: `what is said of the inside of ${column}`,
    table: table.name,
    ...optional('column', column),
    source: pathText(path),
    reason: 'only whole columns are checked',
  });
}

function refuseDoubles(findings: Findings, listed: readonly Words[]): void {
  const seen = new Set<unknown>();
  for (const [index, { name, properties }] of listed.entries()) {
    if (seen.has(name))
      findings.problems.push({ path: ['schema', index, 'name'], message: `a second table ${name as string}` });
    seen.add(name);
    const columns = new Set<unknown>();
    for (const [place, column] of (Array.isArray(properties) ? (properties as Words[]) : []).entries()) {
      const path = ['schema', index, 'properties', place, 'name'];
      if (columns.has(column['name']))
        findings.problems.push({ path, message: `a second column ${column['name'] as string}` });
      columns.add(column['name']);
    }
  }
}

function serverOf(said: Words): Server {
  return {
    name: text(said['server']) ?? '',
    type: text(said['type']) ?? '',
    ...optional('location', text(said['location']) ?? text(said['path'])),
    ...optional('format', text(said['format'])),
    ...optional('database', text(said['database'])),
    ...optional('schema', text(said['schema'])),
  };
}

/** `dpa.owner`, else the team's name, else its owner, else its first member. */
function ownerOf(document: Words): string | undefined {
  const custom = customValue(document, 'dpa.owner');
  if (typeof custom === 'string') return custom;
  const { team } = document;
  const name = isMap(team) ? text(team['name']) : undefined;
  const listed = Array.isArray(team)
    ? (team as Words[])
    : isMap(team)
      ? ((team['members'] as Words[] | undefined) ?? [])
      : [];
  const owner = listed.find(({ role }) => typeof role === 'string' && /owner/i.test(role)) ?? listed[0];
  return name ?? text(owner?.['username']);
}

function logicalTypeOf(value: unknown): LogicalType | undefined {
  return typeof value === 'string' && value !== 'map' && value !== 'vector' ? (value as LogicalType) : undefined;
}

function isScalar(value: unknown): value is Scalar {
  return typeof value !== 'object' || value === null;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}

function optional<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: T });
}
