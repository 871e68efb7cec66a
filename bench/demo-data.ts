/** Making the demo's sales database of 50,000 customers. */
import { generateSalesDatabase } from '../src/demo/sales-database.ts';
import { atMost, elapsedMs, median, type Measure } from './measure.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

const customers = 50_000;
const repeats = 5;

export const demoData: Measure = {
  name: 'demo-data',
  about: `seconds to make the demo's sales database of ${customers} customers`,
  async run() {
    await using folder = await openTemporaryFolder();
    const seconds: number[] = [];
    for (let seed = 1; seed <= repeats; seed += 1) {
      seconds.push((await elapsedMs(() => generateSalesDatabase(folder.path, { seed, customers }))) / 1000);
    }
    const ours = median(seconds);
    return [{ metric: "the demo's data", unit: 's', ours, target: atMost(3, 1.5, 'ours') }];
  },
};
