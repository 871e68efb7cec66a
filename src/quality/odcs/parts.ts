/** Parts that stand in many places of a contract: ids, tags, custom properties, roles, definitions elsewhere. */
import { any, boolean, isMap, listOf, map, text, type Shape } from './shape.ts';

/** The versions of the standard that say different things. */
export type Standard = '3.0' | '3.1' | '3.2';

export const stableId: Shape = {
  kind: 'text',
  pattern: /^[A-Za-z0-9_-]+$/,
  likeness: 'letters, digits, - and _',
};

export const tags = listOf(text);

export const authoritativeDefinitions = listOf(
  map({ id: stableId, url: text, type: text, description: text }, ['url', 'type']),
);

export function customProperties(standard: Standard): Shape {
  const keys = { id: stableId, property: text, value: any, description: text };
  return listOf(map(standard === '3.2' ? { ...keys, vendor: text } : keys, ['property', 'value']));
}

export function role(standard: Standard): Shape {
  return map(
    {
      id: stableId,
      role: text,
      description: text,
      access: text,
      firstLevelApprovers: text,
      secondLevelApprovers: text,
      customProperties: customProperties(standard),
    },
    ['role'],
  );
}

/** What tables and columns have in common. */
export function element(standard: Standard): Readonly<Record<string, Shape>> {
  const keys = {
    id: stableId,
    name: text,
    physicalType: text,
    description: text,
    businessName: text,
    authoritativeDefinitions,
    tags,
    customProperties: customProperties(standard),
  };
  return standard === '3.2' ? { ...keys, deprecated: boolean, synonyms: synonyms(standard) } : keys;
}

function synonyms(standard: Standard): Shape {
  const keys = { synonym: text, description: text, locale: text, source: text, status: text };
  return listOf(map({ id: stableId, ...keys, customProperties: customProperties(standard) }, ['synonym']));
}

/** Words for those who ask the data questions; new in 3.2. */
export function context(standard: Standard): Shape {
  const shared = { id: stableId, authoritativeDefinitions, tags, customProperties: customProperties(standard) };
  const written = map({
    instructions: text,
    verifiedStatements: listOf(map({ ...shared, id: text, question: text, answer: text }, ['question'])),
    constraints: listOf(map({ ...shared, id: text, constraint: text }, ['constraint'])),
  });
  return { kind: 'choice', choose: (value) => (isMap(value) ? written : text) };
}
