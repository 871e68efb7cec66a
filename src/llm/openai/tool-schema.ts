/** Fits the schema of a tool to what OpenAI takes, without a change to what the schema means. */

type Schema = Readonly<Record<string, unknown>>;

/** Where a schema holds other schemas, by how it holds them. */
const holdsOne = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'];
const holdsList = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const holdsNamed = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];

/** Refused at the top; the tool server checks its arguments against the whole schema anyway. */
const refusedAtTop = ['$schema', '$id', 'anyOf', 'oneOf', 'allOf', 'enum', 'not'];

/** MCP lets an object go without `properties` and an array without `items`; OpenAI refuses all tools for one of these. */
export function toolSchema(schema: Schema): Record<string, unknown> {
  const kept = Object.entries(complete(schema)).filter(([key]) => !refusedAtTop.includes(key));
  return { properties: {}, ...Object.fromEntries(kept), type: 'object' };
}

function complete(schema: Schema): Schema {
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (holdsOne.includes(key)) return [key, completeAny(value)];
    if (holdsList.includes(key) && Array.isArray(value)) return [key, value.map(completeAny)];
    if (!holdsNamed.includes(key) || !isSchema(value)) return [key, value];
    return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, completeAny(one)]))];
  });
  const types: unknown[] = Array.isArray(schema['type']) ? schema['type'] : [schema['type']];
  return {
    ...(types.includes('object') ? { properties: {} } : {}),
    ...(types.includes('array') && !('prefixItems' in schema) ? { items: {} } : {}),
    ...Object.fromEntries(entries),
  };
}

function completeAny(value: unknown): unknown {
  return isSchema(value) ? complete(value) : value;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
