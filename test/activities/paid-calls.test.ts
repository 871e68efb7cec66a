/** What is charged when calls break off: nobody knows what the provider bills, so it is never too little. */
import * as fc from 'fast-check';
import { paidCall } from '../../src/activities/paid-calls.ts';
import type { CompleteTurnInput } from '../../src/activities/contract.ts';
import { Failure } from '../../src/analysis/failures.ts';
import { ModelFailure, type ModelFailureKind } from '../../src/llm/model-failure.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelContext, ModelReply } from '../../src/llm/provider.ts';
import { memoryJournal } from '../support/memory-records.ts';
import { reply } from '../support/scripted-model.ts';

const profile = profileOf('anthropic/claude-sonnet-5-5')!;
const input = { session: 's', turn: 1, model: profile.ref, head: null, append: [], catalog: 'c' };

/** 100 tokens in at $2, 10 out at $10 per million. */
const once = 0.0003;

type Call = (emit: ModelContext['emit']) => Promise<ModelReply>;

function world(asked = profile) {
  const journal = memoryJournal();
  const call = (made: Call, more: Partial<CompleteTurnInput> = {}) =>
    paidCall(
      { journal, profileFor: profileOf },
      { ...input, ...more },
      { profile: asked, emit: () => {}, cacheTtl: '5m' },
      made,
    );
  return { journal, call };
}

const answering: Call = () => Promise.resolve(reply('Three.'));

function breaking(kind: ModelFailureKind, begun: boolean): Call {
  return (emit) => {
    if (begun) emit({ kind: 'text', delta: 'Th' });
    return Promise.reject(new ModelFailure('broke', { kind, endpoint: 'anthropic', model: 'm' }));
  };
}

/** As a worker that is killed, or a call that a person interrupts. */
const interrupted: Call = () => Promise.reject(new Error('interrupted'));

test.each<[string, readonly Call[], number]>([
  ['nothing broke off', [], 1],
  ['the stream broke', [breaking('TruncatedStream', true)], 2],
  ['it fell silent and broke again', [breaking('IdleTimeout', true), breaking('Network', true)], 3],
  ['it was interrupted', [interrupted], 2],
  ['the provider refused it', [breaking('RateLimited', false), breaking('Overloaded', false)], 1],
  ['nobody was there', [breaking('Network', false)], 1],
])('%s: the reply is charged as often as it may be billed', async (_, before, times) => {
  const { call } = world();
  for (const made of before) await call(made).catch(() => undefined);
  expect((await call(answering)).costUsd).toBeCloseTo(times * once, 10);
});

test('another turn or session pays for its own calls only', async () => {
  const { call } = world();
  await call(interrupted).catch(() => undefined);
  expect((await call(answering, { turn: 2 })).costUsd).toBeCloseTo(once, 10);
  expect((await call(answering, { session: 'other' })).costUsd).toBeCloseTo(once, 10);
});

test('what broke off is charged at the price of the model that was asked', async () => {
  const { journal, call } = world();
  await call(interrupted).catch(() => undefined);
  const opus = profileOf('anthropic/claude-opus-5-5')!;
  const asked = { profile: opus, emit: () => {}, cacheTtl: '5m' } as const;
  const paid = await paidCall({ journal, profileFor: profileOf }, { ...input, model: opus.ref }, asked, answering);
  expect(paid.costUsd).toBeCloseTo(once + 2 * once, 10);
});

test('whatever breaks off, a limit of money is passed by one call at most, and what is billed is known', async () => {
  const outcomes = fc.array(
    fc.constantFrom<[Call, boolean]>(
      [breaking('Network', true), true],
      [interrupted, true],
      [breaking('Overloaded', false), false],
    ),
  );
  const money = fc.record({
    reservedUsd: fc.constantFrom(0.01, 0.3, 1),
    times: fc.double({ min: 1, max: 6, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(outcomes, money, async (attempts, { reservedUsd, times }) => {
      const { call } = world();
      const leftUsd = reservedUsd * times;
      let billed = 0;
      const told: unknown[] = [];
      for (const [made, isBilled] of attempts) {
        const failure = await call(
          (emit) => {
            if (isBilled) billed += reservedUsd;
            return made(emit);
          },
          { money: { leftUsd, reservedUsd } },
        ).catch((error: unknown) => error);
        if (failure instanceof Failure) told.push(`${failure.type} ${Number(failure.subject).toFixed(6)}`);
      }
      expect(told).toEqual(told.map(() => `Model.OverBudget ${billed.toFixed(6)}`));
      expect(billed).toBeLessThanOrEqual(leftUsd + reservedUsd * 1.000_001);
    }),
  );
});

test.each(['builtin', 'local/any', 'openai/gpt-6.1-sol'])(
  '%s costs nothing or nobody knows what: no mark',
  async (ref) => {
    const asked = profileOf(ref)!;
    const { journal, call } = world(asked);
    await call(answering);
    expect(journal.entries.size).toBe(0);
  },
);
