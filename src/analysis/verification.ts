/** Judges a submission: every number against the result it cites and against that result computed anew. */
import type { Finding, Quantity, Submission } from './evidence.ts';
import { indexTable, indexWords, quotedNames, type NameIndex } from './names.ts';
import { callsOf, evaluateSource } from './sources.ts';
import { compareTables, nearlyEqual } from './table-equality.ts';
import type { Table } from './table.ts';

/** A result as it was when the finding was written, and the same call made again. */
export type Repeated = { readonly original: Table; readonly rerun: Table | { readonly failed: string } };

export type Verdict =
  { readonly kind: 'verified' } | { readonly kind: 'refused'; readonly problems: readonly string[] };

export type Verification = {
  /** `verified` only when every finding is and the headline and limits name nothing unknown. */
  readonly kind: 'verified' | 'refused';
  /** One verdict per finding, in their order. */
  readonly findings: readonly Verdict[];
  /** All problems with the place they belong to, the headline's and limits' included. */
  readonly problems: readonly string[];
};

/**
 * `results` by call id; `knownNames` are the names of datasets and columns and the words of the task (whole
 * sentences may be given, each word counts).
 */
export function verifyFindings(
  submission: Submission,
  results: ReadonlyMap<string, Repeated>,
  knownNames: ReadonlySet<string>,
): Verification {
  const evidence = createEvidence(results, knownNames);
  const findings = submission.findings.map((finding) => verdictOn(finding, evidence));
  const around = [submission.headline, ...submission.limits];
  const aroundProblems = around.flatMap((text, index) =>
    unknownNames(text, [], evidence).map(
      (problem) => `${index === 0 ? 'headline' : `limits[${index - 1}]`}: ${problem}`,
    ),
  );
  const problems = findings.flatMap((verdict, index) =>
    verdict.kind === 'refused' ? verdict.problems.map((problem) => `findings[${index}]: ${problem}`) : [],
  );
  const all = [...aroundProblems, ...problems];
  return { kind: all.length === 0 ? 'verified' : 'refused', findings, problems: all };
}

/** Every call whose result a submission leans on: what has to be run again. */
export function citedCalls(submission: Submission): string[] {
  return [...new Set(submission.findings.flatMap(callsOfFinding))];
}

function callsOfFinding(finding: Finding): string[] {
  const calls = finding.quantities.flatMap(({ source }) => callsOf(source));
  return [...new Set(finding.chart === undefined ? calls : [...calls, finding.chart.call])];
}

type Evidence = {
  readonly calls: readonly string[];
  readonly original: (call: string) => Table | undefined;
  /** Why the result of a call cannot be leaned on; undefined when it can. */
  readonly objection: (call: string) => string | undefined;
  readonly names: (call: string) => NameIndex | undefined;
  readonly known: NameIndex;
};

function createEvidence(results: ReadonlyMap<string, Repeated>, knownNames: ReadonlySet<string>): Evidence {
  const original = (call: string): Table | undefined => results.get(call)?.original;
  return {
    calls: [...results.keys()],
    original,
    objection: remembered((call) => objectionTo(call, results.get(call))),
    names: remembered((call) => {
      const table = original(call);
      return table && indexTable(table);
    }),
    known: indexWords(knownNames),
  };
}

function objectionTo(call: string, repeated: Repeated | undefined): string | undefined {
  if (repeated === undefined) return `there is no result of a call \`${call}\`; cite a call that was made.`;
  if ('failed' in repeated.rerun) return `\`${call}\` could not be run again: ${repeated.rerun.failed}`;
  const comparison = compareTables(repeated.original, repeated.rerun);
  if (comparison.kind === 'same') return undefined;
  return `the result of \`${call}\` is not the same when run again: ${comparison.difference}. Make the query deterministic or query again.`;
}

function verdictOn(finding: Finding, evidence: Evidence): Verdict {
  const calls = callsOfFinding(finding);
  const problems = [
    ...calls.flatMap((call) => evidence.objection(call) ?? []),
    ...finding.quantities.flatMap((quantity, index) => wrongNumber(quantity, index, evidence)),
    ...wrongChart(finding, evidence),
    ...unknownNames(finding.statement, calls, evidence),
  ];
  return problems.length === 0 ? { kind: 'verified' } : { kind: 'refused', problems };
}

function wrongNumber(quantity: Quantity, index: number, evidence: Evidence): string[] {
  // Calls without a result have been objected to already.
  if (callsOf(quantity.source).some((call) => evidence.original(call) === undefined)) return [];
  const evaluation = evaluateSource(quantity.source, evidence.original);
  if (evaluation.kind === 'problem') return [`quantity ${index}: ${evaluation.problem}.`];
  if (nearlyEqual(evaluation.value, quantity.value)) return [];
  return [`quantity ${index} is given as ${quantity.value}, its source comes to ${evaluation.value}.`];
}

function wrongChart({ chart }: Finding, evidence: Evidence): string[] {
  const table = chart && evidence.original(chart.call);
  if (chart === undefined || table === undefined) return [];
  return [chart.label, chart.value]
    .filter((column) => !table.columns.some(({ name }) => name === column))
    .map((column) => {
      const columns = table.columns.map(({ name }) => `\`${name}\``).join(', ');
      return `the chart uses the column \`${column}\`, \`${chart.call}\` has ${columns}.`;
    });
}

/**
 * A number in back-quotes has to be a value of a result that is cited right here; a word may come from any result,
 * because queries often name a group only in their condition.
 */
function unknownNames(text: string, cited: readonly string[], evidence: Evidence): string[] {
  return quotedNames(text)
    .filter((name) => {
      const calls = /\p{L}/u.test(name) || cited.length === 0 ? evidence.calls : cited;
      return !evidence.known.has(name) && !calls.some((call) => evidence.names(call)?.has(name) === true);
    })
    .map((name) => `\`${name}\` occurs neither in the results nor among the datasets, columns and words of the task.`);
}

function remembered<T>(compute: (key: string) => T): (key: string) => T {
  const values = new Map<string, { readonly value: T }>();
  return (key) => {
    const entry = values.get(key) ?? { value: compute(key) };
    values.set(key, entry);
    return entry.value;
  };
}
