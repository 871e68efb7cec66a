/** What a column says of itself (`required`, `unique`, its type and the options of it) as checks. */
import type { CheckDraft } from '../check-id.ts';
import type { Bound, FormatName, Range, Scalar } from '../check.ts';
import type { Column, Table } from '../contract.ts';
import { decimalAt, never, pathText, type DraftBase, type Findings, type Site } from './findings.ts';
import { formatNames } from './own-check-shapes.ts';
import { isMap, type Path } from './shape.ts';

const threshold = { unit: 'rows', must: never } as const;

export function readAttributes(findings: Findings, site: Site, column: Column, said: Record<string, unknown>): void {
  const name = column.physicalName;
  const add = (key: string, draft: CheckDraft) =>
    findings.drafts.push({ ...draft, source: pathText([...site.path, key]) });
  if (column.required)
    add('required', {
      ...base(site, `${name} is never null`, 'completeness'),
      kind: 'nullValues',
      column: name,
      threshold,
    });
  if (column.unique)
    add('unique', {
      ...base(site, `${name} is unique`, 'uniqueness'),
      kind: 'duplicateValues',
      columns: [name],
      threshold,
    });
  readType(findings, site, column, said, add);
  if (Array.isArray(said['enum'])) {
    const values = (said['enum'] as { value: Scalar }[]).map(({ value }) => value);
    add('enum', {
      ...base(site, `${name} is one of ${values.length} values`, 'conformity'),
      kind: 'acceptedValues',
      column: name,
      values,
      refused: false,
      threshold,
    });
  }
}

/** The key of a table: none of its parts is null, and together they are unique. */
export function readPrimaryKey(findings: Findings, site: Site): void {
  const key = keyOf(site.table);
  if (key.length === 0) return;
  for (const column of key.filter(({ required }) => !required)) {
    const name = column.physicalName;
    findings.drafts.push({
      ...base(site, `${name}, of the primary key, is never null`, 'completeness'),
      source: pathText([...site.path, 'primaryKey', name]),
      kind: 'nullValues',
      column: name,
      threshold,
    });
  }
  const columns = key.map(({ physicalName }) => physicalName);
  if (key.length === 1 && key[0]?.unique === true) return;
  findings.drafts.push({
    ...base(site, `${columns.join(', ')} is the primary key`, 'uniqueness'),
    source: pathText([...site.path, 'primaryKey']),
    kind: 'duplicateValues',
    columns,
    threshold,
  });
}

function keyOf(table: Table): Column[] {
  return table.columns
    .filter((column) => column.primaryKeyPosition !== undefined)
    .toSorted((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0));
}

function base(site: Site, name: string, dimension: DraftBase['dimension']): DraftBase {
  return { name, table: site.table.name, severity: 'error', dimension, tags: [], source: '' };
}

type Add = (key: string, draft: CheckDraft) => void;

function readType(findings: Findings, site: Site, column: Column, said: Record<string, unknown>, add: Add): void {
  const name = column.physicalName;
  const options = isMap(said['logicalTypeOptions']) ? said['logicalTypeOptions'] : {};
  const type = column.logicalType;
  const { format } = options;
  if (type !== undefined && type !== 'string' && type !== 'object' && type !== 'array')
    add('logicalType', {
      ...base(site, `${name} holds ${type === 'integer' ? 'whole numbers' : `values of type ${type}`}`, 'conformity'),
      kind: 'typeConformity',
      column: name,
      logicalType: type,
      ...(isDateLike(type) && typeof format === 'string' ? { format } : {}),
      threshold,
    });
  readLengths(site, name, type === 'array' ? ['minItems', 'maxItems'] : ['minLength', 'maxLength'], options, add);
  if (typeof options['pattern'] === 'string')
    add('logicalTypeOptions.pattern', {
      ...base(site, `${name} looks like ${options['pattern']}`, 'conformity'),
      kind: 'pattern',
      column: name,
      pattern: options['pattern'],
      refused: false,
      threshold,
    });
  if (type === 'string' && typeof format === 'string') readFormat(findings, site, name, format, add);
  if (type === 'integer' || type === 'number' || isDateLike(type)) readRange(findings, site, name, type, options, add);
}

function isDateLike(type: unknown): type is 'date' | 'timestamp' | 'time' {
  return type === 'date' || type === 'timestamp' || type === 'time';
}

function readLengths(site: Site, name: string, keys: [string, string], options: Record<string, unknown>, add: Add) {
  const [minimum, maximum] = keys.map((key) => options[key]);
  if (typeof minimum !== 'number' && typeof maximum !== 'number') return;
  const parts = [
    ...(typeof minimum === 'number' ? [`at least ${minimum}`] : []),
    ...(typeof maximum === 'number' ? [`at most ${maximum}`] : []),
  ];
  add('logicalTypeOptions', {
    ...base(site, `length of ${name} is ${parts.join(' and ')}`, 'conformity'),
    kind: 'length',
    column: name,
    ...(typeof minimum === 'number' ? { minimum } : {}),
    ...(typeof maximum === 'number' ? { maximum } : {}),
    threshold,
  });
}

function readFormat(findings: Findings, site: Site, name: string, format: string, add: Add): void {
  const known = formatNames.find((one) => one === format);
  if (known === undefined) {
    findings.unchecked.push({
      name: `${name} has the format ${format}`,
      table: site.table.name,
      column: name,
      source: pathText([...site.path, 'logicalTypeOptions', 'format']),
      reason: `the format ${format} says how a value is kept, not what it looks like`,
    });
    return;
  }
  add('logicalTypeOptions.format', {
    ...base(site, `${name} is written as ${known}`, 'conformity'),
    kind: 'format',
    column: name,
    format: known satisfies FormatName,
    threshold,
  });
}

function readRange(
  findings: Findings,
  site: Site,
  name: string,
  type: 'integer' | 'number' | 'date' | 'timestamp' | 'time',
  options: Record<string, unknown>,
  add: Add,
): void {
  const path: Path = [...site.path, 'logicalTypeOptions'];
  const minimum = boundOf(findings, options, ['minimum', 'exclusiveMinimum'], path);
  const maximum = boundOf(findings, options, ['maximum', 'exclusiveMaximum'], path);
  const multiple = options['multipleOf'];
  if (minimum === undefined && maximum === undefined && typeof multiple !== 'number') return;
  const parts = [
    ...(minimum === undefined ? [] : [`${minimum.exclusive ? 'above' : 'at least'} ${minimum.value}`]),
    ...(maximum === undefined ? [] : [`${maximum.exclusive ? 'below' : 'at most'} ${maximum.value}`]),
    ...(typeof multiple === 'number' ? [`a multiple of ${multiple}`] : []),
  ];
  add('logicalTypeOptions', {
    ...base(site, `${name} is ${parts.join(' and ')}`, 'conformity'),
    kind: 'range',
    column: name,
    of: (isDateLike(type) ? type : 'number') satisfies Range['of'],
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(typeof multiple === 'number' ? { multipleOf: decimalAt(findings, [...path, 'multipleOf'], multiple) } : {}),
    threshold,
  });
}

/** The exclusive limit wins; until 3.1 it was a switch. */
function boundOf(
  findings: Findings,
  options: Record<string, unknown>,
  [inclusive, exclusive]: [string, string],
  path: Path,
): Bound | undefined {
  const isSwitch = typeof options[exclusive] === 'boolean';
  const key = options[exclusive] === undefined || isSwitch ? inclusive : exclusive;
  const value = options[key];
  if (value === undefined) return undefined;
  const written = typeof value === 'number' ? decimalAt(findings, [...path, key], value) : (value as string);
  return { value: written, exclusive: isSwitch ? options[exclusive] === true : key === exclusive };
}
