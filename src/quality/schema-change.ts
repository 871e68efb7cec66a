/** What differs between the columns a table should have and those it has. */
import type { SchemaChange } from './check.ts';
import type { Table } from './contract.ts';
import type { ColumnKind, SourceColumn } from './dialect.ts';

export type FoundChange = { readonly change: SchemaChange; readonly text: string };

/** Against the run before: types are compared as the engine writes them. */
export function changesSince(before: readonly SourceColumn[], now: readonly SourceColumn[]): FoundChange[] {
  const typeOf = new Map(now.map(({ name, type }) => [name, type]));
  const known = new Set(before.map(({ name }) => name));
  return [
    ...before
      .filter(({ name }) => !typeOf.has(name))
      .map(({ name }): FoundChange => ({ change: 'removed', text: `${name} was removed` })),
    ...now
      .filter(({ name }) => !known.has(name))
      .map(({ name, type }): FoundChange => ({ change: 'added', text: `${name} (${type}) was added` })),
    ...before
      .filter(({ name, type }) => typeOf.has(name) && typeOf.get(name) !== type)
      .map(({ name, type }): FoundChange => ({
        change: 'retyped',
        text: `${name} was ${type}, is ${typeOf.get(name)}`,
      })),
    ...reordered(
      before.map(({ name }) => name),
      now.map(({ name }) => name),
    ),
  ];
}

/** Against the contract: a logical type is kept by every physical type that holds it without loss. */
export function changesAgainst(
  table: Table,
  now: readonly SourceColumn[],
  kindOf: (type: string) => ColumnKind,
): FoundChange[] {
  const find = (name: string) => now.find((column) => column.name.toLowerCase() === name.toLowerCase());
  const wanted = table.columns.map(({ physicalName }) => physicalName);
  const lower = new Set(wanted.map((name) => name.toLowerCase()));
  const retyped = table.columns.flatMap(({ physicalName, logicalType }): FoundChange[] => {
    const found = find(physicalName);
    if (found === undefined || logicalType === undefined) return [];
    if (fitting[logicalType].includes(kindOf(found.type))) return [];
    return [{ change: 'retyped', text: `${physicalName} should be ${logicalType}, is ${found.type}` }];
  });
  return [
    ...wanted
      .filter((name) => find(name) === undefined)
      .map((name): FoundChange => ({ change: 'removed', text: `${name} is missing` })),
    ...now
      .filter(({ name }) => !lower.has(name.toLowerCase()))
      .map(({ name, type }): FoundChange => ({ change: 'added', text: `${name} (${type}) is not in the contract` })),
    ...retyped,
    ...reordered(
      wanted,
      now.map(({ name }) => name),
    ),
  ];
}

const anything: readonly ColumnKind[] = [
  'text',
  'integer',
  'decimal',
  'float',
  'boolean',
  'date',
  'timestamp',
  'timestamptz',
  'time',
  'list',
  'other',
];

const fitting: Readonly<Record<NonNullable<Table['columns'][number]['logicalType']>, readonly ColumnKind[]>> = {
  string: ['text', 'other'],
  integer: ['integer'],
  number: ['integer', 'decimal', 'float'],
  boolean: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp', 'timestamptz'],
  time: ['time'],
  array: ['list', 'text'],
  object: anything,
};

function reordered(wanted: readonly string[], found: readonly string[]): FoundChange[] {
  const place = new Map(found.map((name, index) => [name.toLowerCase(), index]));
  const places = wanted.flatMap((name) => place.get(name.toLowerCase()) ?? []);
  const at = places.findIndex((one, index) => index > 0 && one < places[index - 1]!);
  if (at < 0) return [];
  const common = wanted.filter((name) => place.has(name.toLowerCase()));
  return [{ change: 'reordered', text: `${common[at]} stands before ${common[at - 1]}` }];
}
