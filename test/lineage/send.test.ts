import { createLineage } from '../../src/lineage/send.ts';
import { checkOf, runOf } from '../reports/quality/sample-run.ts';
import { openReceiver } from '../support/receiver.ts';

const started = {
  runId: '019abcde-0000-7000-8000-000000000001',
  suite: 'shop',
  interval: '2024-01-06',
  startedAt: '2024-01-07T02:00:00.000Z',
  data: ['/data/orders.csv'],
  datasets: ['orders'],
};

test('the receiver gets each event with the key, at its path', async () => {
  await using receiver = await openReceiver();
  const lineage = createLineage({ url: `${receiver.url}/api/v1/lineage`, apiKey: 'k', namespace: 'n' });
  expect(await lineage.started(started)).toBeUndefined();
  expect(await lineage.ended(runOf([checkOf('passed')]))).toBeUndefined();
  expect(receiver.received).toMatchObject([
    { path: '/api/v1/lineage', authorization: 'Bearer k', body: { eventType: 'START', run: { runId: started.runId } } },
    { body: { eventType: 'COMPLETE', run: { runId: started.runId }, job: { namespace: 'n', name: 'quality.shop' } } },
  ]);
});

test('what does not arrive is said, without the address, and nothing is thrown', async () => {
  await using receiver = await openReceiver();
  receiver.status = 503;
  const refused = await createLineage({ url: `${receiver.url}/token`, namespace: 'n' }).started(started);
  expect(refused).toMatch(/^Expected the receiver of OpenLineage events to take one, found HTTP 503\./);
  const away = await createLineage({ url: 'http://127.0.0.1:1/token', namespace: 'n' }).started(started);
  expect(away).toContain('found ');
  expect(`${refused} ${away}`).not.toMatch(/token|127\.0/);
});

test('without a receiver nothing is sent', async () => {
  expect(await createLineage(undefined).started(started)).toBeUndefined();
});
