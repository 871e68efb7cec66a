/** The real worker with a model that calls what kills its worker, in analyses whose task says so; says `ready` when it polls. */
import { loadConfig } from '../../../src/config.ts';
import type { ModelProvider } from '../../../src/llm/provider.ts';
import { openWorker } from '../../../src/worker.ts';
import { reply, scriptedProfile } from '../scripted-model.ts';
import { submit } from '../script-pieces.ts';
import { peacefulTurns, poisonTask } from './poison.ts';

const model: ModelProvider = {
  profile: scriptedProfile,
  complete({ messages }) {
    const turn = messages.filter(({ role }) => role === 'assistant').length + 1;
    const isPoison = JSON.stringify(messages[0]).includes(poisonTask);
    if (turn > (isPoison ? 1 : peacefulTurns)) return Promise.resolve(reply('', [submit(`t${turn}`)]));
    const name = isPoison ? 'ledger__kill' : 'ledger__measure';
    return Promise.resolve(reply('', [{ id: `t${turn}`, name, arguments: { group: `part ${turn}` } }]));
  },
};

const worker = await openWorker(loadConfig(), { models: { builtin: model } });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => worker.shutdown());
const running = worker.run();
process.stdout.write('ready\n');
await running;
process.exit(0);
