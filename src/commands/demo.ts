/** `dpa demo`: the main job on data that comes with the program, without a key and without a question. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { generateSalesDatabase } from '../demo/sales-database.ts';
import type { Terminal } from '../ui/terminal.ts';
import { run } from './run.ts';

const demoTask = 'Analyze customer churn patterns in the sales database';

const demoSeed = 1;

const demoCustomers = 50_000;

export async function demo(config: Config, terminal: Terminal): Promise<number> {
  const folder = join(config.home, 'demo', 'sales');
  const startedAt = performance.now();
  await rm(folder, { recursive: true, force: true });
  await generateSalesDatabase(folder, { seed: demoSeed, customers: demoCustomers });
  terminal.progress(
    `sales database with ${demoCustomers.toLocaleString('en-US')} customers made in ${((performance.now() - startedAt) / 1000).toFixed(1)} s: ${folder}`,
  );
  terminal.progress(`task: ${demoTask}`);
  return run(
    config,
    {
      task: demoTask,
      data: [folder],
      // It promises to need no key, so it uses none that happens to be set.
      model: config.model ?? 'builtin',
      detach: false,
      json: false,
      events: false,
    },
    terminal,
  );
}
