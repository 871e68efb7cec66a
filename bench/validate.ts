/** How long reading and validating a hundred contracts takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractIn } from '../src/contracts/read-contract.ts';
import { contractYaml } from '../src/contracts/write-contract.ts';
import { openTemporaryFolder } from './temporary-folder.ts';
import { elapsedMs, median, type Measure } from './measure.ts';

const contracts = 100;
const columns = 40;
const repeats = 5;

export const validate: Measure = {
  name: 'validate',
  about: `ms for ${contracts} contracts of ${columns} columns and as many rules`,
  async run() {
    const texts = Array.from({ length: contracts }, (_, index) => contractText(index));
    const times: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      times.push(
        await elapsedMs(async () => {
          for (const text of texts)
            if (contractIn(text, 'c').kind === 'faulty') throw new Error('Expected a contract.');
          await Promise.resolve();
        }),
      );
    }
    const bytes = texts.reduce((sum, text) => sum + text.length, 0);
    return [
      {
        metric: `validate, ${contracts} contracts`,
        unit: 'ms',
        ours: median(times),
        target: { of: 'ours', better: 'lower', solid: 1_000, extraordinary: 500 },
        note: `${Math.round(bytes / 1024)} KB of YAML; first time ${Math.round(times[0] ?? 0)} ms`,
      },
      {
        metric: `dpa quality validate, ${contracts} contracts`,
        unit: 'ms',
        ours: await commandMs(texts),
        target: { of: 'ours', better: 'lower', solid: 1_000, extraordinary: 500 },
        note: 'the command as a process, from its start to its end.',
      },
    ];
  },
};

async function commandMs(texts: readonly string[]): Promise<number> {
  await using folder = await openTemporaryFolder();
  for (const [index, text] of texts.entries()) await writeFile(join(folder.path, `c${index}.odcs.yaml`), text);
  const program = fileURLToPath(new URL('../src/client.ts', import.meta.url));
  const words = ['--disable-warning=ExperimentalWarning', program, 'quality', 'validate', '.'];
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    times.push(
      await elapsedMs(async () => {
        const [code] = (await once(spawn(process.execPath, words, { cwd: folder.path, stdio: 'ignore' }), 'exit')) as [
          number,
        ];
        if (code !== 0) throw new Error(`Expected contracts without a fault, found exit code ${code}.`);
      }),
    );
  }
  return median(times);
}

function contractText(index: number): string {
  const properties = Array.from({ length: columns }, (_, place) => ({
    name: `column_${place}`,
    logicalType: place % 2 === 0 ? 'integer' : 'string',
    required: place % 3 === 0,
    quality: [{ id: `rule-${place}`, metric: 'nullValues', unit: 'percent', mustBeLessThan: 5, severity: 'warning' }],
  }));
  const head = { apiVersion: 'v3.2.0', kind: 'DataContract', id: `c${index}`, version: '1.0.0', status: 'active' };
  return contractYaml({ ...head, schema: [{ name: `t${index}`, properties }] }, 'made for the benchmark');
}
