/** The whole of a contract as the standard has it: every key, per version. Differences to the official schemas stand in docs/contracts.md. */
import { authoritativeDefinitions, context, customProperties, role, stableId, tags, type Standard } from './parts.ts';
import { listOf, map, number, oneOf, scalar, text, type MapShape, type Shape } from './shape.ts';
import { servers } from './servers.ts';
import { tables } from './schema-tables.ts';

export const apiVersions = ['v3.2.0', 'v3.1.0', 'v3.0.2', 'v3.0.1', 'v3.0.0'] as const;

export function standardOf(apiVersion: string): Standard {
  if (apiVersion.startsWith('v3.2')) return '3.2';
  return apiVersion.startsWith('v3.1') ? '3.1' : '3.0';
}

/** Made once per version: a hundred contracts share three. */
export function contractShape(standard: Standard): MapShape {
  made[standard] ??= make(standard);
  return made[standard];
}

const made: Partial<Record<Standard, MapShape>> = {};

function make(standard: Standard): MapShape {
  const custom = customProperties(standard);
  const keys: Record<string, Shape> = {
    version: text,
    kind: oneOf('DataContract'),
    apiVersion: oneOf(...apiVersions),
    id: text,
    name: text,
    tenant: text,
    tags,
    status: text,
    servers: servers(standard),
    dataProduct: text,
    description: {
      ...map({ usage: text, purpose: text, limitations: text, authoritativeDefinitions, customProperties: custom }),
      open: true,
    },
    domain: text,
    schema: tables(standard),
    support: listOf(support(custom)),
    price: map({ id: stableId, priceAmount: number, priceCurrency: text, priceUnit: text }),
    team: team(custom),
    roles: listOf(role(standard)),
    slaDefaultElement: text,
    slaProperties: listOf(serviceLevel(standard)),
    authoritativeDefinitions,
    customProperties: custom,
    contractCreatedTs: text,
  };
  const required = ['version', 'apiVersion', 'kind', 'id'];
  if (standard === '3.2') return map({ ...keys, context: context(standard) }, required);
  return map(keys, [...required, 'status']);
}

function support(custom: Shape): Shape {
  const words = { channel: text, url: text, description: text, tool: text, scope: text, invitationUrl: text };
  return map({ id: stableId, ...words, customProperties: custom }, ['channel']);
}

function team(custom: Shape): Shape {
  const shared = {
    id: stableId,
    name: text,
    description: text,
    tags,
    customProperties: custom,
    authoritativeDefinitions,
  };
  const member = map({ ...shared, username: text, role: text, dateIn: text, dateOut: text, replacedByUsername: text }, [
    'username',
  ]);
  const asMap = map({ ...shared, members: listOf(member) });
  return { kind: 'choice', choose: (value) => (Array.isArray(value) ? listOf(member) : asMap) };
}

function serviceLevel(standard: Standard): Shape {
  const words = { unit: text, element: text, driver: text, description: text, scheduler: text, schedule: text };
  const keys = { id: stableId, property: text, value: scalar, valueExt: scalar, ...words };
  const newer = { customProperties: customProperties(standard), authoritativeDefinitions };
  return map(standard === '3.2' ? { ...keys, ...newer } : keys, ['property', 'value']);
}
