/** `dpa quality ack`, `mute`, `unmute`: somebody knows of it, or does not want to hear of it until a day. */
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { nearest } from '../../analysis/nearest.ts';
import { isNamed } from '../../quality/acceptance.ts';
import { incidentsOf } from '../../quality/incidents.ts';
import type { HistoryPoint } from '../../quality/points.ts';
import { createQualityHistory } from '../../store/quality-history.ts';
import { createQualitySilences } from '../../store/quality-silences.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { noHistory } from './history.ts';

export type SilenceOptions = { readonly by?: string; readonly reason?: string };

const schema = 'dpa.quality-silence/1';

/** Without checks all incidents that are open. */
export async function acknowledge(
  config: Config,
  suite: string,
  words: readonly string[],
  options: SilenceOptions,
  terminal: Terminal,
): Promise<number> {
  const points = await pointsOf(config, suite, terminal);
  const checks = words.length === 0 ? undefined : checksNamed(suite, points, words);
  const open = incidentsOf(suite, points).filter(
    ({ closedAt, check }) => closedAt === undefined && (checks === undefined || checks.has(check)),
  );
  if (open.length === 0) terminal.answer(`Nothing of ${suite} that was meant is broken.`);
  const at = new Date().toISOString();
  for (const { fingerprint, check, name } of open) {
    const silence = { schema, kind: 'acknowledged', fingerprint, check, at, ...said(options) } as const;
    await createQualitySilences(config.qualityFolder).write(suite, silence);
    terminal.answer(`acknowledged: ${name}`);
  }
  return 0;
}

export async function mute(
  config: Config,
  suite: string,
  words: readonly string[],
  { until: given, ...options }: SilenceOptions & { readonly until: string },
  terminal: Terminal,
): Promise<number> {
  const until = checkedUntil(given);
  const at = new Date().toISOString();
  for (const [check, name] of checksNamed(suite, await pointsOf(config, suite, terminal), words)) {
    const silence = { schema, kind: 'muted', check, until, at, ...said(options) } as const;
    await createQualitySilences(config.qualityFolder).write(suite, silence);
    terminal.answer(`muted until ${until}: ${name}`);
  }
  return 0;
}

export async function unmute(
  config: Config,
  suite: string,
  words: readonly string[],
  terminal: Terminal,
): Promise<number> {
  for (const [check, name] of checksNamed(suite, await pointsOf(config, suite, terminal), words)) {
    await createQualitySilences(config.qualityFolder).unmute(suite, check);
    terminal.answer(`not muted: ${name}`);
  }
  return 0;
}

function said({ by, reason }: SilenceOptions): SilenceOptions {
  return { ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) };
}

async function pointsOf(config: Config, suite: string, terminal: Terminal): Promise<readonly HistoryPoint[]> {
  const store = createQualityHistory(config.qualityFolder);
  const { points, problems } = await store.all(suite);
  for (const problem of problems) terminal.notice(problem);
  if (points.length === 0) throw noHistory(suite, await store.suites());
  return points;
}

/** Names by key, of the last night's checks. */
function checksNamed(
  suite: string,
  points: readonly HistoryPoint[],
  words: readonly string[],
): ReadonlyMap<string, string> {
  const present = Object.entries(points.at(-1)?.checks ?? {});
  const unknown = words.find((word) => !present.some(([key, point]) => isNamed(word, key, point)));
  if (unknown !== undefined) {
    const known = present.flatMap(([key, { name }]) => [name, key]);
    const [near] = nearest(unknown, known);
    const hint = near === undefined ? `\`dpa quality history ${suite}\` shows them.` : `Did you mean "${near}"?`;
    throw wrong(`Expected the id or name of a check of ${suite}, found "${unknown}". ${hint}`);
  }
  return new Map(
    present.flatMap(([key, point]) => (words.some((word) => isNamed(word, key, point)) ? [[key, point.name]] : [])),
  );
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A day, a moment, or a time from now on. */
function checkedUntil(text: string): string {
  const [, count = '', unit = ''] = /^(\d{1,4})\s*([hdw])$/.exec(text) ?? [];
  const isDay = /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text);
  const untilMs = unit === '' ? (isDay ? Date.parse(text) : Number.NaN) : Date.now() + Number(count) * unitMs[unit]!;
  if (Number.isNaN(untilMs))
    throw wrong(`Expected --until to be a day such as 2026-12-01, or 12h, 3d, 2w, found ${JSON.stringify(text)}.`);
  if (untilMs <= Date.now()) throw wrong(`Expected --until to name a time that comes, found ${text}.`);
  return new Date(untilMs).toISOString();
}

function wrong(message: string): CommandError {
  return new CommandError(message, exitCode.usage);
}
