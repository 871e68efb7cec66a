/** Under a limit of bytes the queries of a turn run one after the other, so that one of them at most passes it. */
import { afterScan, mayScan } from '../analysis/budget.ts';
import type { Loop } from './loop.ts';

/** Bytes that a call scanned; `unknown`: it was cut off, or its tool does not tell. */
export type Scanned = { readonly scanned?: number | 'unknown' };

export type ScanGate = {
  /** Runs the query when it is its turn; `full` when the bytes are used up by then. */
  pass<Made extends Scanned>(query: () => Promise<Made>): Promise<Made | 'full'>;
};

/** For the calls of one turn: what they scanned becomes part of the state when all of them are answered. */
export function openScanGate(loop: Loop): ScanGate {
  if (loop.state.budget.maxBytesScanned === undefined) return { pass: (query) => query() };
  let used = loop.state.budget;
  let last: Promise<unknown> = Promise.resolve();
  return {
    pass(query) {
      const mine = last.then(async () => {
        const { bytesScanned = 0 } = used;
        if (!mayScan({ ...loop.state.budget, bytesScanned })) return 'full';
        const made = await query();
        if (made.scanned !== undefined) used = afterScan(used, made.scanned);
        return made;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
