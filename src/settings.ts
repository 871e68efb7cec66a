/** Reads `dpa.yaml`, the optional settings of a project: which models and tools may be used, how much of what, and how long a decision is waited for. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { mostSteps, mostTokens, mostUsd } from './analysis/budget.ts';
import { nearest } from './analysis/nearest.ts';
import type { Price } from './analysis/price.ts';
import { readSize, sizeWords } from './analysis/size-words.ts';
import { readTime, timeWords } from './analysis/time-words.ts';
import type { AccessRule } from './policy/tool-access.ts';
import { CommandError, exitCode } from './command-error.ts';

export type ModelSettings = {
  /** References, the first one first; absent: what keys and this machine offer. */
  readonly order?: readonly string[];
  /** Providers (`openai`) and models (`openai/gpt-5.5`) that are never asked. */
  readonly exclude: readonly string[];
  /** Instead of the prices that the program knows. */
  readonly prices: Readonly<Record<string, Price>>;
  /** Instead of what the program and the server say of a model. */
  readonly profiles: Readonly<Record<string, ProfileCorrection>>;
};

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** Tokens, and what the model takes. */
export type ProfileCorrection = {
  readonly inputWindow?: number;
  readonly maxOutput?: number;
  readonly temperature?: 'allowed' | 'refused';
  readonly efforts?: readonly (typeof efforts)[number][];
};

export type ApprovalSettings = {
  /** Milliseconds until nobody's word means no. */
  readonly withinMs?: number;
  /** Milliseconds from asking to the first reminder, and from each to the next. */
  readonly remindAfterMs?: number;
  /** Milliseconds from asking until others are told. */
  readonly escalateAfterMs?: number;
};

/** Of an analysis that says nothing else. */
type LimitSettings = {
  readonly steps?: number;
  readonly usd?: number;
  readonly workMs?: number;
  readonly tokens?: number;
  readonly bytesScanned?: number;
};

export type Settings = {
  readonly models: ModelSettings;
  /** The first that fits a tool counts; after the last come the rules of the program. */
  readonly access: readonly AccessRule[];
  readonly approvals: ApprovalSettings;
  readonly limits: LimitSettings;
  /** Where lineage of quality runs is told, and as whose; variables win. */
  readonly openlineage: { readonly url?: string; readonly namespace?: string };
};

export const noSettings: Settings = {
  models: { exclude: [], prices: {}, profiles: {} },
  access: [],
  approvals: {},
  limits: {},
  openlineage: {},
};

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
  const parts = Object.keys(noSettings);
  const whole = record(parsed(file, fail) ?? {}, 'as a whole', parts, fail);
  return {
    models: modelSettings(whole['models'] ?? {}, fail),
    access: list(whole['access'] ?? [], 'access', fail).map((rule, index) =>
      accessRule(rule, `access[${index}]`, fail),
    ),
    approvals: approvalSettings(whole['approvals'] ?? {}, fail),
    limits: limitSettings(whole['limits'] ?? {}, fail),
    openlineage: lineageSettings(whole['openlineage'] ?? {}, fail),
  };
}

function lineageSettings(given: unknown, fail: Fail): Settings['openlineage'] {
  const read = record(given, 'openlineage', ['url', 'namespace'], fail);
  for (const [key, value] of Object.entries(read))
    if (typeof value !== 'string' || value === '') fail(`openlineage.${key}`, 'a text', value);
  return read;
}

function modelSettings(given: unknown, fail: Fail): ModelSettings {
  const models = record(given, 'models', ['order', 'exclude', 'prices', 'profiles'], fail);
  const prices = Object.entries(record(models['prices'] ?? {}, 'models.prices', undefined, fail));
  const profiles = Object.entries(record(models['profiles'] ?? {}, 'models.profiles', undefined, fail));
  const order = models['order'] === undefined ? undefined : names(models['order'], 'models.order', fail);
  return {
    ...(order === undefined ? {} : { order }),
    exclude: names(models['exclude'] ?? [], 'models.exclude', fail),
    prices: Object.fromEntries(prices.map(([ref, price]) => [ref, priceOf(price, `models.prices.${ref}`, fail)])),
    profiles: Object.fromEntries(profiles.map(([ref, one]) => [ref, profileOf(one, `models.profiles.${ref}`, fail)])),
  };
}

function profileOf(value: unknown, where: string, fail: Fail): ProfileCorrection {
  const profile = record(value, where, ['window', 'output', 'temperature', 'efforts'], fail);
  const { temperature, efforts: words } = profile;
  return {
    ...tokensOf(profile['window'], 'inputWindow', `${where}.window`, fail),
    ...tokensOf(profile['output'], 'maxOutput', `${where}.output`, fail),
    ...(temperature === undefined
      ? {}
      : { temperature: oneOf(['allowed', 'refused'], temperature, `${where}.temperature`, fail) }),
    ...(words === undefined
      ? {}
      : {
          efforts: list(words, `${where}.efforts`, fail).map((word) => oneOf(efforts, word, `${where}.efforts`, fail)),
        }),
  };
}

function tokensOf(count: unknown, field: 'inputWindow' | 'maxOutput', where: string, fail: Fail): ProfileCorrection {
  if (count === undefined) return {};
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) return { [field]: count };
  return fail(where, 'a whole number of tokens', count);
}

/** A slip must never open what was meant to be closed: each part is read strictly. */
function accessRule(given: unknown, where: string, fail: Fail): AccessRule {
  const rule = record(given, where, ['tool', 'effect', 'securityLevel', 'access', 'why'], fail);
  const word = (name: string): string | undefined => {
    const value = rule[name];
    return value === undefined || (typeof value === 'string' && value !== '')
      ? value
      : fail(`${where}.${name}`, 'words', value);
  };
  const level = rule['securityLevel'];
  if (level !== undefined && ![0, 1, 2, 3].includes(level as number))
    fail(`${where}.securityLevel`, 'a whole number from 0 to 3', level);
  const [tool, why] = [word('tool'), word('why')];
  return {
    ...(tool === undefined ? {} : { tool }),
    ...(rule['effect'] === undefined
      ? {}
      : { effect: oneOf(['read', 'write', 'admin'], rule['effect'], `${where}.effect`, fail) }),
    ...(level === undefined ? {} : { securityLevel: level as number }),
    access: oneOf(['allow', 'ask', 'deny'], rule['access'], `${where}.access`, fail),
    ...(why === undefined ? {} : { why }),
  };
}

function approvalSettings(given: unknown, fail: Fail): ApprovalSettings {
  const known = { within: 'withinMs', remind: 'remindAfterMs', escalate: 'escalateAfterMs' } as const;
  const approvals = record(given, 'approvals', Object.keys(known), fail);
  const times = Object.entries(known).flatMap(([name, field]) => {
    const value = approvals[name];
    if (value === undefined) return [];
    const ms = typeof value === 'string' ? readTime(value) : undefined;
    return [[field, ms ?? fail(`approvals.${name}`, timeWords, value)]];
  });
  return Object.fromEntries(times) as ApprovalSettings;
}

function limitSettings(given: unknown, fail: Fail): LimitSettings {
  const limits = record(given, 'limits', ['steps', 'usd', 'timeout', 'tokens', 'bytesScanned'], fail);
  const count = (name: 'steps' | 'tokens', most: number) => {
    const value = limits[name];
    if (value === undefined) return {};
    const isCount = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
    return { [name]: isCount ? value : fail(`limits.${name}`, `a whole number from 1 to ${most}`, value) };
  };
  const words = (
    name: 'timeout' | 'bytesScanned',
    as: string,
    read: (text: string) => number | undefined,
    expected: string,
  ) => {
    const value = limits[name];
    if (value === undefined) return {};
    return { [as]: (typeof value === 'string' ? read(value) : undefined) ?? fail(`limits.${name}`, expected, value) };
  };
  const { usd } = limits;
  if (usd !== undefined && !(typeof usd === 'number' && usd > 0 && usd <= mostUsd))
    fail('limits.usd', `US dollars above 0 and up to ${mostUsd}`, usd);
  return {
    ...(usd === undefined ? {} : { usd }),
    ...count('steps', mostSteps),
    ...count('tokens', mostTokens),
    ...words('timeout', 'workMs', readTime, timeWords),
    ...words('bytesScanned', 'bytesScanned', readSize, sizeWords),
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

function list(value: unknown, where: string, fail: Fail): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : fail(where, 'a list', value);
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown, where: string, fail: Fail): Word {
  return words.find((word) => word === value) ?? fail(where, `one of ${words.join(', ')}`, value);
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
