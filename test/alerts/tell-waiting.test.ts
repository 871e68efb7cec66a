/** Who is told that an analysis waits, what it says, and that a receiver that is away is named without its address. */
import { createTellWaiting, type WaitingWord } from '../../src/alerts/tell-waiting.ts';
import { openReceiver } from '../support/receiver.ts';

const ask = {
  kind: 'call',
  id: 'abc123',
  callId: 'c1',
  name: 'lake__write',
  arguments: '{"sql":"DELETE FROM sales"}',
  why: 'it has the effect "write"',
  sinceMs: 0,
  untilMs: 86_400_000,
  told: 1,
} as const;

function word(stage: WaitingWord['stage']): WaitingWord {
  return { session: 'nightly-1', task: 'Clean <sales>', ask, stage, url: 'http://127.0.0.1:8233/run' };
}

test('the first word and the reminders go to those who decide, the escalation to those above them too', async () => {
  await using first = await openReceiver();
  await using above = await openReceiver();
  const tell = createTellWaiting({
    first: [{ kind: 'webhook', url: `${first.url}/first` }],
    escalation: [{ kind: 'slack', url: `${above.url}/above` }],
  });
  expect(await tell(word('asked'))).toEqual([]);
  expect(await tell(word('reminder'))).toEqual([]);
  expect(above.received).toHaveLength(0);
  expect(await tell(word('escalation'))).toEqual([]);
  expect(first.received.map(({ body }) => (body as { stage: string }).stage)).toEqual([
    'asked',
    'reminder',
    'escalation',
  ]);
  expect(first.received[0]!.body).toEqual({
    schema: 'dpa.waiting/1',
    stage: 'asked',
    id: 'nightly-1',
    task: 'Clean <sales>',
    waitsFor: {
      kind: 'call',
      id: 'abc123',
      callId: 'c1',
      name: 'lake__write',
      arguments: '{"sql":"DELETE FROM sales"}',
      why: 'it has the effect "write"',
      since: '1970-01-01T00:00:00.000Z',
      until: '1970-01-02T00:00:00.000Z',
    },
    commands: ['dpa approve nightly-1 abc123', 'dpa deny nightly-1 abc123 --why "…"'],
    uiUrl: 'http://127.0.0.1:8233/run',
  });
  expect(above.received).toHaveLength(1);
  const slack = JSON.stringify(above.received[0]!.body);
  expect(slack).toContain('Analysis waits, and nobody decided: Clean &lt;sales&gt;');
  expect(slack).toContain('dpa approve nightly-1 abc123');
});

test('a receiver that refuses is named by its kind; its address is a secret', async () => {
  await using receiver = await openReceiver();
  receiver.status = 503;
  const tell = createTellWaiting({ first: [{ kind: 'webhook', url: `${receiver.url}/secret-token` }], escalation: [] });
  const [problem, ...others] = await tell(word('asked'));
  expect(problem).toContain('HTTP 503');
  expect(problem).not.toContain('secret-token');
  expect(others).toEqual([]);
});
