/** From the words of a task to the script that answers it: looks what data there is, then hands over. */
import type { Submission } from '../../analysis/evidence.ts';
import { submissionLimits } from '../../analysis/submission.ts';
import type { ToolSpec } from '../provider.ts';
import { aggregateScript } from './aggregate.ts';
import { driversScript } from './drivers/script.ts';
import { findTools, problemOf, readCatalog, type Catalog, type ToolNames } from './catalog.ts';
import { comparisonScript } from './comparison.ts';
import { intentOf, type Intent } from './intent.ts';
import { periodsIn } from './period.ts';
import { qualityScript } from './quality/script.ts';
import { refusal } from './refusal.ts';
import { plainWords } from './rounds.ts';
import { scopeOf } from './scope.ts';
import type { Ask, Reply, Script } from './script.ts';
import { shown } from './shown.ts';
import { datasetsOf, readable } from './target.ts';
import { trendScript } from './trend.ts';

/** Most datasets one profile looks into; more would not be read, and the rest is named. */
const maxProfiled = 12;

export function* scriptFor(task: string, specs: readonly ToolSpec[]): Script {
  const tools = findTools(specs);
  if (tools === undefined) return noTools();
  const { catalog, problem } = yield* catalogOf(tools);
  const intent = intentOf(task);
  if (intent.kind === 'unsupported') return refusal(intent.what, catalog);
  const unreadable = catalog.datasets.flatMap((dataset) =>
    dataset.problem === undefined ? [] : [`${shown(dataset.name)} could not be read: ${plainWords(dataset.problem)}`],
  );
  if (readable(catalog).length === 0) return noData(problem, unreadable);
  const submission = yield* scripts[intent.kind](task, catalog);
  const read = intent.readAs === undefined ? [] : [`Read as: ${intent.readAs}.`];
  return {
    ...submission,
    findings: submission.findings.slice(0, submissionLimits.findings),
    limits: [...read, ...submission.limits, ...unreadable].slice(0, submissionLimits.limits),
    ...(unreadable.length > 0 ? { incomplete: true } : {}),
  };
}

const scripts: Record<Exclude<Intent['kind'], 'unsupported'>, (task: string, catalog: Catalog) => Script> = {
  quality: qualityOf,
  drivers: driversScript,
  trend: trendScript,
  comparison: comparisonScript,
  aggregate: aggregateScript,
};

function qualityOf(task: string, catalog: Catalog): Script {
  const { datasets } = datasetsOf(task, catalog);
  const some = datasets.slice(0, maxProfiled);
  const period = periodsIn(task)[0];
  const scopes = some.map((dataset) => scopeOf(task, dataset, period));
  const left = datasets.slice(maxProfiled);
  const remarks = [
    ...(left.length > 0
      ? [
          `Only the first datasets were looked into; name one to see it. Left out: ${left
            .slice(0, 5)
            .map(({ name }) => shown(name))
            .join(', ')}${left.length > 5 ? ' and more' : ''}.`,
        ]
      : []),
    ...scopes.flatMap((scope) => scope.remarks),
  ];
  return qualityScript({ scopes, remarks }, catalog);
}

/** The catalogue, and why it is empty if a tool failed on the way. */
function* catalogOf(
  tools: ToolNames,
): Generator<Ask, { catalog: Catalog; problem: string | undefined }, readonly Reply[]> {
  const reading = readCatalog(tools);
  let problem: string | undefined;
  let step = reading.next();
  while (!step.done) {
    const replies: readonly Reply[] = yield step.value;
    const failed = replies.find(({ ok }) => !ok);
    if (failed !== undefined) problem ??= problemOf(failed);
    step = reading.next(replies);
  }
  return { catalog: step.value, problem };
}

function noTools(): Submission {
  return {
    headline: 'There are no tools to look at data with.',
    findings: [],
    incomplete: true,
    limits: [
      'The built-in planner needs one server that offers the tools `list_datasets`, `describe_dataset`, `sample_rows`, `profile_dataset` and `query`; none was found. See which servers are configured and reachable, then ask again.',
    ],
  };
}

function noData(problem: string | undefined, unreadable: readonly string[]): Submission {
  return {
    headline: 'There is no readable data to answer from.',
    findings: [],
    incomplete: true,
    limits: [
      ...(problem === undefined ? [] : [`The tools answered: ${plainWords(problem)}`]),
      ...unreadable,
      'Name files or folders with --data, or configure a server that has some.',
    ].slice(0, submissionLimits.limits),
  };
}
