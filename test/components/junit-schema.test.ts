/** junit.xml against the schema by which Jenkins reads it, as pytest's sources carry it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { qualityJunit } from '../../src/reports/quality/junit.ts';
import { checkOf, hostile, runOf, verdicts } from '../reports/quality/sample-run.ts';
import { installPython, type PythonPrograms } from '../support/components/python-packages.ts';

const run = promisify(execFile);

/** Exits with 1 and a sentence when the second file does not follow the first. */
const validate = `import sys, xmlschema
try:
    xmlschema.XMLSchema(sys.argv[1]).validate(sys.argv[2])
except Exception as problem:
    sys.exit(str(problem)[:2000])`;

let folder: string;
let schema: string;
let python: PythonPrograms;

beforeAll(async () => {
  python = await installPython('junit', ['xmlschema==4.3.2']);
  folder = await mkdtemp(join(tmpdir(), 'dpa-junit-'));
  const download = ['-m', 'pip', 'download', '-q', '--no-deps', '--no-binary', 'pytest', '-d', folder, 'pytest==8.4.2'];
  await run(python.program('python'), download);
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tar.gz'))!;
  await run('tar', ['xzf', archive, '--strip-components=3', 'pytest-8.4.2/testing/example_scripts/junit-10.xsd'], {
    cwd: folder,
  });
  schema = join(folder, 'junit-10.xsd');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const rows = { columns: ['a', 'b'], rows: [['<x>', null]], statement: 'SELECT 1', withheld: [] };

test.each([
  ['each verdict', verdicts.map((verdict) => checkOf(verdict))],
  [
    'hostile texts',
    (['failed', 'error', 'skipped', 'warning'] as const).map((verdict) =>
      checkOf(verdict, { name: hostile.name, reason: hostile.reason, columns: [hostile.name], sample: rows }),
    ),
  ],
  ['no check at all', []],
])('%s', async (_name, checks) => {
  const file = join(folder, 'junit.xml');
  await writeFile(file, qualityJunit(runOf(checks)));
  await expect(run(python.program('python'), ['-c', validate, schema, file])).resolves.toMatchObject({ stderr: '' });
});

test('the schema refuses what is none', async () => {
  const file = join(folder, 'none.xml');
  await writeFile(file, qualityJunit(runOf([checkOf('failed')])).replace('<testcase name=', '<testcase label='));
  await expect(run(python.program('python'), ['-c', validate, schema, file])).rejects.toThrow(/name/);
});
