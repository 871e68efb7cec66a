/** The house rules that no compiler and no linter knows. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));

const maxLines = 300;
const maxFunctionLines = 70;
const maxFileBytes = 512 * 1024;

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const sources = tracked.filter((path) => /^(src|test|bench|scripts|bin)\/.*\.(ts|js)$/.test(path));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The files that break a rule, as `path: what`. */
function breaches(paths: readonly string[], rule: (text: string, path: string) => string | undefined): string[] {
  return paths.flatMap((path) => {
    const found = rule(read(path), path);
    return found === undefined ? [] : [`${path}: ${found}`];
  });
}

test('the rules look at files that are there', () => {
  expect(sources.length).toBeGreaterThan(100);
});

test('each file of src says on its first line what it is for', () => {
  const own = sources.filter((path) => path.startsWith('src/'));
  // One sentence, on one line or as the first of a block.
  expect(
    breaches(own, (text) =>
      /^(?:#!.*\n)?\/\*\*(?: .*[.:?] \*\/|\n \* .+)/.test(text) ? undefined : text.split('\n')[0],
    ),
  ).toEqual([]);
});

test('each script of the tests that is no test says what it is for', () => {
  const own = sources.filter((path) => /^(test|bench|scripts)\//.test(path) && !path.endsWith('.test.ts'));
  expect(breaches(own, (text) => (/^(?:#!.*\n)?\/\*\*/.test(text) ? undefined : text.split('\n')[0]))).toEqual([]);
});

test(`no file has more than ${maxLines} lines`, () => {
  expect(
    breaches(sources, (text) => {
      const lines = text.split('\n').length - 1;
      return lines > maxLines ? `${lines} lines` : undefined;
    }),
  ).toEqual([]);
});

test(`no function has more than ${maxFunctionLines} lines of its own`, () => {
  const own = sources.filter((path) => path.startsWith('src/') && path.endsWith('.ts'));
  expect(breaches(own, (text) => longFunctionIn(text))).toEqual([]);
});

test('the measure of functions leaves out the functions inside', () => {
  const inner = `  const inner = () => {\n${'    f();\n'.repeat(50)}  };\n`;
  expect(longFunctionIn(`function outer() {\n${inner.repeat(3)}}\n`)).toBeUndefined();
  expect(longFunctionIn(`\n// é\nfunction outer() {\n${'  f();\n'.repeat(80)}}\n`)).toBe('82 lines from line 3');
});

test('the linter keeps promises and types in sight', () => {
  const { rules } = JSON.parse(read('.oxlintrc.json')) as { rules: Record<string, unknown> };
  expect(rules).toMatchObject({
    'typescript/no-floating-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'import/no-cycle': 'error',
  });
});

test('no file is a drawer for odds and ends', () => {
  const drawer = /(^|[-/.])(utils?|helpers?|common|manager|misc)([-/.]|$)/;
  expect(tracked.filter((path) => /^(src|test|bench)\//.test(path) && drawer.test(path))).toEqual([]);
});

test('only config.ts and the tool servers read the environment', () => {
  const others = sources.filter(
    (path) => path.startsWith('src/') && path !== 'src/config.ts' && !path.startsWith('src/mcp-servers/'),
  );
  expect(breaches(others, (text) => /process\.env\b.*/.exec(text)?.[0])).toEqual([]);
});

test('no test is left out, none runs alone, nothing is put off', () => {
  const skipped = /\b(?:test|it|describe)\.(?:only|skip|todo)\b|^\s*(?:xit|xtest|fit|fdescribe|xdescribe)\(/m;
  // Written so that this file does not find itself.
  const putOff = new RegExp(['TO.DO', 'FIX.ME', 'X.XX'].map((word) => `\\b${word.replace('.', '')}\\b`).join('|'));
  const disabled = /@ts-(?:ignore|expect-error|nocheck)|(?:oxlint|eslint)-disable/;
  const others = sources.filter((path) => path !== 'test/tidy.test.ts');
  expect(breaches(others, (text) => (skipped.exec(text) ?? putOff.exec(text) ?? disabled.exec(text))?.[0])).toEqual([]);
});

test('no tracked file knows this machine', () => {
  const home = homedir();
  const places = [root.replace(/\/$/, ''), home].filter((place) => place.split('/').length > 2 || place === home);
  const texts = tracked.filter((path) => path !== 'package-lock.json' && !isBinary(path));
  expect(
    breaches(texts, (text) => {
      const place = places.find((one) => new RegExp(`(?<![\\w.])${one.replaceAll('/', '\\/')}(?:\\/|\\b)`).test(text));
      return place === undefined ? undefined : 'names a folder of this machine';
    }),
  ).toEqual([]);
});

test('no tracked file is larger than 512 KB, but for the lock file and recorded histories', () => {
  const others = tracked.filter((path) => path !== 'package-lock.json' && !path.startsWith('test/histories/'));
  expect(others.filter((path) => statSync(join(root, path)).size > maxFileBytes)).toEqual([]);
});

test('links between the documents lead somewhere', () => {
  const documents = tracked.filter((path) => path.endsWith('.md'));
  const broken = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(path, target))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

function leadsSomewhere(from: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : join(dirname(from), decodeURIComponent(path));
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || !file.endsWith('.md') || anchorsOf(read(file)).has(anchor);
}

/** Headings as GitHub makes anchors of them. */
function anchorsOf(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const functionKinds = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'MethodProperty',
  'Constructor',
]);

type SyntaxNode = { readonly type?: string; readonly span?: { readonly start: number; readonly end: number } };

/** The first function with too many lines, not counting those of the functions inside it. */
function longFunctionIn(text: string): string | undefined {
  // The semicolon marks where the parser begins to count: its positions go on from file to file, in bytes.
  const bytes = Buffer.from(`;${text.replace(/^#!/, '//')}`);
  const module = parseSync(bytes.toString(), { syntax: 'typescript', target: 'es2024' });
  const lineAt = (position: number) =>
    bytes
      .subarray(0, position - module.span.start)
      .toString()
      .split('\n').length;
  const tooLong: string[] = [];
  const linesInside = (node: unknown): number => {
    if (typeof node !== 'object' || node === null) return 0;
    const inside = Object.values(node).reduce((total: number, child) => total + linesInside(child), 0);
    const { type, span } = node as SyntaxNode;
    if (type === undefined || span === undefined || !functionKinds.has(type)) return inside;
    const lines = lineAt(span.end) - lineAt(span.start) + 1;
    if (lines - inside > maxFunctionLines) tooLong.push(`${lines - inside} lines from line ${lineAt(span.start)}`);
    return lines === 1 ? 0 : lines;
  };
  linesInside(module);
  return tooLong[0];
}

function isBinary(path: string): boolean {
  return readFileSync(join(root, path)).subarray(0, 8_000).includes(0);
}
