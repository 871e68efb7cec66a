/** Where the worker's stream is out of reach, the text is read from the heartbeats of the call that is running. */
import { followLive } from '../../src/live/follow.ts';
import type { LivePiece } from '../../src/live/live-text.ts';
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { scriptedConnections } from '../support/scripted-connections.ts';
import { reply, scriptedModel } from '../support/scripted-model.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

test('a client that cannot reach the stream gets the tail by describe', async () => {
  const seen = Promise.withResolvers<LivePiece>();
  const model = scriptedModel([
    async (_request, _signal, emit) => {
      emit({ kind: 'text', delta: 'Hello from far away.' });
      await seen.promise;
      return reply('Hello from far away.');
    },
  ]);
  // Its address is one where nobody listens.
  const world = activityWorld(setting.folder, model, scriptedConnections({ answers: {} }));
  const handle = await setting.worker.start('far', world);
  const stop = new AbortController();
  const source = { client: () => setting.worker.client, isWorthAsking: () => true };
  const reader = {
    piece: (piece: LivePiece) => void (piece.text === '' || seen.resolve(piece)),
    ended: () => undefined,
  };
  const following = followLive(source, 'far', reader, stop.signal);
  expect(await seen.promise).toMatchObject({ turn: 1, attempt: 1, offset: 0, text: 'Hello from far away.' });
  await handle.result();
  stop.abort();
  await following;
});
