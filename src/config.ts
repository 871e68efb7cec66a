/** Turns the environment into one validated, frozen `Config`; no other file reads process.env. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { AlertTarget } from './alerts/post.ts';
import { CommandError, exitCode } from './command-error.ts';
import type { LineageTarget } from './lineage/send.ts';
import { readSettings, type Settings } from './settings.ts';

export type Environment = Readonly<Record<string, string>>;

/** Where the Temporal service is: our own child, or a cluster somebody runs. */
export type TemporalSource =
  | { readonly kind: 'local'; readonly namespace: string }
  | {
      readonly kind: 'cluster';
      readonly namespace: string;
      readonly address: string;
      /** As `@temporalio/envconfig` makes them; valid for `NativeConnection.connect` and `Connection.connect`. */
      readonly connectionOptions: NativeConnectionOptions & { readonly address: string };
    };

export type Pipeline = {
  readonly kind: 'github' | 'gitlab' | 'azure';
  /** Markdown that is added to it is shown on the page of the job. */
  readonly summaryFile?: string;
  /** What is built, as the system names it; absent where it does not say all of it. */
  readonly run?: { readonly repository: string; readonly commit: string; readonly job: string };
};

export type Config = {
  /** Absolute. Everything this installation keeps: Temporal's file, the store, the sessions, the host's endpoint. */
  readonly home: string;
  /** Absolute. Where the command was given; relative paths of the user start here. */
  readonly workingFolder: string;
  /** Absolute. What can be fetched again, shared by all homes of this user. */
  readonly cacheFolder: string;
  readonly temporal: TemporalSource;
  readonly temporalCli: string | undefined;
  /** Value of PATH: where programs are looked for. */
  readonly searchPath: string;
  /** Named by DPA_MODEL; undefined: chosen from what there is. */
  readonly model: string | undefined;
  readonly storeFolder: string;
  readonly sessionsFolder: string;
  readonly reportsFolder: string;
  /** Where the history of quality runs is. */
  /** Where rows are put aside when a contract asks for it. */
  readonly quarantineFolder: string;
  readonly qualityFolder: string;
  /** What is known of files that were checked; may be removed at any time. */
  readonly qualityPartialsFolder: string;
  /** What tool servers failed with lately. */
  readonly sourcesFolder: string;
  /** What alerts were sent, and where they go: DPA_ALERT_WEBHOOK and DPA_ALERT_SLACK hold addresses, which are secrets. */
  readonly alerts: { readonly folder: string; readonly targets: readonly AlertTarget[] };
  /** Who is told that an analysis waits for a person (DPA_APPROVAL_WEBHOOK, DPA_APPROVAL_SLACK), and who when nobody decides (DPA_ESCALATION_…). */
  readonly approvals: { readonly first: readonly AlertTarget[]; readonly escalation: readonly AlertTarget[] };
  /** Where OpenLineage events of quality runs go: OPENLINEAGE_URL and its companions, or `openlineage` of dpa.yaml. */
  readonly lineage: LineageTarget | undefined;
  /** The `mcp_servers_config.json` of the working folder, else the one that comes with the program. */
  readonly mcpConfigFile: string;
  /** Of the `dpa.yaml` in the working folder. */
  readonly settings: Settings;
  readonly noColor: boolean;
  readonly ci: boolean;
  /** The CI system this runs in, where it is one that shows annotations. */
  readonly pipeline: Pipeline | undefined;
  /** For child processes and `${VAR}` in configuration files. Holds secrets: never print or store it. */
  readonly environment: Environment;
};

/** Beside the compiled code, or in the project while its sources run. */
const bundledMcpConfig = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../mcp_servers_config.json' : 'mcp_servers_config.json', import.meta.url),
);

/** Throws a `CommandError` (64) that names the variable, what was expected and what was found. */
export function loadConfig(
  source: Readonly<Record<string, string | undefined>> = process.env,
  workingFolder: string = process.cwd(),
): Config {
  const environment: Environment = Object.freeze(
    Object.fromEntries(Object.entries(source).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  );
  const home = folder(environment, 'DPA_HOME', workingFolder, '.data_processing_assistant');
  const cacheRoot = folder(environment, 'XDG_CACHE_HOME', workingFolder, join(homedir(), '.cache'));
  const ownMcpConfig = join(workingFolder, 'mcp_servers_config.json');
  const settings = readSettings(join(workingFolder, 'dpa.yaml'));
  const config: Config = {
    home,
    workingFolder,
    cacheFolder: join(cacheRoot, 'data-processing-assistant'),
    temporal: Object.freeze(temporalSource(environment)),
    temporalCli: text(environment, 'DPA_TEMPORAL_CLI'),
    searchPath: environment['PATH'] ?? '',
    model: text(environment, 'DPA_MODEL'),
    storeFolder: storeFolder(environment, workingFolder, home),
    sessionsFolder: join(home, 'sessions'),
    reportsFolder: join(workingFolder, 'reports'),
    quarantineFolder: join(workingFolder, 'quarantine'),
    qualityFolder: join(home, 'quality'),
    qualityPartialsFolder: join(home, 'quality-files'),
    sourcesFolder: join(home, 'sources'),
    alerts: Object.freeze({
      folder: join(home, 'alerts'),
      targets: targets(environment, 'ALERT'),
    }),
    approvals: Object.freeze({
      first: targets(environment, 'APPROVAL'),
      escalation: targets(environment, 'ESCALATION'),
    }),
    mcpConfigFile: existsSync(ownMcpConfig) ? ownMcpConfig : bundledMcpConfig,
    settings,
    lineage: lineageTarget(environment, settings),
    noColor: Boolean(environment['NO_COLOR']),
    ci: isOn(environment, 'CI'),
    pipeline: pipelineOf(environment),
    environment,
  };
  return Object.freeze(config);
}

function isOn(environment: Environment, name: string): boolean {
  return !['', '0', 'false'].includes((environment[name] ?? '').toLowerCase());
}

/** The variables every OpenLineage client knows. */
function lineageTarget(environment: Environment, { openlineage }: Settings): LineageTarget | undefined {
  const base = text(environment, 'OPENLINEAGE_URL') ?? openlineage.url;
  if (base === undefined || isOn(environment, 'OPENLINEAGE_DISABLED')) return undefined;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol))
    throw usage('OPENLINEAGE_URL: expected an address that begins with https:// or http://. Correct it, or unset it.');
  const path = text(environment, 'OPENLINEAGE_ENDPOINT') ?? 'api/v1/lineage';
  const apiKey = text(environment, 'OPENLINEAGE_API_KEY');
  return {
    url: `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`,
    namespace: text(environment, 'OPENLINEAGE_NAMESPACE') ?? openlineage.namespace ?? 'dpa',
    ...(apiKey === undefined ? {} : { apiKey }),
  };
}

function pipelineOf(environment: Environment): Pipeline | undefined {
  const kind = isOn(environment, 'GITHUB_ACTIONS')
    ? 'github'
    : isOn(environment, 'GITLAB_CI')
      ? 'gitlab'
      : isOn(environment, 'TF_BUILD')
        ? 'azure'
        : undefined;
  if (kind === undefined) return undefined;
  const summaryFile = kind === 'github' ? text(environment, 'GITHUB_STEP_SUMMARY') : undefined;
  const [repository, commit, job] = pipelineVariables[kind].map((name) => text(environment, name));
  return {
    kind,
    ...(summaryFile === undefined ? {} : { summaryFile }),
    ...(repository === undefined || commit === undefined || job === undefined
      ? {}
      : { run: { repository, commit, job } }),
  };
}

/** Where each system says repository, commit and job. */
const pipelineVariables = {
  github: ['GITHUB_REPOSITORY', 'GITHUB_SHA', 'GITHUB_JOB'],
  gitlab: ['CI_PROJECT_PATH', 'CI_COMMIT_SHA', 'CI_JOB_NAME'],
  azure: ['BUILD_REPOSITORY_NAME', 'BUILD_SOURCEVERSION', 'SYSTEM_JOBNAME'],
} as const;

function temporalSource(environment: Environment): TemporalSource {
  let loaded;
  try {
    loaded = loadClientConnectConfig({ overrideEnvVars: environment });
  } catch (cause) {
    throw usage(
      `Expected the connection settings of Temporal (TEMPORAL_* variables or its TOML profiles) to be readable. ` +
        `Found: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        `Correct them, or unset TEMPORAL_ADDRESS, TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE to use the local host.`,
      cause,
    );
  }
  const namespace = loaded.namespace ?? 'default';
  const address = loaded.connectionOptions.address;
  if (address === undefined) return { kind: 'local', namespace };
  if (!/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(address)) {
    throw usage(
      `TEMPORAL_ADDRESS (or the profile's address): expected HOST:PORT such as 127.0.0.1:7233. Found: "${address}".`,
    );
  }
  return { kind: 'cluster', namespace, address, connectionOptions: { ...loaded.connectionOptions, address } };
}

function storeFolder(environment: Environment, workingFolder: string, home: string): string {
  const value = text(environment, 'DPA_STORE');
  if (value !== undefined && /^[a-z][a-z0-9+.-]+:\/\//i.test(value)) {
    throw usage(
      `DPA_STORE: expected the path of a folder. Found: "${value}". Stores behind a URL are not supported yet; ` +
        `unset it to use ${join(home, 'store')}.`,
    );
  }
  return value === undefined ? join(home, 'store') : resolve(workingFolder, value);
}

/** The message does not repeat the address: it is a secret. */
function targets(environment: Environment, whose: 'ALERT' | 'APPROVAL' | 'ESCALATION'): AlertTarget[] {
  return (['webhook', 'slack'] as const).flatMap((kind) => {
    const name = `DPA_${whose}_${kind.toUpperCase()}`;
    const url = text(environment, name);
    if (url === undefined) return [];
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return [{ kind, url }];
    throw usage(`${name}: expected an address that begins with https:// or http://. Correct it, or unset it.`);
  });
}

function folder(environment: Environment, name: string, base: string, fallback: string): string {
  return resolve(base, text(environment, name) ?? fallback);
}

/** Undefined when unset or empty; a value of blanks only is a mistake and is refused. */
function text(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  if (value === undefined || value === '') return undefined;
  if (value.trim() === '' || value.includes('\0')) {
    throw usage(`${name}: expected a value, or none at all. Found: ${JSON.stringify(value)}. Set it or unset it.`);
  }
  return value;
}

function usage(message: string, cause?: unknown): CommandError {
  return new CommandError(message, exitCode.usage, { cause });
}
