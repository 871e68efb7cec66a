/** How many false alarms thirty nights of forty checks make, and whether what was planted is found on its night, over many seeds. */
import { openedByNight, openNightlyShop } from '../test/support/nightly-shop.ts';
import { planted } from '../test/support/nights.ts';
import { atMost, type Measure } from './measure.ts';

const seeds = 20;

/** What each planted event has to be found by. */
const finders = { drift: 'distributionDrift', late: 'freshness', schema: 'schema', holiday: 'volume' } as const;

export const qualityNights: Measure = {
  name: 'quality-nights',
  about: `false alarms in 30 nights of more than forty checks, ${seeds} seeds`,
  async run() {
    const shop = await openNightlyShop();
    try {
      const falseAlarms: number[] = [];
      let missed = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const opened = await openedByNight(shop, seed);
        for (const [event, kind] of Object.entries(finders)) {
          const night = planted[event as keyof typeof finders];
          if (!opened.get(night)?.some((check) => check.kind === kind)) missed += 1;
        }
        const events: readonly number[] = Object.values(planted);
        const others = [...opened].filter(([night]) => !events.includes(night));
        falseAlarms.push(others.reduce((sum, [, checks]) => sum + checks.length, 0));
      }
      const total = falseAlarms.reduce((sum, count) => sum + count, 0);
      const note = `by seed: ${falseAlarms.join(' ')}`;
      return [
        {
          metric: 'planted events missed',
          unit: `of ${seeds * Object.keys(finders).length}`,
          ours: missed,
          target: atMost(0, 0, 'ours'),
        },
        {
          metric: 'false alarms, mean of a month',
          unit: 'checks',
          ours: total / seeds,
          target: atMost(1, 0.5, 'ours'),
          note,
        },
        {
          metric: 'false alarms, worst month',
          unit: 'checks',
          ours: Math.max(...falseAlarms),
          target: atMost(1, 0, 'ours'),
        },
      ];
    } finally {
      shop.close();
    }
  },
};
