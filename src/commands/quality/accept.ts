/** `dpa quality accept`: what a check found is how things are from now on. */
import { CommandError, exitCode } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { nearest } from '../../analysis/nearest.ts';
import { accept, isNamed, type Acceptance } from '../../quality/acceptance.ts';
import { createQualityHistory } from '../../store/quality-history.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { noHistory } from './history.ts';

export async function acceptBroken(
  config: Config,
  suite: string,
  acceptance: Acceptance,
  terminal: Terminal,
): Promise<number> {
  const store = createQualityHistory(config.qualityFolder);
  const { points, problems } = await store.all(suite);
  for (const problem of problems) terminal.notice(problem);
  const last = points.at(-1);
  if (last === undefined) throw noHistory(suite, await store.suites());
  const present = Object.entries(last.checks);
  const unknown = acceptance.checks.find((word) => !present.some(([key, point]) => isNamed(word, key, point)));
  if (unknown !== undefined) {
    const [near] = nearest(
      unknown,
      present.flatMap(([key, { name }]) => [name, key]),
    );
    const hint = near === undefined ? `\`dpa quality history ${suite}\` shows them.` : `Did you mean "${near}"?`;
    throw new CommandError(
      `Expected the id or name of a check of ${suite}, found "${unknown}". ${hint}`,
      exitCode.usage,
    );
  }
  const changed = accept(points, acceptance);
  for (const point of changed) await store.write(point);
  const checks = new Set(changed.flatMap((point) => newlyAccepted(point, points)));
  if (checks.size === 0) terminal.answer(`Nothing of ${suite} that was meant is broken.`);
  for (const name of checks) terminal.answer(`accepted: ${name}`);
  return 0;
}

type Night = Parameters<typeof accept>[0][number];

function newlyAccepted({ interval, checks }: Night, before: readonly Night[]): readonly string[] {
  const old = before.find((point) => point.interval === interval);
  return Object.entries(checks).flatMap(([id, { name, accepted }]) =>
    accepted !== undefined && old?.checks[id]?.accepted === undefined ? [name] : [],
  );
}
