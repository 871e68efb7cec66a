import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSessionFiles, type SessionFiles } from '../../src/store/session-files.ts';
import { createTranscript, type Transcript } from '../../src/store/transcript.ts';
import { memoryStore } from '../support/memory-records.ts';

let folder: string;
let files: SessionFiles;
let transcript: Transcript;

const start = { task: 'Count', data: ['/data/sales.csv'], tools: ['lake__query'] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-sessions-'));
  transcript = createTranscript(memoryStore());
  files = createSessionFiles(folder, transcript);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A conversation of task, call and result; gives its head. */
async function conversation(): Promise<string> {
  const asked = await transcript.append(null, { role: 'user', parts: [{ kind: 'text', text: 'Count' }] });
  const called = await transcript.append(asked, {
    role: 'assistant',
    parts: [{ kind: 'toolCall', id: 'c1', name: 'lake__query', arguments: {} }],
  });
  const part = { kind: 'toolResult', callId: 'c1', ok: true, ref: 'r1', text: '{}' } as const;
  return transcript.append(called, { role: 'tool', parts: [part] });
}

test('a session is begun, goes on with each turn, and is listed', async () => {
  await files.begin('nightly/a b', start);
  const head = await conversation();
  await files.record('nightly/a b', { head, turn: 1, plan: { steps: [] } });
  const report = { markdown: 'm', html: 'h', json: 'j' };
  await files.record('nightly/a b', { head, turn: 2, exitCode: 0, report });
  expect(await files.read('nightly/a b')).toMatchObject({
    id: 'nightly/a b',
    processing_history: [head],
    metadata: { task: 'Count', sources: ['/data/sales.csv'], tools: ['lake__query'] },
    intermediate_results: [{ call: 'c1', ok: true, ref: 'r1' }],
    agent_state: { status: 'completed', turn: 2, plan: { steps: [] }, exitCode: 0, report },
    data_lineage: [{ call: 'c1', tool: 'lake__query' }],
  });
  expect(await files.list()).toEqual(['nightly/a b']);
  expect(await readdir(folder)).toHaveLength(1);
});

test('beginning again does not forget what was recorded', async () => {
  await files.begin('a', start);
  await files.record('a', { head: await conversation(), turn: 3 });
  await files.begin('a', start);
  expect((await files.read('a')).agent_state.turn).toBe(3);
});

test.each([
  ['changed by hand', (text: string) => text.replace('"Count"', '"Guess"')],
  ['torn', (text: string) => text.slice(0, -20)],
  ['emptied', () => ''],
  ['something else', () => '[]'],
])('a file that is %s is named, not trusted, and rebuilt from the conversation', async (_, damage) => {
  await files.begin('a', start);
  const head = await conversation();
  await files.record('a', { head, turn: 1 });
  const path = join(folder, 'a.json');
  await writeFile(path, damage(await readFile(path, 'utf8')));
  await expect(files.read('a')).rejects.toMatchObject({
    type: 'Store.Corrupt',
    message: expect.stringContaining(path),
  });
  const rebuilt = await files.rebuild('a', head, ['/data/sales.csv']);
  expect(rebuilt).toMatchObject({
    metadata: { task: 'Count', sources: ['/data/sales.csv'] },
    processing_history: [head],
  });
  expect(await files.read('a')).toMatchObject({ intermediate_results: [{ ref: 'r1' }], agent_state: { turn: 1 } });
});

test('the next turn heals a damaged file by itself', async () => {
  await writeFile(join(folder, 'a.json'), '{');
  const head = await conversation();
  await files.record('a', { head, turn: 4 });
  expect(await files.read('a')).toMatchObject({ metadata: { task: 'Count' }, agent_state: { turn: 4 } });
});

test('a session nobody began is missing, and a folder that is not there has no sessions', async () => {
  await expect(files.read('none')).rejects.toMatchObject({ type: 'Store.Missing' });
  expect(await createSessionFiles(join(folder, 'nowhere'), transcript).list()).toEqual([]);
});

test('a folder that cannot be written is a typed failure', async () => {
  await writeFile(join(folder, 'file'), '');
  const blocked = createSessionFiles(join(folder, 'file'), transcript);
  await expect(blocked.begin('a', start)).rejects.toMatchObject({ type: 'Store.Unwritable' });
});
