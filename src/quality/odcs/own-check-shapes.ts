/** What may stand in `implementation` of a rule with `engine: dpa`: each kind of check with its keys. */
import type { Check, FormatName } from '../check.ts';
import { operators } from './schema-rules.ts';
import {
  boolean,
  count,
  isMap,
  listOf,
  map,
  number,
  oneOf,
  scalar,
  text,
  whole,
  type MapShape,
  type Shape,
} from './shape.ts';

export const formatNames = [
  'email',
  'uuid',
  'uri',
  'hostname',
  'ipv4',
  'ipv6',
  'integer',
  'number',
  'date',
  'time',
  'timestamp',
  'boolean',
  'country',
  'currency',
  'language',
  'usState',
  'phone',
  'json',
] as const satisfies readonly FormatName[];

const column = { column: text };
const columns = listOf(text, { atLeast: 1, different: true });
const bound: Shape = { kind: 'choice', choose: (value) => (typeof value === 'string' ? text : number) };
const row = { unit: oneOf('rows', 'percent'), ...operators };

const measureWords = ['average', 'sum', 'minimum', 'maximum', 'stddev', 'distinctCount', 'nullPercent', 'age'] as const;
export const measureKeys: readonly string[] = [...measureWords, 'quantile'];

/** `rowCount`, or one key such as `average: amount`; `quantile: amount` with `at: 0.95`. */
const measure: Shape = {
  kind: 'choice',
  choose: (value) =>
    isMap(value)
      ? {
          ...map(
            { ...Object.fromEntries(measureKeys.map((key) => [key, text])), at: number },
            Object.hasOwn(value, 'quantile') ? ['at'] : [],
          ),
          exactlyOne: measureKeys,
        }
      : oneOf('rowCount'),
};

const window = { points: whole, learning: whole, season: oneOf('none', 'dayOfWeek') };
const changes = listOf(oneOf('added', 'removed', 'retyped', 'reordered'), { different: true });
const step: Shape = {
  kind: 'choice',
  choose: (value) => (typeof value === 'string' ? oneOf('day', 'hour') : { kind: 'number', above: 0 }),
};

type Keys = Readonly<Record<string, Shape>>;

/** Keys and, of these, the ones that must be there; `column` is the rule's own where it stands under one. */
const kinds: Readonly<Record<Exclude<Check['kind'], 'sql'>, readonly [Keys, readonly string[]]>> = {
  nullValues: [{ ...row, ...column }, []],
  missingValues: [{ ...row, ...column, values: listOf(scalar), blank: boolean }, []],
  acceptedValues: [{ ...row, ...column, values: listOf(scalar, { atLeast: 1 }), refused: boolean }, ['values']],
  pattern: [{ ...row, ...column, pattern: text, refused: boolean }, ['pattern']],
  format: [{ ...row, ...column, format: oneOf(...formatNames) }, ['format']],
  range: [
    {
      ...row,
      ...column,
      of: oneOf('number', 'date', 'timestamp', 'time'),
      minimum: bound,
      maximum: bound,
      exclusiveMinimum: bound,
      exclusiveMaximum: bound,
      multipleOf: { kind: 'number', above: 0 },
    },
    [],
  ],
  length: [{ ...row, ...column, minimum: count, maximum: count }, []],
  typeConformity: [
    {
      ...row,
      ...column,
      logicalType: oneOf('string', 'date', 'timestamp', 'time', 'number', 'integer', 'boolean'),
      format: text,
    },
    ['logicalType'],
  ],
  duplicateValues: [{ ...row, columns }, []],
  foreignKey: [{ ...row, columns, to: map({ table: text, columns }, ['table', 'columns']) }, ['to']],
  functionalDependency: [{ ...row, ...column, determinant: columns }, ['determinant']],
  rowExpression: [{ ...row, expression: text, columns }, ['expression']],
  failedRows: [{ ...row, query: text }, ['query']],
  personalData: [{ ...row, ...column }, []],
  rowCount: [operators, []],
  aggregate: [{ ...operators, measure }, ['measure']],
  freshness: [{ ...operators, ...column, maxAge: text }, []],
  retention: [{ ...operators, ...column, maxAge: text }, []],
  reconcile: [
    {
      ...operators,
      unit: oneOf('value', 'percent'),
      measure,
      with: map({ table: text, measure, filter: text }, ['table']),
    },
    ['measure', 'with'],
  ],
  sequenceGaps: [{ ...operators, ...column, step }, ['step']],
  schema: [{ against: oneOf('contract', 'baseline'), refused: changes }, []],
  volume: [{ ...window, maxDropPercent: number, maxGrowthPercent: number }, []],
  anomaly: [
    {
      ...window,
      measure,
      sensitivity: { kind: 'number', above: 0 },
      direction: oneOf('both', 'up', 'down'),
    },
    ['measure'],
  ],
  distributionDrift: [
    {
      ...column,
      method: oneOf('psi', 'ks', 'categoryShare'),
      limit: number,
      buckets: { kind: 'number', whole: true, atLeast: 2 },
    },
    [],
  ],
};

export type OwnKind = keyof typeof kinds;

export const ownKinds = Object.keys(kinds) as readonly OwnKind[];

/** Chosen by its key `check`. */
export const ownCheck: Shape = {
  kind: 'choice',
  choose: (value): MapShape => {
    const named = isMap(value) ? ownKinds.find((kind) => kind === value['check']) : undefined;
    if (named === undefined) return { ...map({ check: oneOf(...ownKinds) }, ['check']), open: true };
    const [keys, required] = kinds[named];
    return map({ ...keys, check: text, filter: text }, ['check', ...required]);
  },
};
