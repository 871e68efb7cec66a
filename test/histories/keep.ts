/** Keeps the history of a run for replay, without what belongs to the machine it ran on. */
import { writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { loadConfig } from '../../src/config.ts';

/** Stack traces name its folders. */
export async function keep(name: string, history: proto.temporal.api.history.v1.IHistory): Promise<void> {
  const codec = proto.temporal.api.history.v1.History;
  const readableForm = codec.toObject(codec.fromObject(history), { longs: String, bytes: String, enums: String });
  const text = `${JSON.stringify(readableForm, (key, value: unknown) => (key === 'stackTrace' ? '' : value), 1)}\n`;
  const payloads = [...text.matchAll(/"data": "([^"]*)"/g)].map(([, data]) =>
    Buffer.from(data ?? '', 'base64').toString(),
  );
  const readable = [text, ...payloads].join('\n');
  for (const forbidden of [hostname(), loadConfig().workingFolder, tmpdir(), '/node_modules/']) {
    if (readable.includes(forbidden))
      throw new Error(`Expected no trace of this machine in ${name}, found "${forbidden}".`);
  }
  await writeFile(fileURLToPath(new URL(`${name}.json`, import.meta.url)), text);
}
