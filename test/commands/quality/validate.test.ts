/** `dpa quality validate` and `init` as a user meets them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_CONTRACT_BYTES } from '../../../src/contracts/read-contract.ts';
import { dpa } from '../../support/dpa.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-contracts-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('init writes a contract that validates, and never over one that is there', async () => {
  expect(await dpa(['quality', 'init'], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: 'contracts/orders.odcs.yaml\n',
  });
  const again = await dpa(['quality', 'init'], { cwd: folder });
  expect(again.code).toBe(64);
  const ran = await dpa(['quality', 'validate', 'contracts', '--json'], { cwd: folder });
  expect(ran.code).toBe(0);
  const { contracts, faults } = JSON.parse(ran.stdout) as { contracts: { checks: number }[]; faults: unknown[] };
  expect(faults).toEqual([]);
  expect(contracts).toEqual([expect.objectContaining({ id: 'orders', tables: 1, checks: 13, unchecked: [] })]);
});

test('each fault has file, line and column; the exit code is 64', async () => {
  await dpa(['quality', 'init'], { cwd: folder });
  const file = join(folder, 'contracts/orders.odcs.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(join(folder, 'contracts/other.odcs.yaml'), text.replace('required: true', 'requird: true'));
  const ran = await dpa(['quality', 'validate', 'contracts'], { cwd: folder });
  expect(ran.code).toBe(64);
  expect(ran.stdout).toMatch(/^✓ contracts\/orders\.odcs\.yaml: 1 table, 13 checks$/m);
  expect(ran.stdout).toMatch(/^✗ contracts\/other\.odcs\.yaml:13:9: unknown key "requird"\. Did you mean required\?$/m);
});

test.each<[string, string[], RegExp]>([
  ['nothing named', [], /contract/],
  ['a file that is not there', ['nowhere.yaml'], /Expected a contract at nowhere\.yaml, found nothing there/],
  ['an empty folder', ['.'], /Expected contracts \(\*\.odcs\.yaml\) in the folder \., found none/],
])('%s: exit 64 and one sentence', async (_name, words, message) => {
  const ran = await dpa(['quality', 'validate', ...words], { cwd: folder });
  expect(ran.code).toBe(64);
  expect(ran.stderr).toMatch(message);
});

test('a file that is too large is a fault, not read to its end', async () => {
  await writeFile(join(folder, 'big.odcs.yaml'), 'a'.repeat(MAX_CONTRACT_BYTES + 1));
  const ran = await dpa(['quality', 'validate', 'big.odcs.yaml'], { cwd: folder });
  expect(ran.code).toBe(64);
  expect(ran.stdout).toMatch(/big\.odcs\.yaml:1:1: expected at most/);
});
