/** A catalogue that the store has lost is made again, whenever it is missed, and no model call is paid twice. */
import { activityWorld } from '../support/activity-world.ts';
import { firstStartMs, openAnalysisSetting, type AnalysisSetting } from '../support/analysis-setting.ts';
import { query } from '../support/script-pieces.ts';
import { scriptedConnections, tableResult } from '../support/scripted-connections.ts';
import { reply, scriptedModel, type ScriptedReply } from '../support/scripted-model.ts';

let setting: AnalysisSetting;

beforeAll(async () => {
  setting = await openAnalysisSetting();
}, firstStartMs);

afterAll(() => setting?.close());

function world(first: ScriptedReply) {
  return activityWorld(
    setting.folder,
    scriptedModel([first, reply('Done.')]),
    scriptedConnections({ answers: { lake__query: [tableResult(3)] } }),
  );
}

type World = ReturnType<typeof world>;

/** Deletes the stored catalogue, the only blob that names problems of servers. */
function loseCatalog({ store }: World): void {
  for (const [ref, text] of store.content) if (text.includes('"problems":')) store.content.delete(ref);
}

test('lost before the first turn', async () => {
  const mine = world(reply('', [query('c1')]));
  const { put } = mine.store;
  let lost = false;
  mine.store.put = async (text) => {
    const ref = await put(text);
    if (!lost && text.includes('"problems":')) {
      lost = true;
      loseCatalog(mine);
    }
    return ref;
  };
  expect(await setting.worker.run('lost-early', mine)).toMatchObject({ exitCode: 0 });
  mine.model.assertUsedUp();
  mine.connections.assertUsedUp();
});

test('lost while the model thinks', async () => {
  const mine: World = world(async () => {
    loseCatalog(mine);
    return reply('', [query('c1')]);
  });
  expect(await setting.worker.run('lost-late', mine)).toMatchObject({ exitCode: 0 });
  mine.model.assertUsedUp();
  mine.connections.assertUsedUp();
});
