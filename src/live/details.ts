/** What the heartbeat of a model call says of its answer: enough to show its end where the live server is out of reach. */

export type LiveDetails = {
  readonly turn: number;
  readonly attempt: number;
  /** Characters so far; `tail` is the last of them, at most 2 KB. */
  readonly chars: number;
  readonly tail: string;
  readonly url: string;
};

/** Undefined for heartbeats of other kinds and of other versions. */
export function liveDetails(value: unknown): LiveDetails | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { turn, attempt, chars, tail, url } = value as Partial<Record<keyof LiveDetails, unknown>>;
  const isRight =
    typeof turn === 'number' &&
    typeof attempt === 'number' &&
    typeof chars === 'number' &&
    typeof tail === 'string' &&
    typeof url === 'string';
  return isRight ? { turn, attempt, chars, tail, url } : undefined;
}
