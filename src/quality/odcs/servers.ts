/** The kinds of servers the standard knows, with the keys each has. */
import { customProperties, role, stableId, type Standard } from './parts.ts';
import { isMap, listOf, map, oneOf, text, whole, type MapShape, type Shape } from './shape.ts';

/** `?`: may be left out. `+`: since 3.2. */
const KEYS: Readonly<Record<string, string>> = {
  api: 'location',
  athena: 'stagingDir schema catalog? regionName? workgroup?+',
  azure: 'location format encoding?+ delimiter?',
  bigquery: 'project dataset',
  'btrieve+': 'host port? database',
  clickhouse: 'host port database',
  databricks: 'host? catalog schema',
  denodo: 'host port database?',
  dremio: 'host port schema?',
  duckdb: 'database schema?',
  'exasol+': 'host port? schema?',
  'fastobjects+': 'database host? port?',
  glue: 'account database location? format? encoding?+',
  'hana+': 'host port? database? schema?',
  cloudsql: 'host port database schema',
  db2: 'host port database schema?',
  hive: 'host port? database',
  'iceberg+': 'catalog catalogUrl namespace? warehouse?',
  impala: 'host port? database',
  informix: 'host port? database',
  'ingres+': 'database host port?',
  kafka: 'host format? encoding?+',
  kinesis: 'region? format? encoding?+',
  local: 'path format encoding?+',
  mysql: 'host port database',
  oracle: 'host port serviceName',
  'poet+': 'database host? port?',
  postgresql: 'host port database schema',
  postgres: 'host port database schema',
  presto: 'host catalog? schema?',
  pubsub: 'project',
  redshift: 'host? database schema region? account?',
  s3: 'location endpointUrl? format? encoding?+ delimiter?',
  sftp: 'location format? encoding?+ delimiter?',
  snowflake: 'host? port? account database schema warehouse?',
  sqlserver: 'host port? database schema',
  synapse: 'host port database',
  'teradata+': 'host port? database?',
  trino: 'host port catalog schema',
  'vectorwise+': 'database host port?',
  'versant+': 'database host? port?',
  vertica: 'host port database schema',
  zen: 'host port? database',
  custom:
    'account? catalog? database? dataset? delimiter? endpointUrl? format? encoding?+ host? location? path? port? ' +
    'project? region? regionName? schema? serviceName? stagingDir? warehouse? stream?',
};

const sftpLocation: Shape = { kind: 'text', pattern: /^sftp:\/\//, likeness: 'an address that begins with sftp://' };
const portOrName: Shape = { kind: 'choice', choose: (value) => (typeof value === 'string' ? text : whole) };

export function servers(standard: Standard): Shape {
  const since32 = standard === '3.2';
  const kinds = Object.keys(KEYS)
    .filter((kind) => since32 || !kind.endsWith('+'))
    .map((kind) => kind.replace('+', ''));
  const base = {
    id: stableId,
    server: text,
    type: oneOf(...kinds),
    description: text,
    environment: text,
    roles: listOf(role(standard)),
    customProperties: customProperties(standard),
  };
  return listOf({ kind: 'choice', choose: (value) => serverOf(value) });

  function serverOf(value: unknown): MapShape {
    const type = isMap(value) && typeof value['type'] === 'string' ? value['type'] : '';
    const written = KEYS[type] ?? (since32 ? KEYS[`${type}+`] : undefined);
    // With no known type, the type is the fault to be told, not the keys that hang on it.
    if (written === undefined) return { ...map(base, ['server', 'type']), open: true };
    const own = written.split(' ').filter((key) => since32 || !key.endsWith('+'));
    const keys = own.map((key) => key.replace(/[?+]+$/, ''));
    const optional = (key: string) => key.includes('?') || (since32 && type === 'athena' && key === 'stagingDir');
    return map({ ...Object.fromEntries(keys.map((key) => [key, shapeOf(type, key)])), ...base }, [
      'server',
      'type',
      ...own.filter((key) => !optional(key)),
    ]);
  }

  function shapeOf(type: string, key: string): Shape {
    if (key === 'port') return since32 ? portOrName : whole;
    return type === 'sftp' && key === 'location' ? sftpLocation : text;
  }
}
