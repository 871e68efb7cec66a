/** `dpa.yaml`: what it may say, and what is told when it says something else. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../src/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'dpa-settings-'));
const file = join(folder, 'dpa.yaml');

function read(text: string) {
  writeFileSync(file, text);
  return readSettings(file).models;
}

test('without the file, and with an empty one, nothing is set', () => {
  const nothing = { exclude: [], prices: {}, profiles: {} };
  expect(readSettings(join(folder, 'none.yaml')).models).toEqual(nothing);
  expect(read('')).toEqual(nothing);
  expect(read('# later\nmodels:\n')).toEqual(nothing);
});

test('order, exclusions and prices', () => {
  const text = `models:
  order: [anthropic/claude-sonnet-5-5, builtin]
  exclude: [local]
  prices:
    openai/gpt-6.1-sol: {input: 3, cachedInput: 0.3, output: 15, asOf: 2026-11-01}
  profiles:
    local/house: {window: 32768, output: 4096, temperature: refused, efforts: [low, high]}
`;
  expect(read(text)).toEqual({
    order: ['anthropic/claude-sonnet-5-5', 'builtin'],
    exclude: ['local'],
    prices: {
      'openai/gpt-6.1-sol': { input: 3, cachedInput: 0.3, cacheWrite: 3, output: 15, asOf: '2026-11-01' },
    },
    profiles: {
      'local/house': { inputWindow: 32_768, maxOutput: 4_096, temperature: 'refused', efforts: ['low', 'high'] },
    },
  });
});

test('limits of every kind', () => {
  writeFileSync(file, 'limits: {steps: 30, usd: 0.5, timeout: 2h, tokens: 200000, bytesScanned: 1.5GB}');
  const limits = { steps: 30, usd: 0.5, workMs: 7_200_000, tokens: 200_000, bytesScanned: 1_500_000_000 };
  expect(readSettings(file).limits).toEqual(limits);
});

test.each([
  [
    'a slip, with the nearest name',
    'modles: {}',
    /as a whole: expected one of models, access, approvals, limits, openlineage \(did you mean models\?\), found "modles"/,
  ],
  ['a slip further in', 'models: {oder: []}', /models: expected one of .*did you mean order/],
  ['a list that is none', 'models: {order: openai}', /models\.order: expected a list of names, found "openai"/],
  ['a name that is none', 'models: {exclude: [1]}', /models\.exclude: expected names, found 1/],
  [
    'a price below zero',
    'models: {prices: {a: {input: -1, output: 2}}}',
    /models\.prices\.a\.input: expected US dollars/,
  ],
  ['a price without its output', 'models: {prices: {a: {input: 1}}}', /models\.prices\.a\.output: .*found nothing/],
  ['a window that is none', 'models: {profiles: {a: {window: big}}}', /profiles\.a\.window: expected a whole number/],
  ['a temperature', 'models: {profiles: {a: {temperature: 0.1}}}', /expected one of allowed, refused, found 0\.1/],
  ['an effort nobody knows', 'models: {profiles: {a: {efforts: [huge]}}}', /efforts: expected one of none, minimal/],
  ['a slip in a profile', 'models: {profiles: {a: {windw: 1}}}', /profiles\.a: .*did you mean window/],
  ['a rule without a verdict', 'access: [{tool: a}]', /access\[0\]\.access: expected one of allow, ask, deny, found/],
  ['a slip in a rule', 'access: [{tol: a, access: deny}]', /access\[0\]: .*did you mean tool/],
  ['a rule for everything by mistake', 'access: [{tool: "", access: allow}]', /access\[0\]\.tool: expected words/],
  ['a level that is none', 'access: [{securityLevel: 7, access: ask}]', /securityLevel: expected a whole number/],
  ['a time without a unit', 'approvals: {within: 3}', /approvals\.within: expected a time .*found 3/],
  ['steps that are none', 'limits: {steps: 0}', /limits\.steps: expected a whole number from 1 to .*found 0/],
  ['a time that is none', 'limits: {timeout: 5}', /limits\.timeout: expected a time .*found 5/],
  ['a size without a unit', 'limits: {bytesScanned: 10}', /limits\.bytesScanned: expected a size .*found 10/],
  ['money that is none', 'limits: {usd: free}', /limits\.usd: expected US dollars/],
  ['a slip in the limits', 'limits: {token: 3}', /limits: .*did you mean tokens/],
  ['a receiver that is none', 'openlineage: {url: 7}', /openlineage\.url: expected a text, found 7/],
  ['what is no YAML', 'models: [', /expected YAML/],
  ['a list at the top', '- a', /as a whole: expected names with values/],
  ['an alias, which could grow without end', 'a: &a [x]\nmodels: {order: *a}', /expected YAML/],
])('%s is refused', (_, text, words) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ exitCode: 64, message: expect.stringMatching(words) }));
});

test('rules of access and times of approvals', () => {
  writeFileSync(
    file,
    `access:
  - {tool: 'warehouse__*', effect: write, access: deny, why: nights only}
  - {securityLevel: 2, access: ask}
approvals: {within: 3d, remind: 12h, escalate: 1d}
`,
  );
  expect(readSettings(file)).toMatchObject({
    access: [
      { tool: 'warehouse__*', effect: 'write', access: 'deny', why: 'nights only' },
      { securityLevel: 2, access: 'ask' },
    ],
    approvals: { withinMs: 259_200_000, remindAfterMs: 43_200_000, escalateAfterMs: 86_400_000 },
  });
});

test('a folder of that name is refused', () => {
  const other = join(folder, 'other.yaml');
  mkdirSync(other);
  expect(() => readSettings(other)).toThrow(/expected a file of at most/);
});
