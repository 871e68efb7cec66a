/** A shortened conversation through each real dialect, before servers that refuse what the real ones refuse. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActivities } from '../../src/activities/index.ts';
import type { CompactInput, CompleteTurnInput } from '../../src/activities/contract.ts';
import { toolCallsOf } from '../../src/analysis/conversation.ts';
import { createAnthropicMessages } from '../../src/llm/anthropic-messages.ts';
import { createOpenAiChat } from '../../src/llm/openai-chat.ts';
import { createOpenAiResponses } from '../../src/llm/openai-responses.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import type { ModelProvider } from '../../src/llm/provider.ts';
import { runActivity } from '../support/activity-environment.ts';
import { activityWorld } from '../support/activity-world.ts';
import { openFakeAnthropic } from '../support/fake-anthropic.ts';
import type { FakeModelServer, FakeTurn } from '../support/fake-model-server.ts';
import { fakeKey, openFakeOpenAi } from '../support/fake-openai.ts';
import { queryTool, scriptedConnections } from '../support/scripted-connections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-compact-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

type Opened = { readonly server: FakeModelServer; readonly provider: ModelProvider };

const dialects: readonly (readonly [string, () => Promise<Opened>])[] = [
  [
    'anthropic/claude-sonnet-5-5',
    async () => {
      const server = await openFakeAnthropic();
      const endpoint = { name: 'anthropic', baseUrl: server.origin, apiKey: fakeKey, headers: {}, local: true };
      return { server, provider: createAnthropicMessages(profileOf('anthropic/claude-sonnet-5-5')!, endpoint) };
    },
  ],
  [
    'openai/gpt-6.1-sol',
    async () => {
      const server = await openFakeOpenAi();
      const endpoint = { name: 'openai', baseUrl: server.baseUrl, apiKey: fakeKey, headers: {}, local: false };
      return { server, provider: createOpenAiResponses(profileOf('openai/gpt-6.1-sol')!, endpoint) };
    },
  ],
  [
    'local/local-model',
    async () => {
      const server = await openFakeOpenAi();
      const endpoint = { name: 'local', baseUrl: server.baseUrl, apiKey: fakeKey, headers: {}, local: true };
      return { server, provider: createOpenAiChat(profileOf('local/local-model')!, endpoint) };
    },
  ],
];

const summary = {
  goals: ['Count the sales.'],
  decisions: ['Regions are counted one by one.'],
  ...Object.fromEntries(
    ['progress', 'context', 'constraints', 'sources', 'findings', 'preferences'].map((name) => [name, []]),
  ),
};

/** A local server that reads less than it is sent has a window that is too small. */
const usage = { input: 20_000, cached: 0, cacheWrite: 0, output: 20, reasoning: 0 };

/** A conversation of so many turns with one query each, made through the activities. */
async function conversation(model: string, { server, provider }: Opened, turns: number) {
  const rows = [['1', 'word '.repeat(400)]];
  const text = JSON.stringify({
    data: { columns: ['n', 'note'].map((name) => ({ name, type: 'T' })), rows },
    ok: true,
  });
  const connections = scriptedConnections({ answers: { lake__query: async () => ({ ok: true, text }) } });
  const world = activityWorld(folder, scriptedModel([]), connections);
  const activities = createActivities({
    ...world.dependencies,
    modelFor: () => provider,
    profileFor: profileOf,
  });
  const catalog = await world.store.put(JSON.stringify({ tools: [queryTool], problems: [], data: [] }));
  let append: CompleteTurnInput['append'] = [{ kind: 'user', text: 'Count the sales' }];
  let head: string | null = null;
  const turn = async (number: number, reply: FakeTurn, view?: string) => {
    server.push(reply);
    const input = { session: 's', turn: number, model, head, append, catalog, ...(view === undefined ? {} : { view }) };
    const done = await runActivity(activities.completeTurn, input);
    head = done.head;
    const results = await Promise.all(
      done.calls.map(async ({ id: callId, name }) => {
        const { ok, ref } = await runActivity(activities.callTool, {
          session: 's',
          head: done.head,
          catalog,
          callId,
          name,
        });
        return { callId, ok, ref };
      }),
    );
    append = results.length === 0 ? [{ kind: 'user', text: 'Go on.' }] : [{ kind: 'results', results }];
  };
  for (let number = 1; number <= turns; number += 1) await turn(number, asking(number));
  const compact = (more: Partial<CompactInput>) =>
    runActivity(activities.compact, {
      session: 's',
      step: turns,
      model,
      head: head!,
      window: 200_000,
      contextTokens: 170_000,
      promptTokens: 1_000,
      plan: null,
      ...more,
    });
  return { world, turn, compact, headNow: () => head! };
}

/** The same id each time, as some local servers give them. */
function asking(number: number): FakeTurn {
  return {
    usage,
    reasoning: `Thought ${number}.`,
    text: `Looking at part ${number}.`,
    calls: [{ id: 'call_0', name: 'lake__query', arguments: { sql: `SELECT ${number}` } }],
  };
}

describe.each(dialects)('%s', (model, open) => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.server.close());

  test.each(['the model', 'the records'])('goes on after a summary by %s, and again after the next', async (by) => {
    const { world, turn, compact, headNow } = await conversation(model, opened, 8);
    const isAsked = by === 'the model';
    const ask = { exceeded: true, ...(isAsked ? { ask: { maxOutputTokens: 4_096 } } : {}) } as const;
    if (isAsked) opened.server.push({ text: JSON.stringify(summary), usage });
    const first = await compact(ask);
    expect(first.told).toContain(isAsked ? `by ${model}` : 'from the records');
    expect(first.usage !== undefined).toBe(isAsked);
    expect(first.tokens).toBeLessThan(0.5 * 170_000);
    for (const number of [9, 10, 11, 12]) await turn(number, asking(number), first.view);
    if (isAsked) opened.server.push({ text: JSON.stringify(summary), usage });
    const second = await compact({ ...ask, step: 12, head: headNow(), view: first.view! });
    for (const number of [13, 14]) await turn(number, asking(number), second.view);
    // Every request was legal, or the server would have refused it.
    opened.server.assertUsedUp();
    const whole = await world.dependencies.transcript.load(headNow());
    const ids = whole.flatMap(toolCallsOf).map(({ id }) => id);
    expect(new Set(ids).size).toBe(14);
    const given = await world.dependencies.transcript.viewed(headNow(), second.view);
    expect(given[0]).toMatchObject({ role: 'user', parts: [{ text: expect.stringContaining('Count the sales') }] });
    expect(given.length).toBeLessThan(12);
  });

  test('a summary that breaks off, or is none, is made from the records; what was paid is told', async () => {
    const { compact } = await conversation(model, opened, 6);
    opened.server.push({ text: 'I would rather talk about the weather.', usage });
    const input = { exceeded: true, ask: { maxOutputTokens: 4_096 } } as const;
    const done = await compact(input);
    expect(done).toMatchObject({ told: expect.stringContaining('from the records'), usage: { outputTokens: 20 } });
    // Asked again, as after a crash, it is not paid again.
    expect(await compact(input)).toEqual(done);
  });
});

test('a conversation that one mask makes short enough keeps every message, and results can be read on by their reference', async () => {
  const opened = await dialects[2]![1]();
  try {
    const { world, compact, headNow } = await conversation('local/local-model', opened, 8);
    const done = await compact({ window: 400_000, ask: { maxOutputTokens: 4_096 } });
    expect(done).toMatchObject({ told: expect.stringContaining('beginnings') });
    const given = await world.dependencies.transcript.viewed(headNow(), done.view);
    const whole = await world.dependencies.transcript.load(headNow());
    expect(given).toHaveLength(whole.length);
    expect(given.slice(-5)).toEqual(whole.slice(-5));
    const first = given.find(({ role }) => role === 'tool');
    const shown = JSON.parse(first?.role === 'tool' ? first.parts[0]!.text : '') as { ref: string; shown: string };
    expect(shown.shown).toContain('row 0: 1');
    expect(await world.store.get(shown.ref)).toContain('word word');
  } finally {
    await opened.server.close();
  }
});
