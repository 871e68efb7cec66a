/** The drivers-of-an-outcome analysis: finds the outcome, tests what goes with it, looks for mixed-up causes and for months. */
import { queryCall } from '../query-call.ts';
import type { Plan } from '../../../analysis/plan.ts';
import type { Submission } from '../../../analysis/evidence.ts';
import { quoted } from '../quantities.ts';
import type { Catalog, DatasetInfo } from '../catalog.ts';
import type { Reply, Script } from '../script.ts';
import { entityOf, type Entity } from './entity.ts';
import { findJoins } from './joins.ts';
import { driverOf, levelsSql, type Driver } from './levels.ts';
import { monthSqls } from './months.ts';
import { consideredColumns, findOutcomes } from './outcome.ts';
import { explanationsOf, pairsSql, type Explanation } from './pairs.ts';
import { screen, type Screen } from './screen.ts';
import { describeMark, writeSubmission } from './submission.ts';
import { readShapes, type DatasetShape } from './shape.ts';
import { bearsFamily, familyOfTask, namesAnId } from './words.ts';
import { candidatesOf, type Candidates } from './variables.ts';

/** Everything the analysis found out, for the part that puts it into sentences. */
export type Analysis = {
  readonly task: string;
  readonly catalog: Catalog;
  readonly shapes: readonly DatasetShape[];
  readonly entity: Entity;
  readonly candidates: Candidates;
  readonly screened: Screen;
  readonly drivers: readonly Driver[];
  /** What passed the test, and whose comparison was never answered: a limit was reached, or the query failed. */
  readonly uncompared: readonly string[];
  readonly explanations: readonly Explanation[];
  readonly line: Reply | undefined;
  readonly season: Reply | undefined;
};

/** Drivers looked at closely: more would be a list, not an answer. */
const maxDrivers = 7;

const steps = [
  'Look at the columns of each dataset',
  'Find how the datasets hang together',
  'Test every column as a driver of the outcome',
  'Compare levels and months',
  'Check whether drivers explain each other',
];

const monthPurposes = ['the outcome by month', 'the outcome by month of the year'];

export function* driversScript(task: string, given: Catalog): Script {
  const catalog = { ...given, datasets: likeliestFirst(task, given.datasets) };
  const shapes = yield* readShapes(catalog, { say: 'Looking at the values of each column.', plan: planAt(0) });
  const several = shapes.length > 1;
  const joins = several
    ? yield* findJoins(catalog, shapes, { say: 'Finding the keys that join the datasets.', plan: planAt(1) })
    : [];
  const outcome = findOutcomes(task, shapes, joins)[0];
  if (outcome === undefined) return withoutOutcome(shapes, catalog);
  const entity = entityOf(outcome, shapes, joins);
  const candidates = candidatesOf(entity);
  const say = `The outcome is ${describeMark(entity)}, one row of ${quoted(entity.shape.name)} each; testing what goes with it.`;
  const screened = yield* screen(catalog, entity, candidates.variables, { say, plan: planAt(2) });
  const strongest = screened.tested
    .filter(({ verdict }) => verdict === 'driver')
    .toSorted((a, b) => b.effect - a.effect)
    .slice(0, maxDrivers);
  const comparisons = [
    ...strongest.map(({ variable }) => ({
      purpose: `the outcome by ${variable.label}`,
      sql: levelsSql(entity, variable),
    })),
    ...monthSqls(entity).map((sql, i) => ({ purpose: monthPurposes[i] ?? 'the outcome over time', sql })),
  ];
  const replies: readonly Reply[] =
    comparisons.length === 0 || screened.problem !== undefined
      ? []
      : yield {
          calls: comparisons.map(({ purpose, sql }) => queryCall(catalog.tools, purpose, sql)),
          say: 'Comparing the levels of each driver, and the months.',
          plan: planAt(3),
        };
  const drivers = strongest.flatMap((tested, i) => driverOf(tested, replies[i]) ?? []);
  const uncompared = strongest.filter((_, i) => replies[i]?.ok !== true).map(({ variable }) => variable.label);
  const comparable = drivers.length > 1 || (drivers.length > 0 && entity.time.kind === 'span');
  const [pairs] = comparable
    ? yield {
        calls: [queryCall(catalog.tools, 'each driver within the levels of the others', pairsSql(entity, drivers))],
        say: 'Checking whether drivers explain each other.',
        plan: planAt(4),
      }
    : [];
  return writeSubmission({
    task,
    catalog,
    shapes,
    entity,
    candidates,
    screened,
    drivers,
    uncompared,
    explanations: explanationsOf(drivers, pairs),
    line: replies[strongest.length],
    season: replies[strongest.length + 1],
  });
}

/** Of many datasets only the first are looked at: those that bear a word of the outcome, then those that are joined most. */
function likeliestFirst(task: string, datasets: readonly DatasetInfo[]): DatasetInfo[] {
  const family = familyOfTask(task);
  const bears = ({ name, columns }: DatasetInfo): boolean =>
    family !== undefined && [name, ...columns.map((column) => column.name)].some((text) => bearsFamily(text, family));
  const wanted = datasets.filter(bears);
  const near = new Set(wanted.flatMap(({ columns }) => columns.map(({ name }) => name)).filter(namesAnId));
  const joined = datasets.filter(
    (dataset) => !wanted.includes(dataset) && dataset.columns.some(({ name }) => near.has(name)),
  );
  return [
    ...wanted,
    ...joined,
    ...datasets.filter((dataset) => !wanted.includes(dataset) && !joined.includes(dataset)),
  ];
}

function planAt(doing: number): Plan {
  return {
    steps: steps.map((title, i) => ({ title, state: i < doing ? 'done' : i === doing ? 'doing' : 'open' })),
  };
}

/** Names shown in a sentence that lists what was considered. */
const maxNamed = 12;

function withoutOutcome(shapes: readonly DatasetShape[], { datasets }: Catalog): Submission {
  const considered = consideredColumns(shapes).map(({ name, dataset }) => `${quoted(name)} of ${quoted(dataset)}`);
  const more = considered.length > maxNamed ? ' and others' : '';
  const looked =
    considered.length === 0
      ? 'No column has two values, a few status words, or a date that only some rows have, so nothing in the data looks like an outcome.'
      : `Columns that could hold an outcome by their values: ${considered.slice(0, maxNamed).join(', ')}${more}; none of them bears a word of the task.`;
  const broken = datasets
    .filter(({ name, problem }) => problem !== undefined && shapes.some((shape) => shape.name === name))
    .map(({ name }) => quoted(name));
  return {
    headline: 'I could not tell which column says what the task asks about, so nothing was tested.',
    findings: [{ severity: 'supporting', statement: looked, quantities: [] }],
    limits: [
      'Write the name of the outcome’s column into the task, and it will be used when it has two values.',
      'A language model could read the question more freely; the built-in planner only knows words for common outcomes.',
      ...(broken.length > 0 ? [`Not readable and left out: ${broken.slice(0, maxNamed).join(', ')}.`] : []),
    ],
  };
}
