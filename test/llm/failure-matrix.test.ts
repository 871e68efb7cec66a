/** Every dialect against every fault: the right kind, tried again or not, without a secret, in time, with nothing left open. */
import { toApplicationFailure } from '../../src/activities/failures.ts';
import { ModelFailure } from '../../src/llm/model-failure.ts';
import type { ModelProvider, ModelRequest } from '../../src/llm/provider.ts';
import { fakeKey } from '../support/fake-openai.ts';
import { dialects, faults, prompt } from '../support/model-faults.ts';

const request: ModelRequest = {
  session: 's',
  turn: 1,
  model: 'any',
  system: 'Be right.',
  tools: [],
  messages: [{ role: 'user', parts: [{ kind: 'text', text: prompt }] }],
};

const named = faults.map(([name, fault, kind, retried, facts = {}]) => ({ name, fault, kind, retried, facts }));

/** Short only for the silence that is the fault, patient where the machine may just be busy. */
const idleMs = { silent: 500, other: 10_000 };
const graceMs = 1_000;

describe.each(Object.entries(dialects))('%s', (_, open) => {
  test.each(named)('$name', async ({ fault, kind, retried, facts }) => {
    const limitMs = fault.kind === 'stall' ? idleMs.silent : idleMs.other;
    const { server, provider } = await open({
      firstEventMs: kind === 'FirstEventTimeout' ? idleMs.silent : idleMs.other,
      contentIdleMs: kind === 'IdleTimeout' ? idleMs.silent : idleMs.other,
    });
    try {
      const turn = { text: ['One ', 'two ', 'three.'], fault };
      // A refused parameter may be left out and the request made once more.
      server.push(turn, turn);
      const begun = performance.now();
      const failure = await failureOf(provider);
      const elapsedMs = performance.now() - begun;
      expect(failure).toBeInstanceOf(ModelFailure);
      expect(failure).toMatchObject({ type: `Model.${kind}`, facts: { kind, ...facts } });
      const outside = toApplicationFailure(failure);
      expect(outside).toMatchObject({ type: `Model.${kind}`, nonRetryable: !retried, details: [{ kind, ...facts }] });
      const told = JSON.stringify([outside.message, outside.stack, outside.details, failure, String(failure.cause)]);
      for (const secret of [fakeKey, prompt, 'northern region']) expect(told).not.toContain(secret);
      expect(elapsedMs).toBeLessThan(limitMs + graceMs);
      await Promise.all(server.ledger.map(({ over }) => over));
      expect(server.ledger.at(-1)?.outcome).toBe(fault.kind === 'stall' ? 'aborted' : 'faulted');
    } finally {
      await server.close();
    }
  });

  test('nobody listens', async () => {
    const { server, provider } = await open({});
    await server.close();
    const failure = await failureOf(provider);
    expect(failure).toMatchObject({ type: 'Model.Network', message: expect.stringContaining('ECONNREFUSED') });
    expect(toApplicationFailure(failure).nonRetryable).toBe(false);
  });
});

async function failureOf(provider: ModelProvider): Promise<ModelFailure> {
  return provider.complete(request, { signal: new AbortController().signal, emit: () => {} }).then(
    (reply) => {
      throw new Error(`Expected a failure, found ${JSON.stringify(reply)}.`);
    },
    (error: unknown) => error as ModelFailure,
  );
}
