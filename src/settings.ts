/** Reads `dpa.yaml`, the optional settings of a project: which models may be asked, in which order, and what they cost. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { nearest } from './analysis/nearest.ts';
import type { Price } from './analysis/price.ts';
import { CommandError, exitCode } from './command-error.ts';

export type ModelSettings = {
  /** References, the first one first; absent: what keys and this machine offer. */
  readonly order?: readonly string[];
  /** Providers (`openai`) and models (`openai/gpt-5.5`) that are never asked. */
  readonly exclude: readonly string[];
  /** Instead of the prices that the program knows. */
  readonly prices: Readonly<Record<string, Price>>;
};

export type Settings = { readonly models: ModelSettings };

export const noSettings: Settings = { models: { exclude: [], prices: {} } };

/** A larger file is no settings file. */
const maxBytes = 256 * 1024;

/** Throws a `CommandError` (64) that names the file, the key, what was expected and what was found. */
export function readSettings(file: string): Settings {
  if (!existsSync(file)) return noSettings;
  const fail = (where: string, expected: string, found: unknown): never => {
    throw new CommandError(
      `${file}: ${where}: expected ${expected}, found ${JSON.stringify(found)?.slice(0, 80) ?? 'nothing'}.`,
      exitCode.usage,
    );
  };
  if (!statSync(file).isFile() || statSync(file).size > maxBytes)
    fail('as a whole', `a file of at most ${maxBytes} bytes`, 'something else');
  const whole = record(parsed(file, fail) ?? {}, 'as a whole', ['models'], fail);
  const models = record(whole['models'] ?? {}, 'models', ['order', 'exclude', 'prices'], fail);
  const prices = Object.entries(record(models['prices'] ?? {}, 'models.prices', undefined, fail));
  const order = models['order'] === undefined ? undefined : names(models['order'], 'models.order', fail);
  return {
    models: {
      ...(order === undefined ? {} : { order }),
      exclude: names(models['exclude'] ?? [], 'models.exclude', fail),
      prices: Object.fromEntries(prices.map(([ref, price]) => [ref, priceOf(price, `models.prices.${ref}`, fail)])),
    },
  };
}

type Fail = (where: string, expected: string, found: unknown) => never;

/** The library is loaded only where there is such a file: every command passes here. */
function parsed(file: string, fail: Fail): unknown {
  const { parse } = createRequire(import.meta.url)('yaml') as typeof Yaml;
  try {
    return parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    return fail('as a whole', 'YAML', error instanceof Error ? error.message.split('\n')[0] : String(error));
  }
}

/** `known`: the keys there may be; absent: any. */
function record(
  value: unknown,
  where: string,
  known: readonly string[] | undefined,
  fail: Fail,
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail(where, 'names with values', value);
  for (const key of Object.keys(value)) {
    if (known === undefined || known.includes(key)) continue;
    const [close] = nearest(key, known);
    fail(where, `one of ${known.join(', ')}${close === undefined ? '' : ` (did you mean ${close}?)`}`, key);
  }
  return { ...value };
}

function names(value: unknown, where: string, fail: Fail): string[] {
  if (!Array.isArray(value)) return fail(where, 'a list of names', value);
  return value.map((name: unknown) => (typeof name === 'string' && name !== '' ? name : fail(where, 'names', name)));
}

/** US dollars per million tokens; what is not said of the cache costs as much as fresh input. */
function priceOf(value: unknown, where: string, fail: Fail): Price {
  const given = record(value, where, ['input', 'cachedInput', 'cacheWrite', 'output', 'asOf'], fail);
  const dollars = (name: string, otherwise?: number): number => {
    const amount = given[name] ?? otherwise;
    return typeof amount === 'number' && amount >= 0
      ? amount
      : fail(`${where}.${name}`, 'US dollars per million tokens', amount);
  };
  const input = dollars('input');
  return {
    input,
    cachedInput: dollars('cachedInput', input),
    cacheWrite: dollars('cacheWrite', input),
    output: dollars('output'),
    asOf: typeof given['asOf'] === 'string' ? given['asOf'] : 'dpa.yaml',
  };
}
