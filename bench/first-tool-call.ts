/** From the command to the first tool call, with the local host running and without, as a person waits for it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../src/config.ts';
import { stopHost } from '../src/temporal/attach.ts';
import { temporalProgram } from '../test/support/temporal-service.ts';
import { atMost, median, type Measure } from './measure.ts';
import { ended, startProgram } from './processes.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

const warmRuns = 4;
const coldRuns = 3;
const dpa = 'bin/dpa.js';
const server = fileURLToPath(new URL('../src/mcp-servers/data-lake/main.ts', import.meta.url));
const task = 'Which region sold most?';

export const firstToolCall: Measure = {
  name: 'first-tool-call',
  about: 'from `dpa --task … --events` to its first toolCalled event, with the host running and without',
  async run() {
    await using folder = await openTemporaryFolder();
    const data = join(folder.path, 'sales.csv');
    await writeFile(data, `region,amount\n${Array.from({ length: 500 }, (_, row) => `r${row % 7},${row}\n`).join('')}`);
    const env = await cleanEnvironment(join(folder.path, 'home'));
    const config = loadConfig(env, folder.path);
    const bare: number[] = [];
    const cold: number[] = [];
    const warm: number[] = [];
    const time = async (program: string, args: readonly string[], isAwaited: (line: string) => boolean) => {
      const options = { cwd: folder.path, env, on: 'stdout', isAwaited } as const;
      const { afterMs, child } = await startProgram(program, args, options);
      await ended(child);
      return afterMs;
    };
    const untilToolCall = () =>
      time(dpa, ['--task', task, '--data', data, '--events'], (line) => line.includes('"toolCalled"'));
    const untilBareCall = () => time('bench/bare-first-call.ts', [server, data], (line) => line === 'calling');
    try {
      // The first of each is not counted: it builds the bundle and fills Node's compile cache.
      await stopHost(config);
      await untilToolCall();
      await untilBareCall();
      for (let run = 0; run < coldRuns; run += 1) {
        await stopHost(config);
        cold.push(await untilToolCall());
        bare.push(await untilBareCall());
      }
      await time(dpa, ['up'], (line) => line.includes('host runs'));
      for (let run = 0; run < warmRuns; run += 1) {
        warm.push(await untilToolCall());
        bare.push(await untilBareCall());
      }
    } finally {
      await stopHost(config);
    }
    const [bareS, warmS, coldS] = [median(bare) / 1000, median(warm) / 1000, median(cold) / 1000];
    const against = 'bare script, same server';
    const row = { unit: 's', baseline: bareS, against };
    return [
      {
        ...row,
        metric: 'first tool call, host running',
        ours: warmS,
        ratio: warmS / bareS,
        target: atMost(1, 0.5, 'ours'),
      },
      { ...row, metric: 'first tool call, no host', ours: coldS, ratio: coldS / bareS, target: atMost(3, 1.5, 'ours') },
    ];
  },
};

/** The settings of whoever runs the benchmarks must not reach the run. */
async function cleanEnvironment(home: string): Promise<Record<string, string>> {
  const entries = Object.entries(loadConfig().environment).filter(([name]) => !/^(TEMPORAL_|DPA_)/.test(name));
  return { ...Object.fromEntries(entries), DPA_HOME: home, DPA_TEMPORAL_CLI: await temporalProgram() };
}
