/** What both dialects of OpenAI must do alike, against the strict fake server. */
import { planShape } from '../../../src/agents/plan-shape.ts';
import { reportShape } from '../../../src/agents/report-shape.ts';
import { ModelFailure, type ModelFailureKind } from '../../../src/llm/model-failure.ts';
import type { FakeTurn, Fault } from '../../support/fake-model-server.ts';
import { fakeKey } from '../../support/fake-openai.ts';
import { openOpenAiWorld, queryTool, type OpenAiDialect, type OpenAiWorld } from '../../support/openai-world.ts';

const dialects: readonly OpenAiDialect[] = ['openai-responses', 'openai-chat'];
const sql = (statement: string) => ({ name: 'data_lake__query', arguments: { sql: statement } });

describe.each(dialects)('%s', (dialect) => {
  let world: OpenAiWorld;
  beforeEach(async () => {
    world = await openOpenAiWorld(dialect);
  });
  afterEach(() => world.close());

  const failureOf = async (turn: FakeTurn): Promise<ModelFailure> => {
    world.fake.push(turn);
    const error: unknown = await world.ask().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ModelFailure);
    return error as ModelFailure;
  };

  test('text arrives in pieces and as a whole, with its usage', async () => {
    world.fake.push({ text: ['There are ', '7 rows.'] });
    const reply = await world.ask();
    expect(reply).toMatchObject({
      message: { role: 'assistant', parts: [{ kind: 'text', text: 'There are 7 rows.' }] },
      finish: 'stop',
      usage: { inputTokens: 100, cachedInputTokens: 40, cacheWriteTokens: 10, outputTokens: 20, reasoningTokens: 5 },
      requestId: 'req_1',
    });
    expect(world.events).toEqual([
      { kind: 'text', delta: 'There are ' },
      { kind: 'text', delta: '7 rows.' },
    ]);
    world.fake.assertUsedUp();
  });

  test('parallel calls stay apart and are told by name as they begin', async () => {
    world.fake.push({ text: 'Let me look.', calls: [sql('SELECT 1'), sql('SELECT 2')], reasoning: 'Hm.' });
    const { message, finish } = await world.ask();
    expect(finish).toBe('toolCalls');
    expect(message.parts.filter(({ kind }) => kind !== 'opaque')).toEqual([
      { kind: 'text', text: 'Let me look.' },
      { kind: 'toolCall', id: 'call_1_0', name: 'data_lake__query', arguments: { sql: 'SELECT 1' } },
      { kind: 'toolCall', id: 'call_1_1', name: 'data_lake__query', arguments: { sql: 'SELECT 2' } },
    ]);
    expect(world.events.map(({ kind }) => kind)).toEqual(['reasoning', 'text', 'tool', 'tool']);
    expect(world.events.at(-1)).toEqual({ kind: 'tool', name: 'data_lake__query' });
  });

  test('a conversation of several turns is taken', async () => {
    world.fake.push({ calls: [sql('SELECT 1'), sql('SELECT 2')], reasoning: 'Hm.' }, { text: 'Done.' });
    const first = await world.ask();
    const question = { role: 'user' as const, parts: [{ kind: 'text' as const, text: 'How many rows?' }] };
    const results = ['call_1_1', 'call_1_0'].map((callId) => ({
      kind: 'toolResult' as const,
      callId,
      ok: true,
      text: '{"ok":true}',
    }));
    await world.ask({ turn: 2, messages: [question, first.message, { role: 'tool', parts: results }] });
    world.fake.assertUsedUp();
  });

  test.each(['{"sql":"SELECT', '[1]', 'null', '"x"', 'SELECT 1'])('arguments %j become a problem', async (text) => {
    world.fake.push({ calls: [{ name: 'data_lake__query', arguments: text }] });
    const { message } = await world.ask();
    expect(message.parts).toEqual([
      expect.objectContaining({ kind: 'toolCall', arguments: {}, problem: expect.stringContaining('JSON') }),
    ]);
  });

  test('an answer cut at its limit keeps its words and loses its calls', async () => {
    world.fake.push({ reasoning: 'Hm.', text: 'I will', calls: [sql('DELETE')], finish: 'length' });
    const reply = await world.ask({ maxOutputTokens: 5 });
    expect(reply).toMatchObject({ finish: 'length', message: { parts: [{ kind: 'text', text: 'I will' }] } });
    expect(reply.message.parts).toHaveLength(1);
  });

  test('a refusal is no answer', async () => {
    world.fake.push({ refusal: 'I cannot.', finish: 'refusal' }, { text: 'Half', finish: 'refusal' });
    expect(await world.ask()).toMatchObject({ finish: 'refusal', refusal: 'I cannot.' });
    expect(await world.ask()).toMatchObject({ finish: 'refusal', refusal: 'content_filter' });
  });

  test('ids that are not legal or not new are replaced, always by the same', async () => {
    const call = (id: string) => ({ ...sql('SELECT 1'), id });
    const turn = { calls: [call('a'), call('b:{c}'), call('x'.repeat(60))] };
    world.fake.push(turn, turn);
    const messages = [
      { role: 'user' as const, parts: [{ kind: 'text' as const, text: 'Go.' }] },
      {
        role: 'assistant' as const,
        parts: [{ kind: 'toolCall' as const, id: 'a', name: 'data_lake__query', arguments: {} }],
      },
    ];
    const [first, second] = [await world.ask({ messages, turn: 4 }), await world.ask({ messages, turn: 4 })];
    const ids = first.message.parts.map((part) => (part.kind === 'toolCall' ? part.id : ''));
    expect(first.message).toEqual(second.message);
    expect(new Set([...ids, 'a']).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
  });

  test('names that no provider takes come back as they were', async () => {
    const name = `data lake.${'x'.repeat(80)}__query`;
    world.fake.push({ text: 'x' });
    await world.ask({ tools: [{ ...queryTool, name }] });
    const [tool] = (world.fake.ledger[0]!.body as { tools: { name?: string; function?: { name: string } }[] }).tools;
    world.fake.push({ calls: [{ name: tool?.name ?? tool?.function?.name ?? '', arguments: {} }] });
    const { message } = await world.ask({ tools: [{ ...queryTool, name }] });
    expect(message.parts).toEqual([expect.objectContaining({ name })]);
    world.fake.assertUsedUp();
  });

  test('the shape of the answer is asked for, strictly where the schema allows it', async () => {
    const closed = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    world.fake.push({ text: '{}' }, { text: '{}' });
    await world.ask({ output: { name: 'answer', schema: closed } });
    await world.ask({ output: { name: 'answer', schema: { ...closed, required: [] } } });
    const [first, second] = world.fake.ledger.map(({ body }) => JSON.stringify(body));
    expect(first).toContain('"strict":true');
    expect(second).not.toContain('"strict":true');
    world.fake.assertUsedUp();
  });

  test.each([planShape, reportShape])('the shape of a $name is taken beside tools', async (output) => {
    world.fake.push({ text: '{}' });
    await world.ask({ output });
    expect(JSON.stringify(world.fake.ledger[0]?.body)).toContain(`"name":"${output.name}"`);
    world.fake.assertUsedUp();
  });

  test('tools keep one order', async () => {
    world.fake.push({ text: 'x' }, { text: 'x' });
    const tools = ['b__x', 'a__x', 'c__x'].map((name) => ({ ...queryTool, name }));
    await world.ask({ tools });
    await world.ask({ tools: tools.toReversed() });
    const [first, second] = world.fake.ledger.map(({ body }) => body);
    expect(first).toEqual(second);
  });

  const faults: readonly (readonly [string, Fault, ModelFailureKind])[] = [
    ['cut', { kind: 'cut', afterEvents: 3 }, 'TruncatedStream'],
    ['cut before anything', { kind: 'cut', afterEvents: 0 }, 'TruncatedStream'],
    ['reset', { kind: 'reset', afterEvents: 3 }, 'Network'],
    ['reset before the answer', { kind: 'reset' }, 'Network'],
    ['stalled', { kind: 'stall', afterEvents: 3 }, 'IdleTimeout'],
    ['kept alive for nothing', { kind: 'stall', afterEvents: 3, keepAlive: true }, 'IdleTimeout'],
    ['silent', { kind: 'stall' }, 'FirstEventTimeout'],
    ['silent after its headers', { kind: 'stall', afterEvents: 0 }, 'FirstEventTimeout'],
    ['a page', { kind: 'html' }, 'BadEndpoint'],
    ['nothing', { kind: 'empty' }, 'BadEndpoint'],
    [
      'a string',
      { kind: 'raw', status: 200, headers: { 'content-type': 'application/json' }, body: '"hi"' },
      'BadEndpoint',
    ],
    ['an error inside', { kind: 'complaint', complaint: 'server', afterEvents: 3 }, 'Server'],
    ['an overload inside', { kind: 'complaint', complaint: 'overloaded', afterEvents: 3 }, 'Overloaded'],
    ['a quota', { kind: 'complaint', complaint: 'quota' }, 'Billing'],
    ['a wrong key', { kind: 'complaint', complaint: 'auth' }, 'Auth'],
    ['no such model', { kind: 'complaint', complaint: 'unknownModel' }, 'Unavailable'],
    ['a full context', { kind: 'complaint', complaint: 'contextTooLong' }, 'ContextTooLong'],
    ['a refused history', { kind: 'complaint', complaint: 'historyRejected' }, 'HistoryRejected'],
    ['a refused parameter', { kind: 'complaint', complaint: 'unsupportedParameter' }, 'UnsupportedParameter'],
    ['a bad gateway', { kind: 'complaint', complaint: 'badGateway' }, 'Server'],
  ];

  test.each(faults)('%s: asked once, failed for what it is', async (_, fault, kind) => {
    const failure = await failureOf({ text: ['one', 'two', 'three'], fault });
    expect(failure.facts).toMatchObject({ kind, endpoint: expect.any(String), model: expect.any(String) });
    expect(JSON.stringify([failure.message, failure.facts])).not.toContain(fakeKey);
    expect(world.fake.ledger).toHaveLength(1);
  });

  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '250' }, 250],
  ])('the wait %j is read', async (headers, ms) => {
    const { facts } = await failureOf({ fault: { kind: 'complaint', complaint: 'rateLimited', headers } });
    expect(facts.kind).toBe('RateLimited');
    expect(facts.retryAfterMs).toBe(ms);
  });

  test('a date to wait for is read', async () => {
    const headers = { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() };
    const { facts } = await failureOf({ fault: { kind: 'complaint', complaint: 'rateLimited', headers } });
    expect(facts.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(facts.retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  test('an abort ends the request at once, with its reason', async () => {
    world.fake.push({ text: ['one', 'two'], fault: { kind: 'stall', afterEvents: 3 } });
    const stop = new AbortController();
    const reason = new Error('interrupted');
    const asked = world.ask({}, stop.signal).catch((error: unknown) => error);
    while (world.fake.ledger.length === 0) await new Promise(setImmediate);
    stop.abort(reason);
    expect(await asked).toBe(reason);
    await world.fake.ledger[0]!.over;
    expect(world.fake.ledger[0]!.outcome).toBe('aborted');
  });

  test('nothing is asked once the analysis is stopped', async () => {
    await expect(world.ask({}, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    expect(world.fake.ledger).toHaveLength(0);
  });
});
