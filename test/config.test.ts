/** The environment becomes one frozen config; what is wrong in it is named. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'dpa-config-'));
/** Keeps a profile of this machine's user out of the tests. */
const base = { PATH: '/bin', TEMPORAL_CONFIG_FILE: join(folder, 'none.toml') };

describe('defaults', () => {
  const config = loadConfig(base, folder);

  test('everything is kept under the working folder', () => {
    expect(config).toMatchObject({
      home: join(folder, '.data_processing_assistant'),
      storeFolder: join(folder, '.data_processing_assistant', 'store'),
      sessionsFolder: join(folder, '.data_processing_assistant', 'sessions'),
      reportsFolder: join(folder, 'reports'),
      temporal: { kind: 'local', namespace: 'default' },
      temporalCli: undefined,
      model: undefined,
      noColor: false,
      ci: false,
    });
  });

  test('nothing can be changed afterwards', () => {
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.environment)).toBe(true);
  });
});

test('variables win over defaults, relative folders start at the working folder', () => {
  const environment = {
    ...base,
    DPA_HOME: 'h',
    XDG_CACHE_HOME: '/c',
    DPA_MODEL: 'm',
    DPA_STORE: 's',
    CI: 'true',
    NO_COLOR: '1',
  };
  expect(loadConfig(environment, folder)).toMatchObject({
    home: join(folder, 'h'),
    cacheFolder: '/c/data-processing-assistant',
    storeFolder: join(folder, 's'),
    sessionsFolder: join(folder, 'h', 'sessions'),
    model: 'm',
    ci: true,
    noColor: true,
  });
});

test('the tool configuration of the working folder wins over the one that comes with the program', () => {
  const own = mkdtempSync(join(folder, 'own-'));
  expect(loadConfig(base, own).mcpConfigFile).not.toContain(own);
  writeFileSync(join(own, 'mcp_servers_config.json'), '{}');
  expect(loadConfig(base, own).mcpConfigFile).toBe(join(own, 'mcp_servers_config.json'));
});

describe('Temporal', () => {
  test('an address means a cluster', () => {
    const { temporal } = loadConfig({ ...base, TEMPORAL_ADDRESS: 'h.example:7233', TEMPORAL_NAMESPACE: 'n' }, folder);
    expect(temporal).toMatchObject({ kind: 'cluster', address: 'h.example:7233', namespace: 'n' });
  });

  test('a profile with an address means a cluster', () => {
    const file = join(folder, 'temporal.toml');
    writeFileSync(file, '[profile.prod]\naddress = "p.example:7233"\nnamespace = "prod"\n');
    const environment = { ...base, TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'prod' };
    expect(loadConfig(environment, folder).temporal).toMatchObject({ kind: 'cluster', address: 'p.example:7233' });
  });

  test('a namespace alone is for the local host', () => {
    const { temporal } = loadConfig({ ...base, TEMPORAL_NAMESPACE: 'n' }, folder);
    expect(temporal).toEqual({ kind: 'local', namespace: 'n' });
  });
});

test.each([
  [{ TEMPORAL_ADDRESS: 'http://h:1' }, /TEMPORAL_ADDRESS .*expected HOST:PORT .*Found: "http:\/\/h:1"/],
  [{ TEMPORAL_PROFILE: 'none' }, /Profile 'none' not found/],
  [{ DPA_STORE: 's3://b/p' }, /DPA_STORE: expected the path of a folder\. Found: "s3:\/\/b\/p"/],
  [{ DPA_HOME: '  ' }, /DPA_HOME: expected a value, or none at all\. Found: " {2}"/],
])('refuses %j', (environment, message) => {
  const load = () => loadConfig({ ...base, ...environment }, folder);
  expect(load).toThrow(message);
  expect(load).toThrow(expect.objectContaining({ name: 'CommandError', exitCode: 64 }));
});

test('OpenLineage: its own variables win over dpa.yaml, and one of them turns it off', () => {
  const own = mkdtempSync(join(folder, 'lineage-'));
  expect(loadConfig(base, own).lineage).toBeUndefined();
  writeFileSync(join(own, 'dpa.yaml'), 'openlineage: {url: "http://file/", namespace: team}\n');
  expect(loadConfig(base, own).lineage).toEqual({ url: 'http://file/api/v1/lineage', namespace: 'team' });
  const environment = { ...base, OPENLINEAGE_URL: 'https://marquez', OPENLINEAGE_API_KEY: 'k' };
  expect(loadConfig(environment, own).lineage).toEqual({
    url: 'https://marquez/api/v1/lineage',
    namespace: 'team',
    apiKey: 'k',
  });
  expect(loadConfig({ ...environment, OPENLINEAGE_DISABLED: 'true' }, own).lineage).toBeUndefined();
  expect(() => loadConfig({ ...base, OPENLINEAGE_URL: 'marquez' }, own)).toThrow(
    /OPENLINEAGE_URL: expected an address/,
  );
});

test('the CI system is known by its own variable', () => {
  expect(loadConfig(base, folder).pipeline).toBeUndefined();
  expect(loadConfig({ ...base, GITLAB_CI: 'true' }, folder).pipeline).toEqual({ kind: 'gitlab' });
  expect(loadConfig({ ...base, TF_BUILD: 'True' }, folder).pipeline).toEqual({ kind: 'azure' });
  const azure = { TF_BUILD: 'True', BUILD_REPOSITORY_NAME: 'r', BUILD_SOURCEVERSION: 'c', SYSTEM_JOBNAME: 'j' };
  expect(loadConfig({ ...base, ...azure }, folder).pipeline?.run).toEqual({ repository: 'r', commit: 'c', job: 'j' });
  expect(loadConfig({ ...base, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/s' }, folder).pipeline).toEqual({
    kind: 'github',
    summaryFile: '/s',
  });
});
