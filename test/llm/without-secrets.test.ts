/** A provider's failures and replies lose the key that a server put into them; everything else stays as it was. */
import { ModelFailure } from '../../src/llm/model-failure.ts';
import { withoutSecrets } from '../../src/llm/without-secrets.ts';
import { modelContext, reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';

const key = 'a-secret-of-no-known-shape';
const request = { session: 's', turn: 1, model: 'm', system: '', tools: [], messages: [] };

const ask = (answer: ScriptedReply, signal?: AbortSignal) =>
  withoutSecrets(scriptedModel([answer]), [key]).complete(request, modelContext(signal));

test('a failure keeps its kind and loses the key and its cause', async () => {
  const facts = { kind: 'Auth', endpoint: 'openai', model: 'm', status: 401, code: key } as const;
  const failing = ask(() => Promise.reject(new ModelFailure(`no ${key}`, facts, { cause: new Error(key) })));
  const failure = await failing.then(
    () => undefined,
    (error: unknown) => error as ModelFailure,
  );
  expect(failure).toMatchObject({ type: 'Model.Auth', facts: { kind: 'Auth', status: 401 } });
  expect(JSON.stringify([failure?.message, failure?.facts, failure?.stack])).not.toContain(key);
  expect(failure?.cause).toBeUndefined();
});

test('a reply loses the key wherever it stands, and is the same object without one', async () => {
  const { message } = await ask(reply(`it is ${key}`, [{ id: 'c', name: 't', arguments: { deep: [key] } }]));
  expect(JSON.stringify(message)).not.toContain(key);
  expect(message.parts).toHaveLength(2);
  const plain = reply('nothing');
  expect(await ask(plain)).toBe(plain);
});

test('a cancellation goes through as it is', async () => {
  const reason = new Error('cancelled');
  const call = ask((_, signal) => Promise.reject(signal.reason as Error), AbortSignal.abort(reason));
  await expect(call).rejects.toBe(reason);
});
