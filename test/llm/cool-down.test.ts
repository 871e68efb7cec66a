/** An endpoint that fails is left alone, by all analyses together, and found out about by one call at a time. */
import { createCoolDowns } from '../../src/llm/cool-down.ts';
import { ModelFailure, type ModelFailureKind } from '../../src/llm/model-failure.ts';
import type { ModelProvider, ModelRequest } from '../../src/llm/provider.ts';
import { modelContext, reply, scriptedProfile } from '../support/scripted-model.ts';

const request = { messages: [] } as unknown as ModelRequest;

type Outcome = ModelFailureKind | 'ok' | 'CoolingDown';

/** An endpoint that does as it is told, under a clock that is told the time. */
function world() {
  const told = { fails: undefined as ModelFailureKind | undefined, retryAfterMs: undefined as number | undefined };
  const clock = { ms: 0 };
  const asked: number[] = [];
  const held: (() => void)[] = [];
  let isHolding = false;
  const provider: ModelProvider = {
    profile: scriptedProfile,
    async complete() {
      asked.push(clock.ms);
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
      const { fails, retryAfterMs } = told;
      if (fails === undefined) return reply('Fine.');
      const hint = retryAfterMs === undefined ? {} : { retryAfterMs };
      throw new ModelFailure('No.', { kind: fails, endpoint: 'e', model: 'm', ...hint });
    },
  };
  const coolDowns = createCoolDowns(() => clock.ms);
  const guarded = coolDowns.guard(provider, 'e');
  const call = (through = guarded, signal?: AbortSignal): Promise<Outcome> =>
    through.complete(request, modelContext(signal)).then(
      () => 'ok' as const,
      (error: unknown) => (error as ModelFailure).facts.kind,
    );
  return {
    told,
    clock,
    asked,
    call,
    other: coolDowns.guard(provider, 'other'),
    guarded,
    hold: () => (isHolding = true),
    release() {
      isHolding = false;
      for (const go of held.splice(0)) go();
    },
  };
}

async function dead(kind: ModelFailureKind = 'Server') {
  const it = world();
  it.told.fails = kind;
  const outcomes = [];
  for (let call = 0; call < 4; call += 1) outcomes.push(await it.call());
  return { ...it, outcomes };
}

test('one failure is no reason, as many as the attempts of its kind are', async () => {
  expect((await dead('Server')).outcomes).toEqual(['Server', 'Server', 'Server', 'CoolingDown']);
  expect((await dead('IdleTimeout')).outcomes).toEqual(['IdleTimeout', 'IdleTimeout', 'CoolingDown', 'CoolingDown']);
  expect((await dead('Auth')).outcomes).toEqual(['Auth', 'CoolingDown', 'CoolingDown', 'CoolingDown']);
});

test('a success in between starts the count anew', async () => {
  const { told, call } = world();
  for (const fails of ['Server', 'Server', undefined, 'Server', 'Server'] as const) {
    told.fails = fails;
    expect(await call()).toBe(fails ?? 'ok');
  }
});

test('what only one request is to blame for says nothing about the endpoint', async () => {
  expect((await dead('ContextTooLong')).outcomes).not.toContain('CoolingDown');
  expect((await dead('BadRequest')).outcomes).not.toContain('CoolingDown');
});

test('a key that may not use one model may use the others of the endpoint; that one is left alone', async () => {
  const asked: string[] = [];
  const clock = { ms: 0 };
  const coolDowns = createCoolDowns(() => clock.ms);
  const modelOf = (model: string, status?: number): ModelProvider =>
    coolDowns.guard(
      {
        profile: { ...scriptedProfile, model },
        complete: () => {
          asked.push(model);
          if (status === undefined) return Promise.resolve(reply('Fine.'));
          return Promise.reject(new ModelFailure('No.', { kind: 'Auth', endpoint: 'e', model, status }));
        },
      },
      'e',
    );
  const outcome = (provider: ModelProvider) =>
    provider.complete(request, modelContext()).then(
      () => 'ok',
      (error: unknown) => (error as ModelFailure).facts.kind,
    );
  const [forbidden, allowed, wrongKey] = [modelOf('forbidden', 403), modelOf('allowed'), modelOf('other', 401)];
  expect([await outcome(forbidden), await outcome(forbidden)]).toEqual(['Auth', 'CoolingDown']);
  expect(await outcome(allowed)).toBe('ok');
  // What the other model has shown says nothing of this one.
  expect(await outcome(forbidden)).toBe('CoolingDown');
  clock.ms = 5 * 60_000;
  expect(await outcome(forbidden)).toBe('Auth');
  expect([await outcome(wrongKey), await outcome(allowed)]).toEqual(['Auth', 'CoolingDown']);
  expect(asked).toEqual(['forbidden', 'allowed', 'forbidden', 'other']);
});

test('another endpoint is not touched', async () => {
  const { other, call, told } = await dead();
  told.fails = undefined;
  expect(await call(other)).toBe('ok');
});

test('after its rest one call finds out, the others do not go; success opens it for all', async () => {
  const { clock, told, call, hold, release, asked } = await dead();
  clock.ms = 30_000;
  told.fails = undefined;
  hold();
  const probe = call();
  expect(await Promise.all([call(), call()])).toEqual(['CoolingDown', 'CoolingDown']);
  release();
  expect(await probe).toBe('ok');
  expect(await Promise.all([call(), call()])).toEqual(['ok', 'ok']);
  expect(asked).toHaveLength(3 + 3);
});

test('a probe that is cancelled has found nothing out: the next call probes', async () => {
  const { clock, call, hold, release, guarded, told } = await dead();
  clock.ms = 30_000;
  hold();
  const stop = new AbortController();
  const probe = call(guarded, stop.signal);
  stop.abort();
  release();
  await probe;
  told.fails = undefined;
  expect(await call()).toBe('ok');
});

test('50 analyses against a dead endpoint for ten minutes: at most three probes in any minute', async () => {
  const { clock, call, asked } = await dead();
  const before = asked.length;
  for (; clock.ms < 600_000; clock.ms += 500) await Promise.all(Array.from({ length: 50 }, () => call()));
  const probes = asked.slice(before);
  expect(probes.length).toBeGreaterThan(0);
  for (const at of probes) expect(probes.filter((one) => one >= at && one < at + 60_000).length).toBeLessThanOrEqual(3);
});

test('after a rate limit all wait as long as the server asked, then all go on', async () => {
  const { told, clock, call, guarded } = world();
  Object.assign(told, { fails: 'RateLimited', retryAfterMs: 20_000 });
  expect(await call()).toBe('RateLimited');
  const failure = await guarded.complete(request, modelContext()).catch((error: unknown) => error as ModelFailure);
  expect((failure as ModelFailure).facts).toMatchObject({ kind: 'CoolingDown', retryAfterMs: 20_000, retryable: true });
  clock.ms = 20_000;
  told.fails = undefined;
  expect(await Promise.all([call(), call(), call()])).toEqual(['ok', 'ok', 'ok']);
});
