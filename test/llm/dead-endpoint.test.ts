/** Fifty analyses at a dead provider over a real dialect, under a clock that is told the time. */
import { createCoolDowns } from '../../src/llm/cool-down.ts';
import { dialects } from '../support/model-faults.ts';
import { requestOf } from '../support/openai-world.ts';
import { modelContext } from '../support/scripted-model.ts';

const analyses = 50;
const minutes = 5;
const minuteMs = 60_000;

/** How often each of them would ask, if nobody stopped it. */
const askEveryMs = 5_000;

const mostProbes = 3;

test.each(Object.keys(dialects))(
  `over %s the ones that come later ask it at most ${mostProbes} times a minute together, and are told at once`,
  async (dialect) => {
    const { server, provider } = await dialects[dialect]!({});
    try {
      const clock = { ms: 0 };
      const guarded = createCoolDowns(() => clock.ms).guard(provider, 'somewhere');
      const wave = () =>
        Promise.all(
          Array.from({ length: analyses }, () =>
            guarded.complete(requestOf(), modelContext()).then(
              () => 'answered',
              (error: { type?: string }) => error.type,
            ),
          ),
        );
      const dead = { fault: { kind: 'complaint', complaint: 'server' } } as const;
      server.push(...Array.from({ length: analyses + minutes * mostProbes }, () => dead));
      // They all came before anybody knew.
      expect(new Set(await wave())).toEqual(new Set(['Model.Server']));
      const perMinute: number[] = [];
      for (let minute = 0; minute < minutes; minute += 1) {
        const before = server.ledger.length;
        for (const end = (minute + 1) * minuteMs; clock.ms < end; clock.ms += askEveryMs) {
          const outcomes = await wave();
          expect(outcomes.filter((type) => type !== 'Model.CoolingDown').length).toBeLessThanOrEqual(1);
        }
        perMinute.push(server.ledger.length - before);
      }
      expect(Math.max(...perMinute)).toBeLessThanOrEqual(mostProbes);
      // It was asked at all: else nobody would find out that it is back.
      expect(perMinute.reduce((sum, probes) => sum + probes)).toBeGreaterThan(1);
    } finally {
      await server.close();
    }
  },
);
