/** What a fault run is done in: a service, a worker, and a way to kill them and bring them back. */
import type { Service } from '../../../src/commands/service.ts';
import type { FaultWorld } from './world.ts';

/** One kill, in milliseconds of `performance.now`. */
export type Kill = {
  readonly atMs: number;
  /** When that which was killed was there again, as far as it tells. */
  readonly backAtMs: number;
  /** Entries of the ledger, and turns whose reply was safe, when nothing ran any more. */
  readonly ledgerAt: number;
  readonly journaled: ReadonlySet<number>;
};

export type Arena = {
  readonly world: FaultWorld;
  /** The present connection; a kill of the host replaces it. */
  readonly service: Service;
  /** Resolves when there is a service to talk to. */
  whenBack(): Promise<void>;
  /** Every process that was started here; none may be left at the end. */
  readonly pids: ReadonlySet<number>;
  close(): Promise<void>;
};

/** What was safe at this moment. */
export function safeNow(world: FaultWorld): Pick<Kill, 'ledgerAt' | 'journaled'> {
  return { ledgerAt: world.ledger().length, journaled: world.journaledTurns() };
}
