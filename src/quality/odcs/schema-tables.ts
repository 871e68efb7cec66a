/** The `schema` part of a contract: tables, their columns, and what refers to what. */
import {
  authoritativeDefinitions,
  context,
  customProperties,
  element,
  stableId,
  tags,
  type Standard,
} from './parts.ts';
import { rules } from './schema-rules.ts';
import { any, boolean, isMap, listOf, map, oneOf, scalar, text, whole, type MapShape, type Shape } from './shape.ts';
import { typeOptions } from './type-options.ts';

export function tables(standard: Standard): Shape {
  const keys: Record<string, Shape> = {
    ...element(standard),
    logicalType: oneOf('object'),
    physicalName: text,
    dataGranularityDescription: text,
    properties: listOf(column(standard)),
    relationships: listOf(tableRelationship(standard)),
    quality: rules(standard),
  };
  return listOf(map(standard === '3.2' ? { ...keys, context: context(standard) } : keys, ['name']));
}

function column(standard: Standard, required: readonly string[] = ['name']): Shape {
  const keys = columnKeys(standard);
  return {
    kind: 'choice',
    choose: (value) => {
      const type = isMap(value) ? value['logicalType'] : undefined;
      return map({ ...keys, logicalTypeOptions: typeOptions(type, standard), ...parts(type, standard) }, [
        ...required,
        ...(type === 'map' ? ['map'] : []),
      ]);
    },
  };
}

/** The keys that only columns of some types have. Where no type is said, both may stand. */
function parts(type: unknown, standard: Standard): Record<string, Shape> {
  const inside = (required?: readonly string[]): Shape => ({
    kind: 'choice',
    choose: () => column(standard, required),
  });
  const properties = listOf(inside());
  const items = inside([]);
  if (type === undefined) return { properties, items };
  if (type === 'object') return { properties };
  if (type === 'array') return { items };
  return type === 'map' && standard === '3.2' ? { map: map({ key: items, value: items }, ['key', 'value']) } : {};
}

const plainTypes = ['string', 'date', 'timestamp', 'time', 'number', 'integer', 'object', 'array', 'boolean'];

function columnKeys(standard: Standard): Record<string, Shape> {
  const keys: Record<string, Shape> = {
    ...element(standard),
    primaryKey: boolean,
    primaryKeyPosition: whole,
    logicalType: oneOf(...plainTypes, ...(standard === '3.2' ? ['map', 'vector'] : [])),
    physicalName: text,
    required: boolean,
    unique: boolean,
    partitioned: boolean,
    partitionKeyPosition: whole,
    classification: text,
    encryptedName: text,
    transformSourceObjects: listOf(text),
    transformLogic: text,
    transformDescription: text,
    examples: listOf(any),
    criticalDataElement: boolean,
    relationships: listOf(columnRelationship(standard)),
    quality: rules(standard),
  };
  if (standard !== '3.2') return keys;
  return {
    ...keys,
    semanticType: oneOf('column', 'measure', 'dimension'),
    enum: listOf(enumValue(standard), { atLeast: 1, different: true }),
  };
}

function enumValue(standard: Standard): Shape {
  const about = { description: text, customProperties: customProperties(standard), authoritativeDefinitions, tags };
  return map({ value: scalar, label: text, id: stableId, ...about }, ['value']);
}

function reference(standard: Standard): Shape {
  const short =
    standard === '3.2'
      ? /^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z_][A-Za-z0-9_-]*)+$/
      : /^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*$/;
  const file = standard === '3.2' ? 'ya?ml' : 'yaml';
  const full = `^(?:(?:https?:\\/\\/)?[A-Za-z0-9._\\-\\/]+\\.${file}#)?\\/?[A-Za-z_][A-Za-z0-9_]*\\/[A-Za-z0-9_-]+(?:\\/[A-Za-z_][A-Za-z0-9_]*\\/[A-Za-z0-9_-]+)*$`;
  return { kind: 'text', pattern: new RegExp(`${short.source}|${full}`), likeness: 'a column as table.column' };
}

function oneOrMore(one: Shape): Shape {
  const several = listOf(one, { atLeast: 1 });
  return { kind: 'choice', choose: (value) => (Array.isArray(value) ? several : one) };
}

function columnRelationship(standard: Standard): MapShape {
  const keys = {
    type: oneOf('foreignKey'),
    to: oneOrMore(reference(standard)),
    customProperties: customProperties(standard),
  };
  return map(standard === '3.2' ? { ...keys, id: text } : keys, ['to']);
}

/** Both ends are one column, or both are lists. */
function tableRelationship(standard: Standard): Shape {
  const { keys } = columnRelationship(standard);
  const one = reference(standard);
  const ends = (shape: Shape) => map({ ...keys, from: shape, to: shape }, ['from', 'to']);
  const single = ends(one);
  const several = ends(listOf(one, { atLeast: 1 }));
  return { kind: 'choice', choose: (value) => (isMap(value) && Array.isArray(value['from']) ? several : single) };
}
