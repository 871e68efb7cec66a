/** The import law: which folder of src may import what, by reading every import and by asking the workflow bundler. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const src = fileURLToPath(new URL('../src/', import.meta.url));

type Rule = {
  /** Own folders, and own files of the top, whose code may be imported. */
  readonly own?: readonly string[];
  /** Own folders of which only types may be imported: they vanish. */
  readonly types?: readonly string[];
  /** Packages; `node:*` stands for all of Node. */
  readonly packages?: readonly string[];
};

const temporal = (...names: string[]) => names.map((name) => `@temporalio/${name}`);
const protocol = ['@modelcontextprotocol/sdk', 'zod'];

const law: Readonly<Record<string, Rule>> = {
  // Pure: one another downwards, and nothing else.
  analysis: {},
  agents: { own: ['analysis'] },
  policy: { own: ['analysis'] },
  quality: { own: ['analysis'] },

  workflows: {
    own: ['analysis', 'agents', 'policy', 'quality'],
    types: ['activities'],
    packages: temporal('workflow', 'common'),
  },
  // Adapters only as interfaces; node:crypto computes, it opens nothing.
  activities: {
    own: ['analysis', 'agents', 'policy', 'quality'],
    types: ['lineage', 'live', 'llm', 'reports', 'store', 'tools'],
    packages: [...temporal('activity', 'common'), 'node:crypto'],
  },

  // Adapters never import workflows or activities.
  alerts: { own: ['analysis', 'files', 'quality'], packages: ['node:*'] },
  lineage: { own: ['quality', 'reports'] },
  contracts: { own: ['analysis', 'command-error.ts', 'quality'], packages: ['node:*', 'tinyglobby', 'yaml'] },
  files: { packages: ['node:*'] },
  live: { packages: ['node:*', 'eventsource-parser', ...temporal('client', 'common')] },
  llm: { own: ['analysis', 'policy'], packages: ['node:*', 'openai', '@anthropic-ai/sdk'] },
  processes: { packages: ['node:*'] },
  reports: { own: ['analysis', 'files', 'quality'], packages: ['node:*'] },
  store: { own: ['analysis', 'files', 'quality'], packages: ['node:*', 'lru-cache'] },
  temporal: {
    own: ['analysis', 'command-error.ts', 'config.ts', 'processes'],
    packages: ['node:*', ...temporal('client', 'worker', 'testing')],
  },
  tools: { own: ['analysis', 'processes', 'quality'], packages: ['node:*', 'ajv', ...protocol] },

  demo: { packages: ['node:*', '@duckdb/node-api'] },
  'mcp-servers': { packages: ['node:*', '@duckdb/node-api', 'tinyglobby', ...protocol] },
  ui: { own: ['analysis'], types: ['live'], packages: ['node:*', 'picocolors', '@clack/prompts', 'fast-wrap-ansi'] },

  commands: {
    own: ['command-error.ts', 'config.ts', 'worker.ts', 'host.ts', 'ui', 'temporal', 'demo', 'processes'].concat([
      'analysis',
      'contracts',
      'live',
      'llm',
      'quality',
      'reports',
      'store',
      'tools',
      'workflows',
    ]),
    packages: ['node:*', 'commander', 'tinyglobby', 'ulid', 'yaml', ...temporal('client', 'common')],
  },
  // What users write their tests with: runs the worker itself, with models and tools of its own.
  testing: {
    own: ['agents', 'analysis', 'config.ts', 'llm', 'reports', 'temporal', 'tools', 'worker.ts', 'workflows'],
    packages: ['node:*', ...temporal('client')],
  },
  'client.ts': {
    own: ['commands', 'command-error.ts', 'config.ts', 'ui', 'analysis'],
    packages: ['node:*', 'commander'],
  },
  'command-error.ts': {},
  'config.ts': {
    own: ['command-error.ts', 'settings.ts'],
    types: ['alerts', 'lineage'],
    packages: ['node:*', ...temporal('envconfig', 'worker')],
  },
  'settings.ts': { own: ['analysis', 'command-error.ts', 'policy'], packages: ['node:*', 'yaml'] },
  'host.ts': { own: ['config.ts', 'temporal', 'worker.ts', 'command-error.ts'], packages: ['node:*'] },
  'worker.ts': {
    own: [
      'activities',
      'alerts',
      'config.ts',
      'contracts',
      'lineage',
      'live',
      'llm',
      'reports',
      'settings.ts',
      'store',
      'temporal',
      'tools',
      'workflows',
      'command-error.ts',
    ],
    packages: ['node:*', ...temporal('worker', 'client')],
  },
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .sort();

test('every folder and file at the top of src has its law', () => {
  const tops = new Set(files.map(topOf));
  expect([...tops].filter((top) => law[top] === undefined)).toEqual([]);
});

test('every import keeps the law', () => {
  const breaches = files.flatMap((file) =>
    importsOf(readFileSync(`${src}${file}`, 'utf8'))
      .filter((found) => !isAllowed(file, found))
      .map(({ from, typeOnly }) => `src/${file} imports ${typeOnly ? 'types of ' : ''}${from}`),
  );
  expect(breaches).toEqual([]);
});

test('the reader of imports sees every form of them', () => {
  const source = [
    "import a from 'one';",
    "import type { b } from 'two';",
    "import { type c, type d } from 'three';",
    'import {\n  e,\n  type f,\n} from "four";'.replaceAll('"', "'"),
    "import 'five';",
    "export * from 'six';",
    "export type { g } from 'seven';",
    "  const { h } = await import('eight');",
    "// import nothing from 'nine';",
    "  `SELECT x from 'ten';`",
  ].join('\n');
  expect(importsOf(source)).toEqual([
    { from: 'one', typeOnly: false },
    { from: 'two', typeOnly: true },
    { from: 'three', typeOnly: true },
    { from: 'four', typeOnly: false },
    { from: 'five', typeOnly: false },
    { from: 'six', typeOnly: false },
    { from: 'seven', typeOnly: true },
    { from: 'eight', typeOnly: false },
  ]);
});

test('nothing but the pure folders and four packages enters the workflow sandbox', async () => {
  const modules = await bundledModules();
  const own = modules.filter((path) => path.startsWith(src)).map((path) => topOf(path.slice(src.length)));
  expect([...new Set(own)].sort()).toEqual(['analysis', 'policy', 'quality', 'workflows']);
  const packages = modules
    .filter((path) => path.includes('/node_modules/'))
    .map((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path);
  expect([...new Set(packages)].sort()).toEqual([...temporal('common', 'workflow'), 'long', 'ms', 'nexus-rpc']);
});

function topOf(file: string): string {
  return file.slice(0, file.includes('/') ? file.indexOf('/') : undefined);
}

type Import = { readonly from: string; readonly typeOnly: boolean };

function isAllowed(file: string, { from, typeOnly }: Import): boolean {
  const { own = [], types = [], packages = [] } = law[topOf(file)] ?? {};
  if (!from.startsWith('.')) {
    return packages.some(
      (name) => from === name || from.startsWith(`${name}/`) || (name === 'node:*' && from.startsWith('node:')),
    );
  }
  const target = new URL(from, `file:///${file}`).pathname.slice(1);
  const top = topOf(target);
  if (top === topOf(file)) return topOf(file) !== 'mcp-servers' || target.split('/')[1] === file.split('/')[1];
  return own.includes(top) || (typeOnly && types.includes(top));
}

/** Statements stand at the start of a line; what stands elsewhere is text, but for `import()`. */
function importsOf(source: string): Import[] {
  const statements = /^(?:import|export)\s+(type\s+)?(?:([\w*\s{},$]+?)\s+from\s+)?'([^'\n]+)';/gm;
  const dynamic = /^(?!\s*(?:\/\/|\*)).*\bimport\('([^'\n]+)'\)/gm;
  return [
    ...[...source.matchAll(statements)].map(([, type, names = '', from = '']) => ({
      from,
      typeOnly: type !== undefined || isAllTypes(names),
    })),
    ...[...source.matchAll(dynamic)].map(([, from = '']) => ({ from, typeOnly: false })),
  ];
}

function isAllTypes(names: string): boolean {
  const inside = /^\{([^}]*)\}$/
    .exec(names.trim())?.[1]
    ?.split(',')
    .map((name) => name.trim());
  const named = inside?.filter((name) => name !== '') ?? [];
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}

/** Absolute paths of every module that webpack put into the bundle. */
async function bundledModules(): Promise<string[]> {
  const found = new Set<string>();
  await bundleWorkflowCode({
    workflowsPath: `${src}workflows/index.ts`,
    logger: silent,
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        (compiler) =>
          compiler.hooks.compilation.tap('modules', (compilation) =>
            compilation.hooks.succeedModule.tap('modules', (module) => {
              const path = module.nameForCondition();
              if (path) found.add(path.replaceAll('\\', '/'));
            }),
          ),
      ],
    }),
  });
  return [...found];
}

const nothing = () => {};
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
