import { setTimeout as delay } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertTarget } from '../../src/alerts/post.ts';
import { createSendAlerts } from '../../src/alerts/send.ts';
import type { IncidentEvent } from '../../src/quality/incidents.ts';
import type { RunDocument } from '../../src/quality/run.ts';

let folder: string;
let server: Server;
let url: string;
let answer: number | 'hang up' | 'nothing';
const received: { events: { key: string }[]; text?: string }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-alerts-'));
  received.length = 0;
  answer = 200;
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push(JSON.parse(body) as (typeof received)[number]);
      if (answer === 'hang up') request.socket.destroy();
      else if (answer !== 'nothing') response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-token`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function event(kind: IncidentEvent['kind'], check: string, owner?: string): IncidentEvent {
  const incident = {
    fingerprint: `s/${check}/1`,
    check,
    name: `rule ${check} <b>`,
    table: 't',
    severity: 'error',
    openedAt: '1',
    lastSeenAt: '1',
    reason: 'it broke',
    nights: 1,
    earlier: [],
    ...(owner === undefined ? {} : { owner }),
  } as const;
  return { kind, incident };
}

function documentWith(...incidents: IncidentEvent[]): RunDocument {
  return { suite: 's', interval: '1', headline: 'h', id: 'run', runId: 'first', incidents } as unknown as RunDocument;
}

const sending = (kind: AlertTarget['kind'] = 'webhook') => createSendAlerts({ folder, targets: [{ kind, url }] });

test('a change is told once, whoever asks again', async () => {
  const document = documentWith(event('opened', 'a'), event('kept', 'b'));
  expect(await sending()(document)).toEqual([]);
  expect(await sending()(document)).toEqual([]);
  expect(received.map(({ events }) => events.map(({ key }) => key))).toEqual([['s/a/1/opened']]);
  await sending()(documentWith(event('closed', 'a')));
  expect(received.at(-1)?.events.map(({ key }) => key)).toEqual(['s/a/1/closed']);
});

test('each owner gets one message', async () => {
  await sending()(documentWith(event('opened', 'a', 'ann'), event('opened', 'b', 'bob'), event('opened', 'c', 'ann')));
  expect(received.map(({ events }) => events.length)).toEqual([2, 1]);
});

test('what was refused is told later; what may have arrived is not told twice', async () => {
  answer = 500;
  const document = documentWith(event('opened', 'a'));
  expect(await sending()(document)).toEqual([expect.stringContaining('HTTP 500')]);
  answer = 'hang up';
  const [unsure] = await sending()(document);
  expect(unsure).toContain('not sent again');
  expect(unsure).not.toContain('secret-token');
  answer = 200;
  // The run itself says it as often as it is asked, the next one has nothing to say.
  expect(await sending()(document)).toEqual([expect.stringContaining('not sent again')]);
  expect(await sending()({ ...document, runId: 'second' })).toEqual([]);
  expect(received).toHaveLength(2);
});

test('an alert whose sender is lost while it is sent is said, and not sent again', async () => {
  answer = 'nothing';
  const document = documentWith(event('opened', 'a'));
  // Its answer never comes, as for a worker that is killed.
  sending()(document).catch(() => undefined);
  while (received.length === 0) await delay(10);
  answer = 200;
  expect(await sending()(document)).toEqual([expect.stringContaining('s/a/1/opened')]);
  expect(received).toHaveLength(1);
  await sending()(documentWith(event('closed', 'a')));
  expect(received.at(-1)?.events.map(({ key }) => key)).toEqual(['s/a/1/closed']);
});

test('Slack gets text and blocks in which nothing is markup', async () => {
  await sending('slack')(documentWith(event('opened', 'a')));
  expect(received[0]?.text).toBe('s, 1: 1 check broke');
  expect(JSON.stringify(received[0])).toContain('rule a &lt;b&gt;');
});

test('a muted check tells nothing; what is still broken when it is mute no more is told then, what held again by then never', async () => {
  const mute = { schema: 'dpa.quality-silence/1', kind: 'muted', check: 'a', until: '1x', at: '0' } as const;
  const night = (endedAt: string, ...incidents: IncidentEvent[]) =>
    sending()({ ...documentWith(...incidents), endedAt, silences: [mute] });
  await night('1', event('opened', 'a'), event('opened', 'b'));
  expect(received.map(({ events }) => events.map(({ key }) => key))).toEqual([['s/b/1/opened']]);
  await night('2', event('kept', 'a'), event('kept', 'b'));
  await night('3', event('kept', 'a'), event('closed', 'b'));
  expect(received.slice(1).map(({ events }) => events.map(({ key }) => key))).toEqual([
    ['s/a/1/opened'],
    ['s/b/1/closed'],
  ]);
});

test('of what broke and held again while it was muted nothing is told', async () => {
  const mute = { schema: 'dpa.quality-silence/1', kind: 'muted', check: 'a', until: '1x', at: '0' } as const;
  await sending()({ ...documentWith(event('opened', 'a')), endedAt: '1', silences: [mute] });
  await sending()({ ...documentWith(event('closed', 'a')), endedAt: '2', silences: [mute] });
  expect(received).toEqual([]);
});
