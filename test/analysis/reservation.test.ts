/** The money of an analysis is never exceeded by more than one call, whatever the calls really cost. */
import * as fc from 'fast-check';
import { afterToolCalls, afterTurn, openBudget, tokensUsed } from '../../src/analysis/budget.ts';
import { costUsd } from '../../src/analysis/price.ts';
import { reserve, reserveTokens, type Quote } from '../../src/analysis/reservation.ts';

const rate = fc.double({ min: 0.01, max: 100, noNaN: true });

/** Keeping for an hour is listed apart by some, never below keeping for five minutes. */
const quotes: fc.Arbitrary<Quote> = fc.record(
  {
    price: fc
      .record({ input: rate, cachedInput: rate, cacheWrite: rate, output: rate, hour: fc.option(rate) })
      .map(({ hour, ...price }) => ({
        ...price,
        cachedInput: Math.min(price.cachedInput, price.input),
        ...(hour === null ? {} : { cacheWriteHour: price.cacheWrite + hour }),
        asOf: 'today',
      })),
    maxOutput: fc.integer({ min: 100, max: 128_000 }),
    cacheTtl: fc.constantFrom('5m', '1h'),
  },
  { requiredKeys: ['price', 'maxOutput'] },
);

/** Shares: `guessed` of the input was foreseen, `written` of the room is used, `cached` of the input was kept before. */
const calls = fc.array(
  fc.record({
    input: fc.integer({ min: 1, max: 200_000 }),
    guessed: fc.double({ min: 0, max: 1, noNaN: true }),
    written: fc.double({ min: 0, max: 1, noNaN: true }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    known: fc.boolean(),
    results: fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 5 }),
    wrapUp: fc.boolean(),
  }),
  { maxLength: 60 },
);

test('what is spent without the last call is within the limit, and all of it where the input was foreseen', () => {
  fc.assert(
    fc.property(quotes, fc.double({ min: 0.001, max: 50, noNaN: true }), calls, (quote, usd, asked) => {
      let budget = openBudget(1_000, { usd });
      let isForeseen = true;
      for (const { input, guessed, written, cached, known, results, wrapUp } of asked) {
        const inputTokens = Math.floor(input * guessed);
        const reservation = reserve(budget, quote, inputTokens, wrapUp ? 'wrapUp' : 'step');
        if (reservation.kind === 'refused') continue;
        isForeseen &&= inputTokens === input;
        expect((budget.usd ?? 0) + reservation.usd).toBeLessThanOrEqual(usd + 1e-9);
        // Some of it was kept from before, the rest is kept now: the dearest that a provider may bill.
        const cachedInputTokens = Math.floor(input * cached);
        const usage = {
          inputTokens: input,
          cachedInputTokens,
          cacheWriteTokens: input - cachedInputTokens,
          outputTokens: Math.floor(reservation.maxOutputTokens * written),
        };
        const cost = costUsd(quote, usage, quote.cacheTtl)!;
        expect(inputTokens === input ? cost : 0).toBeLessThanOrEqual(reservation.usd + 1e-9);
        const before = budget.usd ?? 0;
        budget = { ...budget, reservedUsd: reservation.usd };
        budget = afterTurn(budget, known ? { usage, costUsd: cost } : { usage });
        // Results may come in any order and any number: they cost nothing themselves.
        for (const bytes of results) budget = afterToolCalls(budget, 1, bytes);
        expect(before).toBeLessThanOrEqual(usd + 1e-9);
      }
      expect(isForeseen ? (budget.usd ?? 0) : 0).toBeLessThanOrEqual(usd + 1e-9);
    }),
  );
});

test('what is kept for an hour is reserved at the price of an hour', () => {
  const price = { input: 2, cachedInput: 0.2, cacheWrite: 2.5, cacheWriteHour: 4, output: 10, asOf: 'today' };
  const usdFor = (cacheTtl: '5m' | '1h') => {
    const reservation = reserve(openBudget(9, { usd: 100 }), { price, maxOutput: 10_000, cacheTtl }, 100_000, 'step');
    return reservation.kind === 'reserved' ? reservation.usd : undefined;
  };
  expect(usdFor('5m')).toBeCloseTo(0.25 + 0.1, 9);
  expect(usdFor('1h')).toBeCloseTo(0.4 + 0.1, 9);
});

test('tokens are never exceeded by more than the call whose input was guessed too small', () => {
  const counts = fc.integer({ min: 1_000, max: 3_000_000 });
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 128_000 }), counts, calls, (maxOutput, tokens, asked) => {
      let budget = openBudget(1_000, { tokens });
      let isForeseen = true;
      for (const { input, guessed, written, wrapUp } of asked) {
        const inputTokens = Math.floor(input * guessed);
        const reservation = reserveTokens(budget, maxOutput, inputTokens, wrapUp ? 'wrapUp' : 'step');
        if (reservation.kind === 'refused') continue;
        expect(tokensUsed(budget) + reservation.tokens).toBeLessThanOrEqual(tokens);
        isForeseen &&= inputTokens === input;
        const outputTokens = Math.floor(reservation.maxOutputTokens * written);
        budget = afterTurn(budget, { usage: { inputTokens: input, outputTokens } });
      }
      expect(isForeseen ? tokensUsed(budget) : 0).toBeLessThanOrEqual(tokens);
    }),
  );
});

test('a model that costs nothing may always go on', () => {
  const free = { price: { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, asOf: 'always' }, maxOutput: 1_000 };
  const spent = { ...openBudget(9, { usd: 1 }), usd: 2 };
  expect(reserve(spent, free, 5_000, 'step')).toEqual({ kind: 'reserved', usd: 0, maxOutputTokens: 1_000 });
});

test('what a step may write shrinks with the money, then only a wrap-up is paid, then nothing', () => {
  const quote = { price: { input: 1, cachedInput: 0.1, cacheWrite: 1, output: 10, asOf: 'today' }, maxOutput: 100_000 };
  const kindAt = (usd: number, purpose: 'step' | 'wrapUp') => reserve(openBudget(9, { usd }), quote, 10_000, purpose);
  expect(kindAt(2, 'step')).toMatchObject({ kind: 'reserved', maxOutputTokens: 100_000 });
  expect(kindAt(0.5, 'step')).toMatchObject({ kind: 'reserved', maxOutputTokens: expect.any(Number) as number });
  expect(kindAt(0.1, 'step').kind).toBe('refused');
  expect(kindAt(0.1, 'wrapUp').kind).toBe('reserved');
  expect(kindAt(0.04, 'wrapUp').kind).toBe('refused');
});
