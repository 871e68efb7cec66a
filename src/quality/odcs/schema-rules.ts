/** The `quality` part of tables and columns: rules of the library, in SQL, of other engines, in words. */
import { authoritativeDefinitions, customProperties, stableId, tags, type Standard } from './parts.ts';
import { any, isMap, listOf, map, number, oneOf, text, type MapShape, type Shape } from './shape.ts';

const pair = listOf(number, { atLeast: 2, atMost: 2, different: true });

/** The standard's comparisons of a result with what it must be. */
export const operators = {
  mustBe: any,
  mustNotBe: any,
  mustBeGreaterThan: number,
  mustBeGreaterOrEqualTo: number,
  mustBeLessThan: number,
  mustBeLessOrEqualTo: number,
  mustBeBetween: pair,
  mustNotBeBetween: pair,
} as const satisfies Record<string, Shape>;

export const operatorNames = Object.keys(operators) as readonly (keyof typeof operators)[];

export const dimensions = [
  'accuracy',
  'completeness',
  'conformity',
  'consistency',
  'coverage',
  'timeliness',
  'uniqueness',
] as const;

export function rules(standard: Standard): Shape {
  const keys: Record<string, Shape> = {
    id: stableId,
    authoritativeDefinitions,
    businessImpact: text,
    customProperties: customProperties(standard),
    description: text,
    dimension: oneOf(...dimensions),
    method: text,
    name: text,
    schedule: text,
    scheduler: text,
    severity: text,
    tags,
    type: oneOf('text', 'library', 'sql', 'custom'),
    unit: text,
  };
  return listOf({
    kind: 'choice',
    choose: (value) => (standard === '3.0' ? olderRule(value, keys) : rule(value, keys)),
  });
}

const metrics = ['nullValues', 'missingValues', 'invalidValues', 'duplicateValues', 'rowCount'];

function rule(value: unknown, keys: Record<string, Shape>): MapShape {
  const { type, metric } = isMap(value) ? value : {};
  const own = { ...keys };
  const required: string[] = [];
  let compared = false;
  if (type === 'library' || typeof metric === 'string') {
    Object.assign(own, operators, {
      metric: oneOf(...metrics),
      rule: text,
      arguments: { kind: 'map', keys: {}, open: true },
    });
    required.push('metric');
    compared = true;
  }
  if (type === 'sql') {
    Object.assign(own, operators, { query: text });
    required.push('query');
    compared = true;
  }
  if (type === 'custom') {
    Object.assign(own, { engine: text, implementation });
    required.push('engine', 'implementation');
  }
  return { ...map(own, required), ...(compared ? { exactlyOne: operatorNames } : {}) };
}

/** 3.0 has `rule` for `metric`, more than one comparison, and lets other keys pass. */
function olderRule(value: unknown, keys: Record<string, Shape>): MapShape {
  const { type } = isMap(value) ? value : {};
  const more: Record<string, Shape> = {
    ...operators,
    rule: text,
    metric: text,
    query: text,
    engine: text,
    implementation,
  };
  const required = { sql: ['query'], custom: ['engine', 'implementation'] }[String(type)] ?? [];
  return { ...map({ ...keys, ...more }, required), open: true };
}

const implementation: Shape = {
  kind: 'choice',
  choose: (value) => (isMap(value) ? { kind: 'map', keys: {}, open: true } : text),
};
