/** What both dialects of the strict OpenAI refuse alike: models, names, ids, schemas, unknown fields. */

export type Json = Readonly<Record<string, unknown>>;

export type Problem = {
  readonly message: string;
  readonly param?: string;
  readonly code?: string;
  readonly status?: number;
};

type FakeModel = {
  readonly efforts: readonly string[];
  /** `quiet`: only while it does not reason. */
  readonly temperature: 'yes' | 'no' | 'quiet';
  /** Function tools over chat: only while it does not reason. */
  readonly chatTools: 'yes' | 'quiet';
  /** Refuses this parameter, as an organisation that is not verified is refused summaries. */
  readonly refuses?: string;
};

const gpt6: FakeModel = { efforts: ['low', 'medium', 'high', 'xhigh'], temperature: 'no', chatTools: 'quiet' };

export const fakeModels: Readonly<Record<string, FakeModel>> = {
  'gpt-6.1-sol': gpt6,
  'gpt-6-unverified': { ...gpt6, refuses: 'reasoning.summary' },
  'gpt-5.6': { efforts: ['none', 'low', 'medium', 'high', 'xhigh'], temperature: 'quiet', chatTools: 'quiet' },
  'gpt-4.1': { efforts: [], temperature: 'yes', chatTools: 'yes' },
  'house-model': { efforts: [], temperature: 'yes', chatTools: 'yes' },
  'local-model': { efforts: [], temperature: 'yes', chatTools: 'yes' },
};

const name = /^[A-Za-z0-9_-]{1,64}$/;
const maxIdLength = 64;
const minId = 1;

/** The first problem there is. */
export function firstOf(...checks: readonly (() => Problem | undefined)[]): Problem | undefined {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

export function unknownField(body: Json, known: readonly string[], at = ''): Problem | undefined {
  const extra = Object.keys(body).find((key) => !known.includes(key));
  if (extra === undefined) return undefined;
  return { message: `Unknown parameter: '${at}${extra}'.`, param: `${at}${extra}`, code: 'unknown_parameter' };
}

export function modelProblem(body: Json): Problem | undefined {
  if (fakeModels[String(body['model'])] !== undefined) return undefined;
  return { status: 404, code: 'model_not_found', message: `The model '${String(body['model'])}' does not exist.` };
}

export function samplingProblem(body: Json, wish: unknown, param: string): Problem | undefined {
  const model = fakeModels[String(body['model'])]!;
  const effort = wish === undefined ? undefined : JSON.stringify(wish).slice(1, -1);
  if (effort !== undefined && !model.efforts.includes(effort)) {
    return {
      message: `Unsupported value: '${param}' does not support '${effort}'.`,
      param,
      code: 'unsupported_value',
    };
  }
  const quiet = model.efforts.length === 0 || effort === 'none';
  if ('temperature' in body && (model.temperature === 'no' || (model.temperature === 'quiet' && !quiet))) {
    return { message: "Unsupported parameter: 'temperature'.", param: 'temperature', code: 'unsupported_parameter' };
  }
  return undefined;
}

export function nameProblem(given: unknown, param: string): Problem | undefined {
  if (typeof given === 'string' && name.test(given)) return undefined;
  return {
    message: `Invalid '${param}': expected a string that matches ${name.source}.`,
    param,
    code: 'invalid_value',
  };
}

export function idProblem(given: unknown, param: string): Problem | undefined {
  if (typeof given === 'string' && given.length >= minId && given.length <= maxIdLength) return undefined;
  return {
    message: `Invalid '${param}': expected 1 to ${maxIdLength} characters.`,
    param,
    code: 'string_above_max_length',
  };
}

export function argumentsProblem(given: unknown, param: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(String(given));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  } catch {
    // Said below.
  }
  return { message: `Invalid '${param}': expected a JSON object as text.`, param };
}

/** Of every tool, strict or not: an object names its properties, an array its items, the top is a plain object. */
export function parametersProblem(schema: unknown, param: string): Problem | undefined {
  const code = 'invalid_function_parameters';
  const refused = ['$schema', 'anyOf', 'oneOf', 'allOf', 'enum', 'not'];
  const isPlain = isObject(schema) && schema['type'] === 'object' && !refused.some((key) => key in schema);
  if (!isPlain) return { message: `Invalid schema for function: expected a plain object at the top.`, param, code };
  const missing = missingIn(schema);
  return missing === undefined ? undefined : { message: `Invalid schema for function: ${missing}.`, param, code };
}

function missingIn(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { type } = schema as Json;
  if (type === 'object' && !('properties' in schema)) return 'object schema missing properties';
  if (type === 'array' && !('items' in schema)) return 'array schema missing items';
  return Object.values(schema)
    .map(missingIn)
    .find((missing) => missing !== undefined);
}

/** As the strict mode wants schemas. */
export function strictProblem(schema: unknown, param: string): Problem | undefined {
  if (Array.isArray(schema)) return firstOf(...schema.map((one) => () => strictProblem(one, param)));
  if (typeof schema !== 'object' || schema === null) return undefined;
  const { type, properties, required, additionalProperties } = schema as Json;
  if (type === 'object') {
    const names = Object.keys(properties ?? {});
    const all = Array.isArray(required) && names.every((one) => required.includes(one));
    if (additionalProperties !== false || !all) {
      return { message: `Invalid schema: 'additionalProperties' must be false and all properties required.`, param };
    }
  }
  return firstOf(...Object.values(schema).map((one) => () => strictProblem(one, param)));
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
