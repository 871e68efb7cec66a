/** Reads what a model submits as its result, and says in sentences what has to be changed when it is not usable. */
import { derivations, type DerivationName } from './derivations.ts';
import type { Chart, Finding, NumberFormat, Quantity, Source, Submission } from './evidence.ts';
import { checkText } from './wording.ts';

export const submissionLimits = {
  findings: 60,
  headlineChars: 400,
  statementChars: 1000,
  quantities: 12,
  limits: 20,
  limitChars: 600,
  titleChars: 120,
  nameChars: 300,
  digits: 6,
  sourceDepth: 4,
  operands: 64,
  /** More would not be read; the first ones show the kind of mistake. */
  problems: 20,
} as const;

export type ParsedSubmission =
  | { readonly kind: 'valid'; readonly submission: Submission }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const formatStyles: readonly NumberFormat['style'][] = ['count', 'decimal', 'percent', 'points', 'times'];
const severities: readonly Finding['severity'][] = ['key', 'supporting', 'caveat'];

/** Accepts a submission or lists its problems; keys it does not know are dropped. */
export function parseSubmission(value: unknown): ParsedSubmission {
  const report = new Set<string>();
  const problem: Problem = (text) => report.add(text);
  const fields = recordAt(value, 'the submission', problem);
  const headline = textAt(fields['headline'], 'headline', submissionLimits.headlineChars, problem);
  checkText(headline, 'headline', 0, problem);
  const findings = listAt(fields['findings'], 'findings', submissionLimits.findings, problem).map((finding, index) =>
    findingAt(finding, `findings[${index}]`, problem),
  );
  const limits = listAt(fields['limits'], 'limits', submissionLimits.limits, problem).map((limit, index) => {
    const text = textAt(limit, `limits[${index}]`, submissionLimits.limitChars, problem);
    checkText(text, `limits[${index}]`, 0, problem);
    return text;
  });
  const problems = [...report];
  const incomplete = fields['incomplete'] === true ? { incomplete: true } : {};
  if (problems.length === 0) return { kind: 'valid', submission: { headline, findings, limits, ...incomplete } };
  const left = problems.length - submissionLimits.problems;
  const shown = problems.slice(0, submissionLimits.problems);
  return { kind: 'invalid', problems: left > 0 ? [...shown, `And ${left} more problems of these kinds.`] : shown };
}

type Problem = (text: string) => void;

function findingAt(value: unknown, at: string, problem: Problem): Finding {
  const fields = recordAt(value, at, problem);
  const quantities = listAt(fields['quantities'], `${at}.quantities`, submissionLimits.quantities, problem).map(
    (quantity, index) => quantityAt(quantity, `${at}.quantities[${index}]`, problem),
  );
  const statement = textAt(fields['statement'], `${at}.statement`, submissionLimits.statementChars, problem);
  checkText(statement, `${at}.statement`, quantities.length, problem);
  const severity = oneOf(fields['severity'], severities, `${at}.severity`, problem);
  if (severity === 'key' && quantities.length === 0) {
    problem(`${at} is a key finding without a quantity: give the number that shows it, or make it \`supporting\`.`);
  }
  const chart = fields['chart'] === undefined ? {} : { chart: chartAt(fields['chart'], `${at}.chart`, problem) };
  return { statement, quantities, severity, ...chart };
}

function quantityAt(value: unknown, at: string, problem: Problem): Quantity {
  const fields = recordAt(value, at, problem);
  const number = fields['value'];
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    problem(`${at}.value: expected a finite number at full precision, found ${show(number)}.`);
  }
  const source = sourceAt(fields['source'], `${at}.source`, 0, problem);
  const operands = countCells(source);
  if (operands > submissionLimits.operands) {
    problem(
      `${at}.source uses ${operands} cells, at most ${submissionLimits.operands} are allowed: let a query sum them.`,
    );
  }
  const format = formatAt(fields['format'], `${at}.format`, problem);
  return { value: typeof number === 'number' ? number : 0, format, source };
}

function sourceAt(value: unknown, at: string, depth: number, problem: Problem): Source {
  const fields = recordAt(value, at, problem);
  if (fields['kind'] === 'derived') return derivedAt(fields, at, depth, problem);
  if (fields['kind'] !== 'cell') {
    problem(`${at}.kind: expected \`cell\` or \`derived\`, found ${show(fields['kind'])}.`);
  }
  const row = fields['row'];
  const rowIsRight = typeof row === 'number' && Number.isSafeInteger(row) && row >= 0;
  if (!rowIsRight) problem(`${at}.row: expected a row number counted from 0, found ${show(row)}.`);
  return {
    kind: 'cell',
    call: textAt(fields['call'], `${at}.call`, submissionLimits.nameChars, problem),
    row: rowIsRight ? row : 0,
    column: textAt(fields['column'], `${at}.column`, submissionLimits.nameChars, problem),
  };
}

function derivedAt(fields: Fields, at: string, depth: number, problem: Problem): Source {
  const op = oneOf(fields['op'], Object.keys(derivations).filter(isDerivation), `${at}.op`, problem);
  if (depth >= submissionLimits.sourceDepth) {
    problem(`${at} is nested deeper than ${submissionLimits.sourceDepth} levels: compute the inner value in a query.`);
    return { kind: 'derived', op, of: [] };
  }
  const of = listAt(fields['of'], `${at}.of`, submissionLimits.operands, problem).map((operand, index) =>
    sourceAt(operand, `${at}.of[${index}]`, depth + 1, problem),
  );
  const expected: number | undefined = derivations[op].operands;
  if (expected === undefined ? of.length === 0 : of.length !== expected) {
    problem(
      `${at}.of: \`${op}\` takes ${expected ?? 'at least one'} operands (${derivations[op].meaning}), found ${of.length}.`,
    );
  }
  return { kind: 'derived', op, of };
}

function chartAt(value: unknown, at: string, problem: Problem): Chart {
  const fields = recordAt(value, at, problem);
  const name = (key: string): string => textAt(fields[key], `${at}.${key}`, submissionLimits.nameChars, problem);
  const title = textAt(fields['title'], `${at}.title`, submissionLimits.titleChars, problem);
  checkText(title, `${at}.title`, 0, problem);
  return {
    kind: oneOf(fields['kind'], ['bars', 'line'], `${at}.kind`, problem),
    title,
    call: name('call'),
    label: name('label'),
    value: name('value'),
    format: formatAt(fields['format'], `${at}.format`, problem),
  };
}

function formatAt(value: unknown, at: string, problem: Problem): NumberFormat {
  const fields = recordAt(value, at, problem);
  const style = oneOf(fields['style'], formatStyles, `${at}.style`, problem);
  const digits = fields['digits'];
  if (digits === undefined) return { style };
  if (typeof digits === 'number' && Number.isInteger(digits) && digits >= 0 && digits <= submissionLimits.digits) {
    return { style, digits };
  }
  problem(`${at}.digits: expected a whole number from 0 to ${submissionLimits.digits}, found ${show(digits)}.`);
  return { style };
}

function countCells(source: Source): number {
  return source.kind === 'cell' ? 1 : source.of.reduce((total, operand) => total + countCells(operand), 0);
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDerivation(name: string): name is DerivationName {
  return Object.hasOwn(derivations, name);
}

function recordAt(value: unknown, at: string, problem: Problem): Fields {
  if (isRecord(value)) return value;
  problem(`${at}: expected an object, found ${show(value)}.`);
  return {};
}

function listAt(value: unknown, at: string, most: number, problem: Problem): readonly unknown[] {
  if (!Array.isArray(value)) {
    problem(`${at}: expected a list (an empty one when there is nothing to say), found ${show(value)}.`);
    return [];
  }
  if (value.length > most) problem(`${at}: at most ${most} entries, found ${value.length}: keep what matters most.`);
  return value.slice(0, most);
}

function textAt(value: unknown, at: string, most: number, problem: Problem): string {
  if (typeof value !== 'string' || value.trim() === '') {
    problem(`${at}: expected a text that is not empty, found ${show(value)}.`);
    return '';
  }
  if (value.length > most) problem(`${at}: at most ${most} characters, found ${value.length}: say it shorter.`);
  return value.slice(0, most);
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], at: string, problem: Problem): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    problem(`${at}: expected one of ${allowed.map((name) => `\`${name}\``).join(', ')}, found ${show(value)}.`);
  }
  // A wrong value has been reported above; what stands here is never used.
  return found ?? allowed[0]!;
}

/** A value in a message: short, on one line. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
