/** What to be careful about: few rows, dirt met on the way, columns that give the outcome away. */
import type { Finding } from '../../../analysis/evidence.ts';
import { numberAt } from '../../../analysis/table.ts';
import { tableOf } from '../catalog.ts';
import { asCount, cell, derived, finding, quoted } from '../quantities.ts';
import { duplicatedKey } from './entity.ts';
import type { Analysis } from './script.ts';
import type { ColumnShape, DatasetShape } from './shape.ts';

/** Below these an analysis of drivers is shaky. */
const fewRows = 300;
const fewOutcomes = 50;
/** Dirt sits in a small part of a column; more is what the column is like. */
const dirtShare = 0.05;
const maxDirtCaveats = 6;
const maxNamed = 10;

export function caveatsOf(analysis: Analysis): Finding[] {
  return [...smallSample(analysis), ...leaks(analysis), ...dirt(analysis)];
}

function smallSample({ screened, entity }: Analysis): Finding[] {
  const { overall, rows, positives } = screened;
  const rare = Math.min(positives, rows - positives);
  if (overall === undefined || (rows >= fewRows && rare >= fewOutcomes)) return [];
  const text = `This is a small sample: {0} rows, of which {1} show ${entity.outcome.family.noun}; weaker drivers cannot be seen in it, and the intervals are wide.`;
  return finding('caveat', text, [cell(overall, 0, 'all_rows', asCount), cell(overall, 0, 'all_positive', asCount)]);
}

function leaks({ screened, entity }: Analysis): Finding[] {
  const labels = screened.tested.filter(({ verdict }) => verdict === 'leak').map(({ variable }) => variable.label);
  if (labels.length === 0) return [];
  const { noun } = entity.outcome.family;
  const text = `Left out, because they all but give ${noun} away and were probably recorded after it: ${labels.slice(0, maxNamed).join(', ')}.`;
  return [{ severity: 'caveat', statement: text, quantities: [] }];
}

/** Null words, negative amounts, dates that are none and duplicated keys in the datasets that were used. */
function dirt({ shapes, entity }: Analysis): Finding[] {
  const { mark } = entity.outcome;
  const used = new Set([
    entity.shape.name,
    mark.kind === 'row' ? mark.shape.name : entity.shape.name,
    ...entity.parents.map(({ shape }) => shape.name),
    ...entity.children.map(({ shape }) => shape.name),
  ]);
  return shapes
    .filter((shape) => used.has(shape.name) && !shape.sampled)
    .flatMap((shape) => [...duplicates(shape), ...shape.columns.flatMap((column) => columnDirt(column))])
    .slice(0, maxDirtCaveats);
}

function duplicates(shape: DatasetShape): Finding[] {
  const key = duplicatedKey(shape);
  if (key === undefined) return [];
  const filled = cell(key.reply, key.row, 'filled', asCount);
  const distinct = cell(key.reply, key.row, 'distinct_values', asCount);
  const text = `${quoted(key.name)} of ${quoted(shape.name)} has {0} rows more than different values; each value was counted once.`;
  return finding('caveat', text, [derived('difference', [filled, distinct], asCount)]);
}

function columnDirt(column: ColumnShape): Finding[] {
  const table = tableOf(column.reply);
  const count = (name: string): number => (table && numberAt(table, column.row, name)) ?? 0;
  const where = `${quoted(column.name)} of ${quoted(column.dataset)}`;
  const few = (n: number): boolean => n > 0 && n <= dirtShare * column.filled;
  const at = (name: string) => cell(column.reply, column.row, name, asCount);
  const found: Finding[] = [];
  if (count('null_words') > 0 && column.reads !== 'date') {
    found.push(
      ...finding('caveat', `${where} holds words for a missing value in {0} rows; they were left out.`, [
        at('null_words'),
      ]),
    );
  }
  if (
    column.reads === 'number' &&
    few(count('negatives')) &&
    !/lat|lon|temp|delta|diff|change|balance|score|profit/i.test(column.name)
  ) {
    found.push(...finding('caveat', `${where} is negative in {0} rows and positive elsewhere.`, [at('negatives')]));
  }
  if (column.reads === 'date' && few(column.filled - count('dates'))) {
    const wrong = derived('difference', [at('filled'), at('dates')], asCount);
    found.push(...finding('caveat', `${where} does not read as a date in {0} rows.`, [wrong]));
  }
  return found;
}
