import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readServerConfig } from '../../src/tools/server-config-file.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'dpa-config-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const text = '{"mcpServers": {"a": {"command": "b"}}}';

function read(name: string): Promise<unknown> {
  return readServerConfig(path.join(folder, name), {}, folder);
}

test('a file with a byte order mark is read', async () => {
  writeFileSync(path.join(folder, 'bom.json'), `\ufeff${text}`);
  expect(await read('bom.json')).toMatchObject([{ name: 'a', command: 'b', cwd: folder }]);
});

test('what is no readable file of text is refused in a sentence', async () => {
  writeFileSync(path.join(folder, 'latin.json'), Buffer.from('{"a": "\xe9"}', 'latin1'));
  writeFileSync(path.join(folder, 'big.json'), Buffer.alloc(1_000_001, ' '));
  await expect(read('none.json')).rejects.toThrow('none.json: expected this file with the tool servers, found none');
  await expect(read('.')).rejects.toThrow('expected a file, found a folder');
  await expect(read('latin.json')).rejects.toThrow('expected UTF-8 text, found other bytes');
  await expect(read('big.json')).rejects.toThrow('expected at most 1000000 bytes, found 1000001');
  await expect(readServerConfig('/dev/null', {}, folder)).rejects.toThrow('found a pipe or device');
});
