/** Checks the arguments of a call against the tool's schema before anything is sent. */
import { Script, createContext } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Limits } from './limits.ts';
import { nearest } from '../analysis/nearest.ts';

/** The problems in words, none when the arguments fit. */
export type ArgumentCheck = (input: Readonly<Record<string, unknown>>) => readonly string[];

export type CreatedCheck =
  { readonly kind: 'check'; readonly check: ArgumentCheck } | { readonly kind: 'problem'; readonly problem: string };

const PROBLEMS_SHOWN = 3;

/** `schema` must have been made harmless by `readToolSchema`. */
export function createArgumentCheck(schema: Readonly<Record<string, unknown>>, limits: Limits): CreatedCheck {
  const bounded = isSlowByConstruction(schema);
  const ajv = bounded ? untilFirstProblem() : allProblems();
  let compiled: ValidateFunction | undefined;
  try {
    withinTime(limits.compileMs, () => {
      compiled = ajv.compile(schema);
    });
  } catch (error) {
    return { kind: 'problem', problem: `its inputSchema cannot be used: ${firstLine(error)}` };
  } finally {
    ajv.removeSchema(schema);
  }
  const validate = compiled;
  if (validate === undefined) return { kind: 'problem', problem: 'its inputSchema cannot be used' };
  const known = isRecord(schema['properties']) ? Object.keys(schema['properties']) : [];
  return {
    kind: 'check',
    check(input) {
      try {
        let fits = false;
        const run = (): void => {
          fits = validate(input);
        };
        if (bounded) withinTime(limits.validationMs, run);
        else run();
        return fits ? [] : wordsOf(validate.errors ?? [], known);
      } catch (error) {
        return [`could not be checked against the tool's schema (${firstLine(error)})`];
      }
    },
  };
}

const OPTIONS = { strict: false, validateFormats: false, inlineRefs: false, logger: false } as const;

// Made once: an instance first compiles the schema of schemas, which takes longer than the tool's own.
const untilFirstProblem = once(() => createAjv(false));
const allProblems = once(() => createAjv(true));

function createAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({ ...OPTIONS, allErrors });
  void ajv.validateSchema({});
  return ajv;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

const SLOW = /"(?:\$ref|\$dynamicRef|allOf|anyOf|oneOf|not|if|contains|uniqueItems|unevaluated\w+|dependentSchemas)":/;

/** References and combinations can make the work double at each level; only such schemas pay for a watchdog. */
function isSlowByConstruction(schema: Readonly<Record<string, unknown>>): boolean {
  return SLOW.test(JSON.stringify(schema));
}

const watchdog = createContext({ work: undefined });
const runWork = new Script('work()');

/** The only way to stop JavaScript that does not return: `vm` ends whatever is running on the thread when the time is over. */
function withinTime(timeoutMs: number, work: () => void): void {
  watchdog['work'] = work;
  try {
    runWork.runInContext(watchdog, { timeout: timeoutMs });
  } finally {
    watchdog['work'] = undefined;
  }
}

function wordsOf(errors: readonly ErrorObject[], known: readonly string[]): readonly string[] {
  const words = errors.map((error) => wordOf(error, known));
  const shown = [...new Set(words)].slice(0, PROBLEMS_SHOWN);
  return shown.length === 0 ? ['do not fit the schema'] : shown;
}

function wordOf(error: ErrorObject, known: readonly string[]): string {
  const where = error.instancePath === '' ? '' : `${error.instancePath.slice(1).replaceAll('/', '.')}: `;
  const params: Readonly<Record<string, unknown>> = error.params;
  if (error.keyword === 'additionalProperties') {
    const wrong = String(params['additionalProperty']);
    const [near] = error.instancePath === '' ? nearest(wrong, known) : [];
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    return `${where}"${wrong}" is not known${hint}${known.length > 0 ? `; known: ${known.join(', ')}` : ''}`;
  }
  if (error.keyword === 'required') return `${where}"${String(params['missingProperty'])}" is missing`;
  if (error.keyword === 'enum') return `${where}must be one of ${JSON.stringify(params['allowedValues'])}`;
  return `${where}${error.message ?? error.keyword}`;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? message).slice(0, 200);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
