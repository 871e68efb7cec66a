/** The worker's live server over real sockets: who may read, where a reader goes on, what a slow one costs. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createLiveText, type LiveText } from '../../src/live/live-text.ts';
import { openLiveServer } from '../../src/live/server.ts';

const session = 'analysis-1/ä';

/** Reads until `enough` says so. */
async function read(url: string, enough: (text: string) => boolean, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  let text = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (enough(text)) break;
  }
  stop.abort();
  return text;
}

async function opened(work: (live: LiveText, url: string) => Promise<void>): Promise<void> {
  const live = createLiveText();
  await using server = await openLiveServer(live);
  await work(live, server.urlOf(session));
}

test('a reader gets what is there, what comes, the next attempt, and the end', () =>
  opened(async (live, url) => {
    const writer = live.begin({ session, turn: 3, attempt: 1 });
    writer.write('Hel');
    const reading = read(url, (text) => text.includes('event: ended'));
    writer.write('lo');
    await once(process, 'never', { signal: AbortSignal.timeout(50) }).catch(() => undefined);
    const second = live.begin({ session, turn: 3, attempt: 2 });
    second.write('Again');
    await once(process, 'never', { signal: AbortSignal.timeout(50) }).catch(() => undefined);
    second.end();
    const pieces = [...(await reading).matchAll(/data: (\{"turn.*\})/g)].map(([, json]) => JSON.parse(json!));
    const texts = (attempt: number) =>
      pieces
        .filter((piece) => piece.attempt === attempt)
        .map((piece) => piece.text)
        .join('');
    expect([texts(1), texts(2)]).toEqual(['Hello', 'Again']);
  }));

test('a reader that comes back goes on where it was', () =>
  opened(async (live, url) => {
    live.begin({ session, turn: 1, attempt: 1 }).write('0123456789');
    const text = await read(url, (all) => all.includes('data:'), { 'last-event-id': '1.1.4' });
    expect(text).toContain('"offset":4,"text":"456789"');
  }));

test('nothing without the token, on another path, under another name, or by another method', () =>
  opened(async (live, url) => {
    live.begin({ session, turn: 1, attempt: 1 }).write('secret');
    const { port, search } = new URL(url);
    const status = async (at: string, init?: RequestInit) => (await fetch(at, init)).status;
    expect(await status(url.replace(/token=.*/, 'token=0'))).toBe(404);
    expect(await status(url.replace('/live/', '/other/'))).toBe(404);
    expect(await status(`http://localhost:${port}/live/x${search}`).catch(() => 404)).toBe(404);
    expect(await status(url, { method: 'POST' })).toBe(404);
    expect(await status(`http://127.0.0.1:${port}/live/%ff${search}`)).toBe(404);
  }));

test('a reader that does not read costs neither the model time nor the worker memory', () =>
  opened(async (live, url) => {
    const { port, pathname, search } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await once(socket, 'readable');
    const writer = live.begin({ session, turn: 1, attempt: 1 });
    const before = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
    for (let piece = 0; piece < 20_000; piece += 1) writer.write('x'.repeat(1_000));
    const after = process.memoryUsage().external + process.memoryUsage().arrayBuffers;
    expect(writer.state().chars).toBe(20_000_000);
    expect(after - before).toBeLessThan(10_000_000);
    socket.destroy();
  }));
