/** Contracts for property tests: valid ones of every part of the standard, and small changes that may break them. */
import * as fc from 'fast-check';

type Json = unknown;

const word = fc.constantFrom('a', 'orders', 'x-1', 'Two words', 'é', '');
const id = fc.constantFrom('a', 'A-1_b', '0');
const reference = fc.constantFrom('orders.id', 't_1.c2', 'schema/orders/properties/id', '/schema/a/properties/b');

/** Of these keys, some. */
function some(keys: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Record<string, Json>> {
  return fc.record(keys, { requiredKeys: [] });
}

function all(
  required: Record<string, fc.Arbitrary<Json>>,
  optional: Record<string, fc.Arbitrary<Json>> = {},
): fc.Arbitrary<Record<string, Json>> {
  return fc.tuple(fc.record(required), some(optional)).map(([a, b]) => ({ ...a, ...b }));
}

const few = (one: fc.Arbitrary<Json>) => fc.array(one, { maxLength: 2 });
const custom = few(
  all({ property: word, value: fc.oneof(fc.constant(null), fc.constant({ a: [1] }), word) }, { id, description: word }),
);
const definitions = few(all({ url: word, type: word }, { id, description: word }));
const tags = few(word);
const role = all({ role: word }, { id, access: word, firstLevelApprovers: word, customProperties: custom });

const operator = fc.oneof(
  all({ mustBe: fc.oneof(fc.integer(), word) }),
  all({ mustNotBe: fc.integer() }),
  all({ mustBeGreaterThan: fc.integer() }),
  all({ mustBeLessOrEqualTo: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  all({ mustBeBetween: fc.constantFrom([0, 1], [5, 2]) }),
  all({ mustNotBeBetween: fc.constant([0, 1.5]) }),
);

const ruleBase = some({
  id,
  name: word,
  description: word,
  dimension: fc.constantFrom('accuracy', 'timeliness', 'uniqueness'),
  severity: word,
  unit: fc.constantFrom('rows', 'percent', 'x'),
  tags,
  customProperties: custom,
  authoritativeDefinitions: definitions,
  schedule: word,
});
const merged = (...parts: fc.Arbitrary<Record<string, Json>>[]) =>
  fc.tuple(...parts).map((found) => Object.assign({}, ...found) as Record<string, Json>);
const rule = fc.oneof(
  merged(
    ruleBase,
    operator,
    all(
      { metric: fc.constantFrom('nullValues', 'missingValues', 'invalidValues', 'duplicateValues', 'rowCount') },
      { type: fc.constant('library'), arguments: fc.constantFrom({}, { validValues: ['a'] }) },
    ),
  ),
  merged(ruleBase, operator, all({ type: fc.constant('sql'), query: word })),
  merged(ruleBase, all({ type: fc.constant('text') })),
  merged(
    ruleBase,
    all({ type: fc.constant('custom'), engine: word, implementation: fc.constantFrom<Json>('text', { a: 1 }, {}) }),
  ),
  ruleBase,
);

const limits = (value: fc.Arbitrary<Json>) =>
  some({ minimum: value, maximum: value, exclusiveMinimum: value, exclusiveMaximum: value });
const optionsOf: Record<string, fc.Arbitrary<Record<string, Json>>> = {
  string: some({ minLength: fc.nat(), maxLength: fc.nat(), pattern: word, format: word }),
  date: merged(limits(word), some({ format: word })),
  timestamp: merged(limits(word), some({ timezone: fc.boolean(), defaultTimezone: word })),
  time: limits(word),
  integer: merged(limits(fc.integer()), some({ multipleOf: fc.constant(2), format: fc.constantFrom('i32', 'u64') })),
  number: merged(limits(fc.integer()), some({ format: fc.constantFrom('f32', 'f64') })),
  object: some({ minProperties: fc.nat(), required: fc.constant(['a', 'b']) }),
  array: some({ minItems: fc.nat(), uniqueItems: fc.boolean() }),
  boolean: some({ anything: word }),
};

function column(newest: boolean, depth: number): fc.Arbitrary<Record<string, Json>> {
  const types = [...Object.keys(optionsOf), ...(newest ? ['map', 'vector'] : [])];
  const inside = depth === 0 ? fc.constant({ name: 'deep', logicalType: 'string' }) : column(newest, depth - 1);
  return fc.constantFrom(...types).chain((logicalType) => {
    const options = optionsOf[logicalType];
    const own: Record<string, fc.Arbitrary<Json>> = {
      ...(options === undefined ? {} : { logicalTypeOptions: options }),
      ...(logicalType === 'object' ? { properties: few(inside) } : {}),
      ...(logicalType === 'array' ? { items: inside } : {}),
      ...(logicalType === 'vector'
        ? { logicalTypeOptions: all({ dimensions: fc.constant(3) }, { normalized: fc.boolean() }) }
        : {}),
      ...(newest
        ? { semanticType: fc.constantFrom('column', 'measure'), enum: fc.constant([{ value: 'a' }, { value: 1 }]) }
        : {}),
    };
    return all(
      {
        name: word,
        logicalType: fc.constant(logicalType),
        ...(logicalType === 'map' ? { map: all({ key: inside, value: inside }) } : {}),
      },
      {
        ...own,
        id,
        physicalName: word,
        physicalType: word,
        required: fc.boolean(),
        unique: fc.boolean(),
        primaryKey: fc.boolean(),
        primaryKeyPosition: fc.integer(),
        classification: word,
        examples: fc.constantFrom<Json>([], [1, 'a', null, {}]),
        transformSourceObjects: tags,
        relationships: few(all({ to: reference }, { type: fc.constant('foreignKey'), customProperties: custom })),
        quality: few(rule),
        tags,
      },
    );
  });
}

const server = fc.oneof(
  all(
    { server: word, type: fc.constant('local'), path: word, format: word },
    { id, roles: few(role), environment: word },
  ),
  all({ server: word, type: fc.constant('s3'), location: word }, { delimiter: word, format: word }),
  all({ server: word, type: fc.constant('postgres'), host: word, port: fc.nat(), database: word, schema: word }),
  all({ server: word, type: fc.constant('custom') }, { stream: word, port: fc.nat(), description: word }),
  all(
    { server: word, type: fc.constant('sftp'), location: fc.constant('sftp://host/path') },
    { customProperties: custom },
  ),
);

const member = all({ username: word }, { id, name: word, role: word, dateIn: word, tags });

/** Any contract the official schema of that version takes. */
export function anyContract(version: 'v3.1.0' | 'v3.2.0'): fc.Arbitrary<Record<string, Json>> {
  const newest = version === 'v3.2.0';
  const table = all(
    { name: word },
    {
      id,
      physicalName: word,
      logicalType: fc.constant('object'),
      properties: few(column(newest, 1)),
      quality: few(rule),
      relationships: few(
        fc.oneof(
          all({ from: reference, to: reference }),
          all({ from: fc.constant(['a.b', 'a.c']), to: fc.constant(['b.c', 'b.d']) }),
        ),
      ),
      tags,
      ...(newest
        ? { context: fc.constantFrom<Json>('words', { instructions: 'x', constraints: [{ constraint: 'c' }] }) }
        : {}),
    },
  );
  return all(
    {
      version: word,
      apiVersion: fc.constant(version),
      kind: fc.constant('DataContract'),
      id: word,
      status: word,
    },
    {
      name: word,
      tags,
      schema: few(table),
      servers: few(server),
      description: fc.constantFrom<Json>({}, { purpose: 'p', more: 1 }),
      support: few(all({ channel: word }, { url: word, tool: word })),
      price: some({ priceAmount: fc.integer(), priceUnit: word }),
      team: fc.oneof(few(member), some({ name: word, members: few(member), tags })),
      roles: few(role),
      slaProperties: few(
        all({ property: word, value: fc.constantFrom<Json>(1, 'x', null, true) }, { unit: word, element: word }),
      ),
      customProperties: custom,
      authoritativeDefinitions: definitions,
      contractCreatedTs: word,
    },
  );
}

/** Changes a document in one place: takes a key away, adds one, misspells one, or puts another value there. */
export const anyChange: fc.Arbitrary<(document: Json) => Json> = fc
  .record({
    steps: fc.array(fc.nat(), { minLength: 1, maxLength: 7 }),
    how: fc.constantFrom('remove', 'add', 'misspell', 'replace'),
    value: fc.constantFrom<Json>(null, '', 'x', 7, -1, 1.5, true, [], ['x'], {}, { a: 1 }, [{}]),
    key: fc.constantFrom(
      'extra',
      'mustBe',
      'metric',
      'type',
      'name',
      'logicalType',
      'format',
      'port',
      'items',
      'properties',
      'rule',
      'enum',
      'from',
      'encoding',
    ),
  })
  .map(({ steps, how, value, key }) => (document) => {
    const copy: Json = structuredClone(document);
    let parent = copy as Record<string, Json>;
    for (const [depth, step] of steps.entries()) {
      const keys = Object.keys(parent);
      const chosen = keys[step % Math.max(keys.length, 1)];
      const next = chosen === undefined ? undefined : parent[chosen];
      const last = depth === steps.length - 1 || typeof next !== 'object' || next === null;
      if (!last) {
        parent = next as Record<string, Json>;
        continue;
      }
      if (how === 'add' && !Array.isArray(parent)) parent[key] = value;
      else if (chosen === undefined) return copy;
      else if (Array.isArray(parent)) parent[Number(chosen)] = value;
      else if (how === 'replace' || how === 'add') parent[chosen] = value;
      else {
        delete parent[chosen];
        if (how === 'misspell') parent[`${chosen}s`] = next;
      }
      return copy;
    }
    return copy;
  });
