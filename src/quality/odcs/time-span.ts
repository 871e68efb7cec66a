/** A span of time as people write it, `36h`, in seconds. */
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** `36h` → 129600; absent for what is no such span. */
export function secondsOf(written: string): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhdw])$/.exec(written.trim()) ?? [];
  const seconds = unitSeconds[unit];
  return amount === undefined || seconds === undefined ? undefined : Number(amount) * seconds;
}
