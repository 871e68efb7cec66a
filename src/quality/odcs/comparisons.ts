/** The standard's comparisons (`mustBe`, `mustBeLessThan`, …) as this program's. */
import type { Comparison } from '../check.ts';
import { decimalAt, type Findings } from './findings.ts';
import { operatorNames } from './schema-rules.ts';
import type { Path } from './shape.ts';

type Operator = (typeof operatorNames)[number];

const kinds = {
  mustBe: 'equal',
  mustNotBe: 'notEqual',
  mustBeGreaterThan: 'greater',
  mustBeGreaterOrEqualTo: 'greaterOrEqual',
  mustBeLessThan: 'less',
  mustBeLessOrEqualTo: 'lessOrEqual',
  mustBeBetween: 'between',
  mustNotBeBetween: 'notBetween',
} as const satisfies Record<Operator, Comparison['kind']>;

/** Every comparison of a rule, in the standard's order. */
export function comparisonsOf(findings: Findings, rule: Record<string, unknown>, path: Path): Comparison[] {
  return operatorNames
    .filter((name) => Object.hasOwn(rule, name))
    .flatMap((name) => comparison(findings, name, rule[name], [...path, name]));
}

function comparison(findings: Findings, name: Operator, value: unknown, path: Path): Comparison[] {
  const kind = kinds[name];
  if (kind === 'between' || kind === 'notBetween') {
    const [low, high] = Array.isArray(value) ? (value as unknown[]) : [];
    if (typeof low === 'number' && typeof high === 'number' && low <= high) {
      const at = (index: number, bound: number) => decimalAt(findings, [...path, index], bound);
      return [{ kind, low: at(0, low), high: at(1, high) }];
    }
    findings.problems.push({ path, message: 'expected two numbers, the smaller one first' });
    return [];
  }
  if (typeof value === 'number') return [{ kind, value: decimalAt(findings, path, value) }];
  findings.problems.push({ path, message: `expected a number to compare with, found ${JSON.stringify(value)}` });
  return [];
}
