/** `dpa doctor --config`: every setting with its value and where it came from; keys are only said to be set. */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { endpointsFrom, settings as variables } from '../llm/endpoints.ts';
import { providers } from '../llm/profiles.ts';
import type { Terminal } from '../ui/terminal.ts';

type Setting = { readonly name: string; readonly value: unknown; readonly from: string };

export function printSettings(config: Config, options: { readonly json: boolean }, terminal: Terminal): number {
  const all = settingsOf(config);
  if (options.json) terminal.answer(JSON.stringify({ schema: 'dpa.settings/1', settings: all }));
  else for (const { name, value, from } of all) terminal.answer(`${name}: ${JSON.stringify(value)}  (${from})`);
  return 0;
}

/** Flags come before all of these. */
function settingsOf(config: Config): Setting[] {
  const { models, access, approvals, limits } = config.settings;
  const file = join(config.workingFolder, 'dpa.yaml');
  const by = (name: string, fallback = 'default') =>
    (config.environment[name] ?? '') === '' ? fallback : `environment, ${name}`;
  const inFile = (isSet: boolean) => (isSet ? file : 'default');
  return [
    { name: 'home', value: config.home, from: by('DPA_HOME') },
    { name: 'store', value: config.storeFolder, from: by('DPA_STORE') },
    { name: 'tool servers', value: config.mcpConfigFile, from: 'working folder, else the one of the program' },
    { name: 'temporal', value: temporalOf(config), from: by('TEMPORAL_ADDRESS', 'profile or local host') },
    { name: 'model', value: config.model ?? 'auto', from: by('DPA_MODEL') },
    {
      name: 'models.order',
      value: models.order ?? 'keys, then this machine',
      from: inFile(models.order !== undefined),
    },
    { name: 'models.exclude', value: models.exclude, from: inFile(models.exclude.length > 0) },
    { name: 'models.prices', value: models.prices, from: inFile(Object.keys(models.prices).length > 0) },
    { name: 'models.profiles', value: models.profiles, from: inFile(Object.keys(models.profiles).length > 0) },
    { name: 'access', value: access, from: inFile(access.length > 0) },
    ...Object.entries(approvals).map(([name, value]) => ({
      name: `approvals.${name}`,
      value: value as unknown,
      from: file,
    })),
    ...Object.entries(limits).map(([name, value]) => ({ name: `limits.${name}`, value: value as unknown, from: file })),
    {
      name: 'openlineage',
      value: config.lineage === undefined ? 'not sent' : `sent as ${config.lineage.namespace}`,
      from: by('OPENLINEAGE_URL', inFile(config.settings.openlineage.url !== undefined)),
    },
    ...endpointSettings(config, by),
  ];
}

function endpointSettings(config: Config, by: (name: string, fallback?: string) => string): Setting[] {
  const { byName } = endpointsFrom(config.environment, config.workingFolder, config.settings.models);
  return providers.flatMap((name) => {
    const { key, url, defaultUrl } = variables[name];
    const address = { name: `${name} address`, value: byName[name]?.baseUrl ?? defaultUrl, from: by(url) };
    if (key === undefined) return [address];
    const from = by(key, by(`${key}_FILE`));
    return [address, { name: `${name} key`, value: from === 'default' ? 'not set' : 'set', from }];
  });
}

function temporalOf({ temporal }: Config): string {
  return temporal.kind === 'local' ? 'local host' : temporal.address;
}
