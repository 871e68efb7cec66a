/** The package as npm would publish it, in a project of somebody else: the test kit and the command line run from it. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles everything, and the first start of Temporal may have to fetch it. */
const limitMs = 600_000;

let folder: string;
let project: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpa-package-'));
  project = join(folder, 'project');
  const installed = join(project, 'node_modules', 'data-processing-assistant');
  await mkdir(installed, { recursive: true });
  const archive = await pack();
  await run('tar', ['-xzf', archive, '-C', installed, '--strip-components=1']);
  // As npm would install them.
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = join(project, 'node_modules', name);
    await mkdir(join(link, '..'), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'somebody', type: 'module' }));
}, limitMs);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** In a copy: what `npm pack` compiles must not lie beside the sources while other tests run. */
async function pack(): Promise<string> {
  const copy = join(folder, 'copy');
  await mkdir(copy);
  const { files, ...manifest } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const needed = ['src', 'scripts', 'bin', 'docs', 'tsconfig.json', 'tsconfig.build.json', 'mcp_servers_config.json'];
  for (const name of needed) await cp(join(root, name), join(copy, name), { recursive: true });
  await writeFile(join(copy, 'package.json'), JSON.stringify({ ...manifest, files }));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const { stdout } = await run('npm', ['pack', '--json', '--loglevel', 'error'], { cwd: copy });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string }];
  return join(copy, packed.filename);
}

test(
  'the example of the documentation passes in a project that installed the package',
  async () => {
    const page = await readFile(join(root, 'docs', 'testing.md'), 'utf8');
    const [, example = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
    expect(example).toContain('data-processing-assistant/testing');
    await writeFile(join(project, 'orders.test.js'), example);
    const { stdout } = await run(process.execPath, ['--test', 'orders.test.js'], { cwd: project, timeout: limitMs });
    expect(stdout).toMatch(/pass 2\b/);
  },
  limitMs,
);

test(
  'its types are those of the sources',
  async () => {
    const check = async (steps: string) => {
      const file = join(project, 'orders.ts');
      const usage = `import { scriptedModel, turn, type ScriptedModel } from 'data-processing-assistant/testing';
export const model: ScriptedModel = scriptedModel([${steps}]);\n`;
      await writeFile(file, usage);
      const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', 'node', file];
      const tsc = join(root, 'node_modules', '.bin', 'tsc');
      return run(tsc, [...flags, '--typeRoots', join(root, 'node_modules', '@types')], { cwd: project });
    };
    await expect(check("turn('Done.')")).resolves.toMatchObject({ stdout: '' });
    await expect(check("'Done.'")).rejects.toMatchObject({ stdout: expect.stringContaining('ScriptedStep') as string });
  },
  limitMs,
);

test(
  'its command line finds its own tool server',
  async () => {
    const program = join(project, 'node_modules', 'data-processing-assistant', 'bin', 'dpa.js');
    await writeFile(join(project, 'orders.csv'), 'day,amount\n2026-01-01,3\n');
    const { stdout } = await run(process.execPath, [program, 'tools', '--json'], { cwd: project, timeout: limitMs });
    expect(stdout).toContain('data_lake__query');
  },
  limitMs,
);
