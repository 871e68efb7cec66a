/** How far a distribution moved: population stability index, Kolmogorov-Smirnov distance, greatest move of a category's share. */

export type Distribution =
  | { readonly kind: 'categories'; readonly total: number; readonly counts: Readonly<Record<string, number>> }
  /** Values at equal steps of their order, from the smallest to the greatest. */
  | { readonly kind: 'numbers'; readonly total: number; readonly levels: readonly number[] };

export type Moved = { readonly value: number; readonly where: string };

/** Zero shares have no logarithm; one row in a thousand is taken for "hardly any". */
const hardlyAny = 0.001;

/** Digits of a level that are kept: more would fill the history and change nothing. */
const levelDigits = 7;

/** Undefined when the two cannot be compared: a column of numbers became text. */
export function driftBetween(
  before: readonly Distribution[],
  now: Distribution,
  method: 'psi' | 'ks' | 'categoryShare',
  buckets: number,
): Moved | undefined {
  if (now.kind === 'categories') {
    const same = before.filter((one) => one.kind === 'categories');
    if (same.length === 0 || same.length < before.length) return undefined;
    const shares = categoryShares(same, now);
    return method === 'categoryShare' ? greatestMove(shares) : psi(shares);
  }
  const same = before.filter((one) => one.kind === 'numbers');
  if (same.length === 0 || same.length < before.length) return undefined;
  const shares = numberShares(same, now, buckets);
  if (method === 'ks') return kolmogorov(same, now);
  return method === 'categoryShare' ? greatestMove(shares) : psi(shares);
}

/** What the rows of the engine say: (bucket, n) of categories, or (n, value) of numbers. */
export function distributionFrom(
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): Distribution | undefined {
  if (columns[0] === 'bucket') {
    const counts = Object.fromEntries(rows.map(([bucket, n]) => [String(bucket), Number(n)]));
    const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
    return total === 0 ? undefined : { kind: 'categories', total, counts };
  }
  const total = Number(rows[0]?.[0] ?? 0);
  const levels = rows.map(([, value]) => Number(Number(value).toPrecision(levelDigits)));
  return total === 0 || levels.some((level) => Number.isNaN(level)) ? undefined : { kind: 'numbers', total, levels };
}

type Share = { readonly name: string; readonly before: number; readonly now: number };

function categoryShares(
  before: readonly Extract<Distribution, { kind: 'categories' }>[],
  now: Extract<Distribution, { kind: 'categories' }>,
): readonly Share[] {
  const names = new Set([...before, now].flatMap(({ counts }) => Object.keys(counts)));
  const share = (one: Extract<Distribution, { kind: 'categories' }>, name: string): number =>
    (one.counts[name] ?? 0) / one.total;
  return [...names].map((name) => ({
    name,
    before: mean(before.map((one) => share(one, name))),
    now: share(now, name),
  }));
}

/** Buckets hold equal shares of what was before. */
function numberShares(
  before: readonly Extract<Distribution, { kind: 'numbers' }>[],
  now: Extract<Distribution, { kind: 'numbers' }>,
  buckets: number,
): readonly Share[] {
  const pooled = before.flatMap(({ levels }) => levels).sort((a, b) => a - b);
  const edges = Array.from(
    { length: buckets - 1 },
    (_, index) => pooled[Math.floor(((index + 1) / buckets) * (pooled.length - 1))]!,
  );
  const inner = [...new Set(edges)];
  const sharesOf = (levels: readonly number[]): readonly number[] => {
    const below = [...inner.map((edge) => shareUpTo(levels, edge)), 1];
    return below.map((share, index) => share - (below[index - 1] ?? 0));
  };
  const earlier = before.map(({ levels }) => sharesOf(levels));
  return sharesOf(now.levels).map((share, index) => ({
    name: bucketName(inner[index - 1], inner[index]),
    before: mean(earlier.map((shares) => shares[index]!)),
    now: share,
  }));
}

function bucketName(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `up to ${to}`;
  return to === undefined ? `above ${from}` : `${from} to ${to}`;
}

function psi(shares: readonly Share[]): Moved {
  const parts = shares.map(({ name, before, now }) => {
    const [was, is] = [Math.max(before, hardlyAny), Math.max(now, hardlyAny)];
    return { name, part: (is - was) * Math.log(is / was), before, now };
  });
  const most = parts.reduce((best, one) => (one.part > best.part ? one : best));
  return { value: parts.reduce((sum, { part }) => sum + part, 0), where: moveText(most) };
}

function greatestMove(shares: readonly Share[]): Moved {
  const most = shares.reduce((best, one) =>
    Math.abs(one.now - one.before) > Math.abs(best.now - best.before) ? one : best,
  );
  return { value: Math.abs(most.now - most.before), where: moveText(most) };
}

function kolmogorov(
  before: readonly Extract<Distribution, { kind: 'numbers' }>[],
  now: Extract<Distribution, { kind: 'numbers' }>,
): Moved {
  const places = [...new Set([...before.flatMap(({ levels }) => levels), ...now.levels])];
  const gaps = places.map((place) => ({
    place,
    gap: Math.abs(mean(before.map(({ levels }) => shareUpTo(levels, place))) - shareUpTo(now.levels, place)),
  }));
  const most = gaps.reduce((best, one) => (one.gap > best.gap ? one : best));
  return { value: most.gap, where: `greatest at ${most.place}` };
}

/** Share of the values that are at most this, read from their levels; between two levels in proportion. */
function shareUpTo(levels: readonly number[], value: number): number {
  const steps = levels.length - 1;
  if (value >= levels[steps]!) return 1;
  const next = levels.findIndex((level) => level > value);
  if (next <= 0) return 0;
  const [low, high] = [levels[next - 1]!, levels[next]!];
  return (next - 1 + (value - low) / (high - low)) / steps;
}

function moveText({ name, before, now }: { name: string; before: number; now: number }): string {
  return `${name}: ${percent(before)} before, ${percent(now)} now`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
