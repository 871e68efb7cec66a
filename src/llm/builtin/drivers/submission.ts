/** Puts the analysis of drivers into sentences, ranked by what matters. */
import type { Finding, Submission } from '../../../analysis/evidence.ts';
import { asCount, asPercent, asPoints, cell, derived, finding, quoted } from '../quantities.ts';
import { caveatsOf } from './caveats.ts';
import type { Entity } from './entity.ts';
import type { Driver } from './levels.ts';
import { monthFindings } from './months.ts';
import type { Explanation } from './pairs.ts';
import type { Analysis } from './script.ts';
import { maxColumns } from './shape.ts';

const maxNamed = 12;
const asEffect = { style: 'decimal', digits: 2 } as const;

export function writeSubmission(analysis: Analysis): Submission {
  const { entity, drivers, explanations, line, season } = analysis;
  const gone = new Set(explanations.filter(({ kind }) => kind !== 'weakened').map(({ driver }) => driver));
  const real = drivers.filter((driver) => !gone.has(driver));
  const findings = [
    ...overall(analysis),
    ...real.flatMap((driver, i) => driverFinding(analysis, driver, i)),
    ...monthFindings(entity, line, season),
    ...explanations.flatMap((explanation) => explanationFinding(analysis, explanation)),
    ...nothingFound(analysis),
    ...caveatsOf(analysis),
  ];
  return { headline: headlineOf(analysis, real), findings, limits: limitsOf(analysis) };
}

/** How the outcome shows in the data: `status` is `cancelled`. */
export function describeMark({ outcome: { mark } }: Entity): string {
  if (mark.kind === 'row') return `a row in ${quoted(mark.side.dataset)}`;
  if (mark.kind === 'filled') return `${quoted(mark.column.name)} being filled in`;
  return `${quoted(mark.column.name)} being ${mark.values.map(quoted).join(' or ')}`;
}

function headlineOf({ entity, screened, uncompared }: Analysis, real: readonly Driver[]): string {
  const { noun } = entity.outcome.family;
  if (screened.problem !== undefined) return `The drivers of ${noun} could not be tested: the query failed.`;
  if (screened.positives === 0 || screened.positives === screened.rows) {
    return `Nothing to compare: all rows of ${quoted(entity.shape.name)} are alike in ${describeMark(entity)}.`;
  }
  if (real.length === 0 && uncompared.length > 0)
    return `What goes with ${noun} was tested, but could not be compared: ${uncompared.slice(0, maxNamed).join(', ')}.`;
  if (real.length === 0) return `Nothing in this data clearly goes with ${noun}.`;
  const [first, ...others] = real.map((driver) => nameOf(driver, entity));
  const then = others.length === 0 ? '' : `; then ${others.slice(0, 3).join(', ')}`;
  return `What goes most with ${noun} is the ${first}${then}.`;
}

function overall({ entity, screened }: Analysis): Finding[] {
  const { overall: reply } = screened;
  if (reply === undefined) return [];
  const n = cell(reply, 0, 'all_rows', asCount);
  const k = cell(reply, 0, 'all_positive', asCount);
  const text = `{0} of {1} rows of ${quoted(entity.shape.name)} show ${entity.outcome.family.noun} (${describeMark(entity)}): {2} (confidence interval {3} to {4}).`;
  const share = derived('share', [k, n], asPercent);
  return finding('key', text, [
    k,
    n,
    share,
    derived('wilsonLow', [k, n], asPercent),
    derived('wilsonHigh', [k, n], asPercent),
  ]);
}

function driverFinding({ entity }: Analysis, driver: Driver, rank: number): Finding[] {
  const { levels, high, low } = driver;
  const { noun } = entity.outcome.family;
  const of = (row: number) => [cell(levels, row, 'with_outcome', asCount), cell(levels, row, 'rows', asCount)];
  const [k1, n1, k0, n0] = [...of(high.row), ...of(low.row)];
  const all = [k1, n1, k0, n0];
  const window = cell(levels, 0, 'window_days', asCount);
  const windowText = driver.variable.landmark ? ' in the first {8} days' : '';
  const who = driver.variable.landmark ? ', among those who were there that long' : '';
  const opening = rank === 0 ? 'The strongest driver is the' : `Number ${ordinals[rank] ?? 'next'} is the`;
  const text = `${opening} ${driver.variable.label}${windowText} (effect size {5}): the share of ${noun} is {0} where it is ${quoted(high.level)} ({6} rows) and {1} where it is ${quoted(low.level)} ({7} rows), a difference of {2} (confidence interval {3} to {4})${who}.`;
  const quantities = [
    derived('share', [k1, n1], asPercent),
    derived('share', [k0, n0], asPercent),
    derived('shareDifference', all, asPoints),
    derived('shareDifferenceLow', all, asPoints),
    derived('shareDifferenceHigh', all, asPoints),
    cell(driver.reply, driver.row, 'effect', asEffect),
    n1,
    n0,
    ...(driver.variable.landmark ? [window] : []),
  ];
  const title = `Share of ${noun} by ${driver.variable.label}`;
  const chart = { kind: 'bars', title, call: levels.call, label: 'level', value: 'share', format: asPercent } as const;
  return finding(
    'key',
    text,
    quantities,
    title.length <= 120 ? chart : { ...chart, title: `Share of ${noun} by level` },
  );
}

const ordinals = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

function explanationFinding({ entity }: Analysis, { driver, by, kind, reply, row }: Explanation): Finding[] {
  if (isOwnCount(driver, by)) return [];
  const name = nameOf(driver, entity);
  const other = by === 'start' ? 'the time since the start' : `the ${nameOf(by, entity)}`;
  if (kind === 'same') {
    const text = `The ${name} carries the same information as ${other}, so it is not counted as a driver of its own.`;
    return [{ severity: 'supporting', statement: text, quantities: [] }];
  }
  const plain = cell(reply, row, 'plain_difference', asPoints);
  const held = ['held_difference', 'held_low', 'held_high'].map((column) => cell(reply, row, column, asPoints));
  const alike =
    by === 'start' ? 'among those who began in the same quarter' : `among rows with the same ${nameOf(by, entity)}`;
  const between = `the difference between ${quoted(driver.high.level)} and ${quoted(driver.low.level)} is {0} at first sight, but {1} ${alike} (confidence interval {2} to {3})`;
  const text =
    kind === 'weakened'
      ? `A part of the effect of the ${name} comes from ${other}: ${between}.`
      : `The ${name} looks like a driver, but is explained by ${other}: ${between}.`;
  return finding('supporting', text, [plain, ...held]);
}

/** An average over a child's rows that only mirrors how many rows there are. */
function isOwnCount({ variable }: Driver, by: Explanation['by']): boolean {
  return by !== 'start' && by.variable.kind === 'count' && by.variable.alias === variable.alias;
}

/** What was tested and shows nothing: as important as what does. */
function nothingFound({ screened, entity, explanations }: Analysis): Finding[] {
  const mirrors = explanations.filter(({ driver, by, kind }) => kind !== 'weakened' && isOwnCount(driver, by));
  const none = [
    ...screened.tested.filter(({ verdict }) => verdict === 'none').map(({ variable }) => variable.label),
    ...mirrors.map(({ driver }) => `${driver.variable.label} (beyond their number)`),
  ];
  if (none.length === 0) return [];
  const more = none.length > maxNamed ? ' and others' : '';
  const text = `No clear relation to ${entity.outcome.family.noun}, after correcting for the number of columns tested: ${none.slice(0, maxNamed).join(', ')}${more}.`;
  return [{ severity: 'supporting', statement: text, quantities: [] }];
}

function nameOf({ variable }: Driver, entity: Entity): string {
  return variable.landmark && entity.time.kind === 'span' ? `${variable.label} in the first weeks` : variable.label;
}

function limitsOf({ entity, candidates, screened, uncompared, shapes, catalog }: Analysis): string[] {
  const { noun } = entity.outcome.family;
  const linked = new Set([
    entity.shape.name,
    ...entity.parents.map(({ shape }) => shape.name),
    ...entity.children.map(({ shape }) => shape.name),
  ]);
  if (entity.outcome.mark.kind === 'row') linked.add(entity.outcome.mark.shape.name);
  const unused = shapes.filter(({ name }) => !linked.has(name)).map(({ name }) => quoted(name));
  const readable = catalog.datasets.filter(({ problem }) => problem === undefined);
  const unseen = readable
    .filter(({ name }) => !shapes.some((shape) => shape.name === name))
    .map(({ name }) => quoted(name));
  const cut = readable.filter(({ columns }) => columns.length > maxColumns).map(({ name }) => quoted(name));
  // What was unreadable from the start is named by whoever read the catalogue.
  const broken = catalog.datasets
    .filter(({ name, problem }) => problem !== undefined && shapes.some((shape) => shape.name === name))
    .map(({ name }) => quoted(name));
  return [
    `What goes with ${noun} need not cause it: only an experiment tells, and a cause that is not in the data cannot be seen.`,
    'All confidence intervals are at ninety-five percent; effect size is Cramér’s V, from zero (no relation) to one.',
    ...(uncompared.length > 0
      ? [
          `Goes with ${noun}, but how much is not known, because no query that compares it was answered: ${uncompared.join(', ')}.`,
        ]
      : []),
    ...(entity.time.kind === 'none'
      ? [`Nothing is said about time: no pair of dates tells when ${noun} happened and to whom it could have.`]
      : []),
    ...(candidates.undated.length > 0
      ? [
          `Not counted, because no date tells whether their rows came before ${noun}: ${candidates.undated.map(quoted).join(', ')}.`,
        ]
      : []),
    ...(candidates.beyond.length > 0
      ? [
          `Not tested, because there are too many columns: ${candidates.beyond.slice(0, maxNamed).join(', ')}${candidates.beyond.length > maxNamed ? ' and others' : ''}.`,
        ]
      : []),
    ...(unseen.length > 0
      ? [
          `Not looked at, because there are too many datasets: ${unseen.slice(0, maxNamed).join(', ')}${unseen.length > maxNamed ? ' and others' : ''}.`,
        ]
      : []),
    ...(cut.length > 0 ? [`Only the first columns were looked at of: ${cut.slice(0, maxNamed).join(', ')}.`] : []),
    ...(unused.length > 0
      ? [
          `Not used, because no key joins them directly to ${quoted(entity.shape.name)}: ${unused.slice(0, maxNamed).join(', ')}.`,
        ]
      : []),
    ...(broken.length > 0 ? [`Not readable and left out: ${broken.slice(0, maxNamed).join(', ')}.`] : []),
    ...(screened.problem === undefined
      ? []
      : ['A language model could try another way to ask; the built-in planner has only this one.']),
  ];
}
