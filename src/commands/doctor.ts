/** `dpa doctor`: looks at everything an analysis needs and says how to repair what is missing. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { exitCode } from '../command-error.ts';
import { locateTemporal } from '../temporal/acquire.ts';
import { hostStatus } from '../temporal/attach.ts';
import type { Terminal } from '../ui/terminal.ts';
import { automatic } from '../llm/choose.ts';
import { modelOf } from './model.ts';
import { checkStore } from './preflight.ts';
import { discoverTools } from './tools.ts';

type Finding = { readonly ok: boolean; readonly text: string };

/** Resolves with 0 when everything is there, 69 when something is missing. */
export async function doctor(config: Config, terminal: Terminal): Promise<number> {
  const findings = [
    node(),
    await temporal(config),
    await attempt(`store ${config.storeFolder} can be written`, () => checkStore(config)),
    await attempt(`configuration ${config.mcpConfigFile}`, () => access(config.mcpConfigFile, constants.R_OK)),
    ...(await toolServers(config)),
    await model(config, terminal),
  ];
  for (const { ok, text } of findings) terminal.answer(`${ok ? '✓' : '✗'} ${text}`);
  return findings.every(({ ok }) => ok) ? 0 : exitCode.unreachable;
}

async function model(config: Config, terminal: Terminal): Promise<Finding> {
  return modelOf(config, undefined, terminal).then(
    (ref) => ({ ok: true, text: `model: ${modelText(ref)}; \`dpa models\` lists all` }),
    (error: unknown) => ({ ok: false, text: error instanceof Error ? error.message : String(error) }),
  );
}

function modelText(ref: string): string {
  if (ref === automatic) return 'chosen by the worker';
  return ref === 'builtin' ? 'the built-in planner, which needs no key' : ref;
}

function node(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    ok: major >= 24,
    text: `Node ${process.versions.node}${major >= 24 ? '' : ': expected 24 or later; run `npm install` in the project'}`,
  };
}

async function temporal(config: Config): Promise<Finding> {
  if (config.temporal.kind === 'cluster')
    return { ok: true, text: `Temporal cluster at ${config.temporal.address}, namespace ${config.temporal.namespace}` };
  const status = await hostStatus(config);
  if (status !== undefined)
    return { ok: true, text: `local host runs (pid ${status.pid}), Temporal at ${status.address}, UI ${status.uiUrl}` };
  const program = locateTemporal({
    temporalCli: config.temporalCli,
    searchPath: config.searchPath,
    cacheFolder: config.cacheFolder,
  });
  if (program !== undefined)
    return { ok: true, text: `Temporal program ${program}; the local host starts when it is needed` };
  return {
    ok: false,
    text: 'Temporal program: not there yet. The next command that needs it downloads it, or builds it with Go ≥ 1.25 (2.5 minutes); or set DPA_TEMPORAL_CLI.',
  };
}

async function toolServers(config: Config): Promise<Finding[]> {
  try {
    const { tools, problems } = await discoverTools(config);
    const servers = [...new Set(tools.map(({ server }) => server))];
    return [
      ...servers.map((server) => ({
        ok: true,
        text: `tool server ${server}: ${tools.filter((tool) => tool.server === server).length} tools`,
      })),
      ...problems.map(({ server, problem }) => ({ ok: false, text: `tool server ${server}: ${problem}` })),
    ];
  } catch (error) {
    return [{ ok: false, text: error instanceof Error ? error.message : String(error) }];
  }
}

async function attempt(text: string, check: () => Promise<void>): Promise<Finding> {
  return check().then(
    () => ({ ok: true, text }),
    (error: unknown) => ({ ok: false, text: error instanceof Error ? error.message : String(error) }),
  );
}
