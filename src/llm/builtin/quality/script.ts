/** "Profile this data and tell me what is wrong with it": looks at every column, then checks, then reports by what matters. */
import type { Finding } from '../../../analysis/evidence.ts';
import type { Catalog } from '../catalog.ts';
import { asCount, cell, finding } from '../quantities.ts';
import { askAll, failuresOf, listed, type Desk } from '../rounds.ts';
import type { Ask, Reply, Script } from '../script.ts';
import { scopeFinding, scopeQuestion, type Scope } from '../scope.ts';
import { shown, shownAll } from '../shown.ts';
import { dateChecks } from './dates.ts';
import { closePairs, dependencyChecks, pairQuestions } from './dependencies.ts';
import { duplicateChecks } from './duplicates.ts';
import { factQuestions, knownSubject } from './facts.ts';
import { gluedChecks } from './glued.ts';
import { emptyCells, missingWordChecks, sayingNothing } from './missing.ts';
import { numberChecks } from './numbers.ts';
import { outlierChecks } from './outliers.ts';
import { byWeight, type Check, type Problem } from './problem.ts';
import { referenceChecks } from './references.ts';
import { spellingChecks, typoChecks } from './spelling.ts';
import { subjectOf, type KnownSubject, type Subject } from './subject.ts';

export type QualityTask = {
  readonly scopes: readonly Scope[];
  /** What was left out, and why. */
  readonly remarks: readonly string[];
};

/** Most problems told; the rest is counted in words only. */
const maxProblems = 40;

/** Most checks of one step: more would take a dozen turns, and nobody reads what comes of them. */
const maxChecks = 96;

/** Problems named in the headline. */
const headlineProblems = 4;

export const qualityTitles = [
  'See which data there is',
  'Count rows, empty cells and kinds of values in each column',
  'Check numbers, dates, words, keys and repeats',
  'Compare columns with one another',
  'Report what is wrong, worst first',
];

export function* qualityScript(task: QualityTask, catalog: Catalog): Script {
  const desk: Desk = { tools: catalog.tools, titles: qualityTitles };
  const limits = [...task.remarks];
  const subjects = yield* learn(desk, task, limits);
  const problems: Problem[] = subjects.flatMap((subject) => [...emptyCells(subject), ...sayingNothing(subject)]);
  const checks = [
    ...subjects.flatMap((subject) => [
      ...numberChecks(subject), ...missingWordChecks(subject), ...gluedChecks(subject), ...dateChecks(subject),
      ...spellingChecks(subject), ...duplicateChecks(subject), ...outlierChecks(subject),
    ]), // prettier-ignore
    ...referenceChecks(subjects),
  ];
  problems.push(...(yield* run(desk, 2, 'Checking numbers, dates, words, keys and repeats.', checks, limits)));
  problems.push(...(yield* compareColumns(desk, subjects, problems, limits)));
  const ranked = byWeight(problems);
  if (ranked.length > maxProblems)
    limits.push('More problems were found than are told here; the least important are left out.');
  return {
    headline: headlineOf(subjects, ranked),
    findings: [
      ...ranked.slice(0, maxProblems).map((problem) => problem.finding),
      ...subjects.flatMap((subject) => [...subject.part, ...sizeFinding(subject)]),
    ],
    limits,
  };
}

type Learned = KnownSubject & { readonly size: Reply; readonly part: readonly Finding[] };

/** Size and facts of every dataset; one whose size cannot be read is left out and said so. */
function* learn(desk: Desk, task: QualityTask, limits: string[]): Generator<Ask, Learned[], readonly Reply[]> {
  const asked = task.scopes.map((scope) => {
    const subject: Subject = subjectOf(scope.dataset, scope.source, task.scopes.length === 1);
    return { subject, scope, ...factQuestions(subject) };
  });
  const questions = asked.flatMap(({ scope, size, facts }) => [size, ...facts, ...scopeQuestion(scope)]);
  const replies = yield* askAll(desk, 1, 'Counting rows, empty cells and kinds of values.', questions);
  limits.push(...failuresOf(questions, replies));
  let at = 0;
  return asked.map(({ subject, scope, facts }) => {
    const size = replies[at]!;
    const answers = replies.slice(at + 1, at + 1 + facts.length);
    at += 1 + facts.length;
    const part = scopeFinding(scope, scope.period === undefined ? undefined : replies[at++]);
    return { ...knownSubject(subject, size, facts, answers), size, part };
  });
}

function* run(
  desk: Desk,
  step: number,
  say: string,
  checks: readonly Check[],
  limits: string[],
): Generator<Ask, Problem[], readonly Reply[]> {
  const made = checks.slice(0, maxChecks);
  if (made.length < checks.length)
    limits.push('The data has too many suspicious columns to check all of them; name one dataset to see the rest.');
  const replies = yield* askAll(desk, step, say, made);
  limits.push(...failuresOf(made, replies));
  return made.flatMap((check, i) => check.read(replies[i]!));
}

/** Columns that determine each other: counts of pairs first, then the exceptions, then misspellings nothing else explains. */
function* compareColumns(
  desk: Desk,
  subjects: readonly KnownSubject[],
  known: readonly Problem[],
  limits: string[],
): Generator<Ask, Problem[], readonly Reply[]> {
  const spoiled = (dataset: string) =>
    new Set(known.flatMap(({ spoils }) => (spoils?.dataset === dataset ? [spoils.column] : [])));
  const asked = subjects.map((subject) => ({ subject, ...pairQuestions(subject, spoiled(subject.name)) }));
  const questions = asked.flatMap((one) => one.questions);
  limits.push(...asked.flatMap((one) => one.limits));
  const replies = yield* askAll(desk, 3, 'Comparing columns with one another.', questions);
  limits.push(...failuresOf(questions, replies));
  let at = 0;
  const checks = asked.flatMap(({ subject, questions: own }) => {
    const pairs = closePairs(own, replies.slice(at, at + own.length));
    at += own.length;
    const exceptions = dependencyChecks(subject, pairs);
    return [...exceptions, ...typoChecks(subject, new Set(exceptions.map(({ column }) => column)))];
  });
  return yield* run(desk, 3, 'Looking at the exceptions.', checks, limits);
}

function sizeFinding(subject: Learned): Finding[] {
  const rows = cell(subject.size, 0, 'rows', asCount);
  const columns = cell(subject.size, 0, 'columns', asCount);
  const names = shownAll(
    subject.columns.map(({ name }) => name),
    12,
  );
  if (columns === undefined)
    return finding('supporting', `${shown(subject.name)} has {0} rows here; its columns: ${names}.`, [rows]);
  return finding('supporting', `${shown(subject.name)} has {0} rows here and {1} columns: ${names}.`, [rows, columns]);
}

function headlineOf(subjects: readonly Learned[], ranked: readonly Problem[]): string {
  const readable = subjects.filter(({ facts }) => facts.length > 0);
  if (readable.length === 0) return 'None of the data could be evaluated.';
  const names = shownAll(
    readable.map(({ name }) => name),
    4,
  );
  if (readable.every(({ rows }) => rows === 0)) return `There are no rows to look at in ${names}.`;
  const worst = ranked.filter(({ finding: { severity } }) => severity === 'key').slice(0, headlineProblems);
  if (worst.length > 0) return `What is wrong with ${names}, worst first: ${listed(worst.map(({ label }) => label))}.`;
  const slight = ranked.filter(({ finding: { severity } }) => severity === 'supporting');
  return slight.length > 0
    ? `${names} is in good order; worth a look: ${listed(slight.slice(0, headlineProblems).map(({ label }) => label))}.`
    : `Nothing wrong was found in ${names}.`;
}
