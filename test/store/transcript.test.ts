import type { Message } from '../../src/analysis/conversation.ts';
import { maxInlineResultBytes } from '../../src/store/result-text.ts';
import { createTranscript } from '../../src/store/transcript.ts';
import { memoryStore } from '../support/memory-records.ts';

function said(text: string): Message {
  return { role: 'user', parts: [{ kind: 'text', text }] };
}

test('a conversation is loaded as it was appended', async () => {
  const transcript = createTranscript(memoryStore());
  const first = await transcript.append(null, said('one'));
  const second = await transcript.append(first, said('two'));
  expect(await transcript.load(second)).toEqual([said('one'), said('two')]);
  expect(await transcript.load(first)).toEqual([said('one')]);
  expect(await transcript.load(null)).toEqual([]);
  expect(await transcript.last(second)).toEqual(said('two'));
});

test('appending the same message again gives the same head and stores nothing more', async () => {
  const store = memoryStore();
  const transcript = createTranscript(store);
  const head = await transcript.append(null, said('one'));
  expect(await transcript.append(null, said('one'))).toBe(head);
  expect(store.content.size).toBe(1);
  expect(await transcript.append(head, said('one'))).not.toBe(head);
});

test('two conversations may go on from one head', async () => {
  const transcript = createTranscript(memoryStore());
  const head = await transcript.append(null, said('one'));
  const [left, right] = await Promise.all([transcript.append(head, said('l')), transcript.append(head, said('r'))]);
  expect(await transcript.load(left)).toEqual([said('one'), said('l')]);
  expect(await transcript.load(right)).toEqual([said('one'), said('r')]);
});

test('a chain of two thousand messages is loaded from cold', async () => {
  const store = memoryStore();
  const writer = createTranscript(store);
  let head: string | null = null;
  for (let index = 0; index < 2_000; index++) head = await writer.append(head, said(String(index)));
  const messages = await createTranscript(store).load(head);
  expect(messages).toHaveLength(2_000);
  expect(messages[1_999]).toEqual(said('1999'));
});

test('a head that was loaded is not read again', async () => {
  const store = memoryStore();
  const transcript = createTranscript(store);
  const head = await transcript.append(await transcript.append(null, said('one')), said('two'));
  await transcript.load(head);
  store.content.clear();
  expect(await transcript.load(head)).toHaveLength(2);
});

test('damage in the middle of the chain is reported, and repaired content is read', async () => {
  const store = memoryStore();
  const writer = createTranscript(store);
  const first = await writer.append(null, said('one'));
  const head = await writer.append(first, said('two'));
  store.content.set(first, '{"v":1');
  const reader = createTranscript(store);
  await expect(reader.load(head)).rejects.toMatchObject({ type: 'Store.Corrupt', subject: first });
  await writer.append(null, said('one'));
  expect(await reader.load(head)).toHaveLength(2);
});

test('a stored result is shown whole up to 8 KB, above that as a beginning that says so', async () => {
  const store = memoryStore();
  const transcript = createTranscript(store);
  const shown = async (bytes: number) => {
    const content = `{"x":"${'y'.repeat(bytes - 8)}"}`;
    const part = { kind: 'toolResult', callId: 'c', ok: true, ref: await store.put(content) } as const;
    const [message] = await transcript.load(await transcript.append(null, { role: 'tool', parts: [part] }));
    return { content, ref: part.ref, text: message?.role === 'tool' ? message.parts[0]?.text : undefined };
  };
  const whole = await shown(maxInlineResultBytes);
  expect(whole.text).toBe(whole.content);
  const { content, ref, text } = await shown(maxInlineResultBytes + 1);
  const preview = { ok: true, ref, bytes: content.length, preview: content.slice(0, 2048) };
  expect(JSON.parse(text ?? '')).toMatchObject(preview);
});
