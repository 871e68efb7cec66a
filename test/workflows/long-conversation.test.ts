/** A conversation that outgrows its model is shortened and goes on; what was found first can still be cited at the end. */
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections } from '../support/scripted-connections.ts';
import { reply, scriptedModel, scriptedProfile, type ScriptedReply } from '../support/scripted-model.ts';
import { finding, query, submit } from '../support/script-pieces.ts';
import { ModelFailure } from '../../src/llm/model-failure.ts';
import type { ModelRequest } from '../../src/llm/provider.ts';
import { charactersOf } from '../../src/analysis/view.ts';
import { toolCallsOf } from '../../src/analysis/conversation.ts';
import { statusQuery, transcriptQuery } from '../../src/workflows/messages.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

const inputWindow = 12_000;
const turns = 36;

/** Tokens as a provider would count them, near enough. */
function tokensOf({ messages, system, tools }: ModelRequest): number {
  const characters = messages.reduce((sum, message) => sum + charactersOf(message), 0);
  return Math.ceil((characters + system.length + JSON.stringify(tools).length) / 3.5);
}

function isSummaryRequest({ output }: ModelRequest): boolean {
  return output?.name === 'summary';
}

type Script = (request: ModelRequest, turn: number) => Promise<ReturnType<typeof reply>>;

/** Answers a turn by its number; a summary is written by `summarize`. */
function longModel(answer: Script, summarize: Script) {
  let turn = 0;
  const asked: ScriptedReply = async (request) => {
    const given = isSummaryRequest(request) ? await summarize(request, turn) : await answer(request, (turn += 1));
    return { ...given, usage: { inputTokens: tokensOf(request), outputTokens: 60 } };
  };
  const model = scriptedModel(Array.from({ length: 100 }, () => asked));
  return { ...model, profile: { ...scriptedProfile, inputWindow } };
}

/** What no mask makes shorter. */
function thoughts(turn: number): string {
  return Array.from(
    { length: 12 },
    (_, index) => `Let me look at part ${index} of region ${turn} next, and then at the others.`,
  ).join(' ');
}

/** A query per turn, then a report that cites the first result. */
const queries: Script = async (_, turn) =>
  turn <= turns
    ? reply(`Region ${turn} has ${1_000 + turn} sales. ${thoughts(turn)}`, [query(`c${turn}`)])
    : reply('', [submit('s', finding('There are {0} sales.', 1_001, 'c1'))]);

const wordy: Script = async () =>
  reply(
    JSON.stringify({
      goals: ['Count the sales.'],
      decisions: ['Every region is counted by itself.'],
      progress: [],
      context: [],
      constraints: [],
      sources: ['sales'],
      findings: ['Region 1 has 1001 sales.'],
      preferences: [],
    }),
  );

function worldOf(model: ReturnType<typeof longModel>) {
  const rowOf = (index: number) => [String(1_000 + index), `note ${index} `.repeat(200)];
  const data = { columns: ['n', 'note'].map((name) => ({ name, type: 'VARCHAR' })) };
  // The first call again gives what it gave.
  const rows = new Map<string, string[]>();
  const answer = async ({ idempotencyKey }: { idempotencyKey: string }) => {
    const call = idempotencyKey.split('/').at(-1)!;
    const row = rows.get(call) ?? rowOf(Number(call.slice(1)));
    rows.set(call, row);
    const meta = { returnedRows: 1, elapsedMs: 1, datasets: ['sales'] };
    return { ok: true, text: JSON.stringify({ data: { ...data, rows: [row] }, meta, ok: true }) };
  };
  return activityWorld(setting.folder, model, scriptedConnections({ answers: { lake__query: answer } }));
}

/** What is not as each call answered once, right after it was made, beginning with a person. */
function illegal({ messages }: ModelRequest): string[] {
  const inOrder = messages.flatMap((message, index) => {
    const next = messages[index + 1];
    const calls = toolCallsOf(message).map(({ id }) => id);
    const answered = next?.role === 'tool' ? next.parts.map(({ callId }) => callId) : [];
    if (calls.join() !== answered.join()) return [`${index}: calls ${calls.join()}, answered ${answered.join()}`];
    return message.role === 'user' && next?.role === 'user' ? [`${index}: two of a person in a row`] : [];
  });
  return messages[0]?.role === 'user' ? inOrder : ['it begins with nobody', ...inOrder];
}

test('a long conversation is shortened again and again, stays legal, and its first result can be cited at the end', async () => {
  const model = longModel(queries, wordy);
  const world = worldOf(model);
  const outcome = await setting.worker.run('long', world, { maxSteps: turns + 2 });
  expect(outcome.exitCode).toBe(0);
  const turnRequests = model.requests.filter((request) => !isSummaryRequest(request));
  const summaries = model.requests.filter(isSummaryRequest);
  expect(turnRequests).toHaveLength(turns + 1);
  expect(summaries.length).toBeGreaterThanOrEqual(2);
  for (const request of turnRequests) {
    expect(tokensOf(request)).toBeLessThan(inputWindow);
    expect(illegal(request)).toEqual([]);
    expect(JSON.stringify(request.messages).includes('Count the sales')).toBe(true);
  }
  for (const request of model.requests) expect(tokensOf(request)).toBeLessThan(inputWindow);
  const last = JSON.stringify(turnRequests.at(-1)?.messages);
  expect(last.includes('Every region is counted by itself.')).toBe(true);
  // The call of the first finding, its number and where to read all of it.
  expect(/c1 lake__query: .*1001.*ref [0-9a-f]{64}/.test(last)).toBe(true);
  const handle = setting.worker.client.workflow.getHandle('long');
  const { head, view } = await handle.query(transcriptQuery);
  expect(view).toMatch(/^[0-9a-f]{64}$/);
  expect(await world.dependencies.transcript.load(head)).toHaveLength(2 * (turns + 1));
  const { progress } = await handle.query(statusQuery);
  expect(progress.filter(({ text }) => text.includes('became a summary (by scripted)'))).toHaveLength(summaries.length);
  expect(await world.dependencies.sessions.read('long')).toMatchObject({
    agent_state: { view },
    processing_history: expect.arrayContaining([head]),
  });
});

test('the five latest messages keep every word, also right after the summary', async () => {
  const model = longModel(queries, wordy);
  const world = worldOf(model);
  await setting.worker.run('exact', world, { maxSteps: turns + 2 });
  const { transcript } = world.dependencies;
  const { head } = await setting.worker.client.workflow.getHandle('exact').query(transcriptQuery);
  const raw = (await transcript.load(head)).map((message) => JSON.stringify(message));
  for (const [index, request] of model.requests.entries()) {
    if (index === 0 || !isSummaryRequest(model.requests[index - 1]!)) continue;
    // The message that waited for this turn, and the five before it.
    const latest = request.messages.slice(-6).map((message) => JSON.stringify(message));
    const start = raw.indexOf(latest[0]!);
    expect(raw.slice(start, start + 6)).toEqual(latest);
  }
});

test('what the model says cannot be used: the records take the place of its summary', async () => {
  const model = longModel(queries, async () => reply('I would rather not.'));
  const outcome = await setting.worker.run('records', worldOf(model), { maxSteps: turns + 2 });
  expect(outcome.exitCode).toBe(0);
  const last = JSON.stringify(model.requests.at(-1)?.messages);
  expect(last.includes('Region 1 has 1001 sales.')).toBe(true);
  const { progress } = await setting.worker.client.workflow.getHandle('records').query(statusQuery);
  expect(progress.filter(({ text }) => text.includes('(from the records)')).length).toBeGreaterThanOrEqual(2);
});

test('a model that says the conversation is too long is given a shorter one once, and goes on', async () => {
  const real = 7_000;
  const strict: Script = async (request, turn) => {
    if (tokensOf(request) > real)
      throw new ModelFailure('It is too long.', { kind: 'ContextTooLong', endpoint: 'e', model: 'scripted' });
    return queries(request, turn);
  };
  // Counts turns that were answered only.
  let answered = 0;
  const model = longModel(async (request) => {
    const given = await strict(request, answered + 1);
    answered += 1;
    return given;
  }, strict);
  const outcome = await setting.worker.run('exceeded', worldOf(model), { maxSteps: turns + 2 });
  expect(outcome.exitCode).toBe(0);
  const { progress } = await setting.worker.client.workflow.getHandle('exceeded').query(statusQuery);
  expect(progress.some(({ text }) => text.includes('It is too long. The conversation is shortened.'))).toBe(true);
});
