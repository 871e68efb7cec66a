/** The real worker with the ledger model in the place of the built-in planner, the one model that no key is asked for. */
import type { Config } from '../../../src/config.ts';
import { openWorker, type OpenedWorker, type OpenWorkerOptions } from '../../../src/worker.ts';
import { createLedgerModel } from './model.ts';

export function openLedgerWorker(config: Config, options: OpenWorkerOptions): Promise<OpenedWorker> {
  const ledger = config.environment['FAULT_LEDGER'];
  if (ledger === undefined) throw new Error('Expected FAULT_LEDGER to name the ledger of the run, found nothing.');
  return openWorker(config, { ...options, models: { builtin: createLedgerModel(ledger) } });
}
