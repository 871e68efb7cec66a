/** Our reading of the standard against its official JSON Schemas, both ways: what they take we take, what they refuse we refuse. */
import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import * as fc from 'fast-check';
import { standardProblems } from '../../../src/quality/odcs/translate.ts';
import { anyChange, anyContract } from '../../support/any-contract.ts';

const versions = ['v3.1.0', 'v3.2.0'] as const;
const RUNS = 1_500;

function official(version: string) {
  const file = new URL(`../../fixtures/odcs/odcs-json-schema-${version}.json`, import.meta.url);
  // `format` is a note in this draft of JSON Schema, no rule.
  const ajv = new Ajv2019({ strict: false, allErrors: false, validateFormats: false, logger: false });
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

test.each(versions)('%s: what the official schema takes, we take', (version) => {
  const takes = official(version);
  fc.assert(
    fc.property(anyContract(version), (contract) => {
      expect(takes(contract)).toBe(true);
      expect(standardProblems(contract)).toEqual([]);
    }),
    { numRuns: RUNS, seed: 1 },
  );
});

test.each(versions)('%s: changed at random, both say the same', (version) => {
  const takes = official(version);
  let refused = 0;
  let taken = 0;
  fc.assert(
    fc.property(anyContract(version), fc.array(anyChange, { minLength: 1, maxLength: 2 }), (contract, changes) => {
      const changed = changes.reduce<unknown>((document, change) => change(document), contract);
      if (isKnownDifference(changed, version)) return;
      const problems = standardProblems(changed);
      const valid = takes(changed);
      if (valid) taken += 1;
      else refused += 1;
      if (valid !== (problems.length === 0))
        throw new Error(
          `official: ${valid ? 'valid' : JSON.stringify(takes.errors?.slice(0, 3))}\nours: ${JSON.stringify(problems)}\n${JSON.stringify(changed)}`,
        );
    }),
    { numRuns: RUNS * 4, seed: 2 },
  );
  expect(Math.min(refused, taken)).toBeGreaterThan(RUNS / 4);
});

/**
 * The schema of 3.2 asks every column without a `logicalType` for a `map`, by an `if` that holds for what
 * is absent; the standard's text does not, and we follow the text. Another version has another schema.
 */
function isKnownDifference(document: unknown, version: string): boolean {
  if ((document as { apiVersion?: unknown }).apiVersion !== version) return true;
  return version === 'v3.2.0' && lacksType((document as { schema?: unknown }).schema);
}

function lacksType(schema: unknown): boolean {
  const tables = Array.isArray(schema) ? (schema as unknown[]) : [];
  return tables.some((table) => isMap(table) && columnsOf(table['properties']).some(lacksTypeInside));
}

function lacksTypeInside(column: unknown): boolean {
  if (!isMap(column)) return false;
  if (!Object.hasOwn(column, 'logicalType')) return true;
  const pair = isMap(column['map']) ? [column['map']['key'], column['map']['value']] : [];
  return [...columnsOf(column['properties']), column['items'], ...pair].some(lacksTypeInside);
}

function columnsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
