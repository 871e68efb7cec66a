/** Runs the scripts of the GitHub action and of the GitLab template as these systems do: bash, with the inputs as variables. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const actionFile = fileURLToPath(new URL('../../../integrations/github/action.yml', import.meta.url));
export const templateFile = fileURLToPath(
  new URL('../../../integrations/gitlab/dpa-quality.gitlab-ci.yml', import.meta.url),
);

type Ran = { readonly code: number | null; readonly output: string };
type Variables = Readonly<Record<string, string>>;

type Action = {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly run?: string;
      readonly env?: Variables;
      readonly 'working-directory'?: string;
    }[];
  };
};

/** Each `run` step, as a runner of GitHub runs it; `outputs` are what the steps gave. */
export async function runAction(
  folder: string,
  inputs: Variables,
  variables: Variables,
): Promise<Ran & { readonly outputs: Variables; readonly summary: string }> {
  const action = parse(await readFile(actionFile, 'utf8')) as Action;
  const own = await mkdtemp(join(tmpdir(), 'dpa-action-'));
  const files = { GITHUB_OUTPUT: join(own, 'output'), GITHUB_STEP_SUMMARY: join(own, 'summary') };
  try {
    for (const file of Object.values(files)) await writeFile(file, '');
    const filled = (text: string): string =>
      text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_whole, name: string) => {
        const value = inputs[name] ?? action.inputs[name]?.default;
        if (value === undefined) throw new Error(`expected the action to have the input ${name}`);
        return value;
      });
    let ran: Ran = { code: 0, output: '' };
    for (const step of action.runs.steps) {
      if (step.run === undefined) continue;
      const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text)]));
      const script = join(own, 'step.sh');
      await writeFile(script, filled(step.run));
      const cwd = resolve(folder, filled(step['working-directory'] ?? '.'));
      ran = await bash(['--noprofile', '--norc', '-eo', 'pipefail', script], cwd, { ...variables, ...files, ...env });
      if (ran.code !== 0) break;
    }
    const lines = (await readFile(files.GITHUB_OUTPUT, 'utf8')).trim().split('\n');
    const outputs = Object.fromEntries(
      lines.map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]),
    );
    return { ...ran, outputs, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

type Template = {
  readonly '.dpa-quality': { readonly variables: Variables; readonly script: readonly string[] };
};

/** The lines of `script` as one script, with the job's variables, of which some name others. */
export async function runTemplate(folder: string, given: Variables, predefined: Variables): Promise<Ran> {
  const { variables, script } = (parse(await readFile(templateFile, 'utf8')) as Template)['.dpa-quality'];
  const known: Record<string, string> = { ...predefined };
  for (const [name, text] of Object.entries({ ...variables, ...given }))
    known[name] = text.replaceAll(/\$(\w+)/g, (_whole, other: string) => known[other] ?? '');
  return bash(['-c', `set -eo pipefail\n${script.join('\n')}`], folder, known);
}

function bash(words: readonly string[], cwd: string, variables: Variables): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('bash', words, { cwd, env: { PATH, HOME, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((done) => {
    child.once('close', (code) => done({ code, output }));
  });
}
