/** `dpa quality history`: each check of a suite over its nights, what is broken now and since when. */
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { nearest } from '../../analysis/nearest.ts';
import { incidentsOf } from '../../quality/incidents.ts';
import { pastText, runs } from '../../quality/incident-text.ts';
import type { Incident } from '../../quality/incidents.ts';
import { silenceTexts } from '../../quality/silences.ts';
import { createQualitySilences } from '../../store/quality-silences.ts';
import type { HistoryPoint, Point } from '../../quality/points.ts';
import { marks } from '../../reports/quality/order.ts';
import { shortened } from '../../reports/escape.ts';
import { createQualityHistory } from '../../store/quality-history.ts';
import type { Terminal } from '../../ui/terminal.ts';

/** Nights shown side by side. */
const shownNights = 30;
const nameChars = 48;

export async function history(
  config: Config,
  suite: string,
  options: { json: boolean },
  terminal: Terminal,
): Promise<number> {
  const store = createQualityHistory(config.qualityFolder);
  const { points, problems } = await store.all(suite);
  for (const problem of problems) terminal.notice(problem);
  if (points.length === 0) throw noHistory(suite, await store.suites());
  const incidents = incidentsOf(suite, points);
  if (options.json) {
    terminal.answer(JSON.stringify({ schema: 'dpa.quality-history/1', suite, points, incidents }));
    return 0;
  }
  const nights = points.slice(-shownNights);
  const checks = new Map(points.flatMap((point) => Object.entries(point.checks)));
  terminal.answer(`${suite}: ${points.length} runs, ${nights[0]!.interval} to ${nights.at(-1)!.interval}`);
  const rows = [...checks].map(([id, point]) => ({ label: labelOf(point), line: lineOf(id, point, nights) }));
  const width = Math.min(nameChars, Math.max(...rows.map(({ label }) => label.length)));
  for (const { label, line } of rows) terminal.answer(`  ${shortened(label, width).padEnd(width)}  ${line}`);
  const open = incidents.filter(({ closedAt }) => closedAt === undefined);
  terminal.answer(open.length === 0 ? '\nNothing is broken.' : '\nBroken now:');
  const silences = await createQualitySilences(config.qualityFolder).all(suite);
  const now = new Date().toISOString();
  for (const incident of open)
    terminal.answer([incidentText(incident), ...silenceTexts(silences, incident, now)].join(' '));
  return 0;
}

function labelOf({ table, name }: Point): string {
  return name.includes(table) ? name : `${table}: ${name}`;
}

/** A mark per night, then the last value. */
function lineOf(id: string, { verdict }: Point, nights: readonly HistoryPoint[]): string {
  const line = nights.map(({ checks }) => (checks[id] === undefined ? ' ' : marks[checks[id].verdict])).join('');
  const last = nights.at(-1)?.checks[id];
  return last?.value === undefined ? `${line}  ${last?.verdict ?? verdict}` : `${line}  ${last.value}`;
}

function incidentText(incident: Incident): string {
  const { name, table, openedAt, nights, reason, owner } = incident;
  const before = ` ${pastText(incident)}`.trimEnd();
  const whose = owner === undefined ? '' : ` (${owner})`;
  return `  ${marks.failed} ${name} of ${table}${whose}, since ${openedAt}, ${runs(nights)}. ${reason}${before}`;
}

export function noHistory(suite: string, known: readonly string[]): CommandError {
  const [near] = nearest(suite, known);
  const names = known.length === 0 ? 'There is none of any suite yet' : `There is: ${known.join(', ')}`;
  const hint = near === undefined ? `${names}. \`dpa quality run\` makes some.` : `Did you mean "${near}"?`;
  return new CommandError(`Expected a history of the suite "${suite}", found none. ${hint}`, exitCode.usage);
}
