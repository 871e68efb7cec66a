/** The command line of the embedded Temporal service. */

export type ServicePorts = { readonly grpc: number; readonly ui: number };

/** Registered at start, so that `dpa sessions` and the Temporal UI can filter by them. */
export const searchAttributes = {
  DpaStatus: 'Keyword',
  DpaDatasets: 'KeywordList',
  DpaSuite: 'Keyword',
  DpaVerdict: 'Keyword',
  DpaModel: 'Keyword',
  DpaCostUsd: 'Double',
} as const;

/** The dev service's defaults make each step wait 50 ms twice: 95 ms a step; with these 11 ms. */
const dynamicConfig = [
  'system.enableActivityEagerExecution=true',
  'history.transferProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxPollRPS=1000',
  // Timers may be due no sooner than this: with the default of 1 s, a retry after 100 ms comes after 985 ms. It guards
  // against clocks of several hosts that differ; here there is one.
  'history.timerProcessorMaxTimeShift="50ms"',
  // The counts of visibility decide when the host may stop: they must not lag behind.
  'history.visibilityProcessorMaxPollRPS=1000',
  // No question to the outside about newer versions.
  'frontend.enableServerVersionCheck=false',
];

export function serviceArguments(dbFile: string, namespace: string, ip: string, ports: ServicePorts): string[] {
  return [
    ['server', 'start-dev', '--ip', ip, '--port', String(ports.grpc), '--ui-port', String(ports.ui)],
    ['--db-filename', dbFile, '--log-level', 'error'],
    // Full, not normal: what was acknowledged survives a power cut.
    ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full'],
    namespace === 'default' ? [] : ['--namespace', namespace],
    dynamicConfig.flatMap((setting) => ['--dynamic-config-value', setting]),
    Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ].flat();
}
