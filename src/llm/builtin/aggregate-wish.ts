/** What a question about totals wishes: the operation, the number, the group and how many of them, by its words. */
import type { Catalog } from './catalog.ts';
import { shown } from './shown.ts';
import { amountIn, amountWords, groupIn, mainDataset, measureIn, readable, type Place } from './target.ts';
import { singular, tokensOf } from './wording.ts';

/** Groups shown when no number is said, and at most. */
const usualGroups = 10;
const maxGroups = 30;

export type Operation = 'sum' | 'avg' | 'median' | 'count' | 'max' | 'min';

export type Wish = {
  readonly operation: Operation;
  readonly groups: number;
  readonly fromBottom: boolean;
  readonly measure: Place | undefined;
  readonly group: Place | undefined;
  readonly remarks: readonly string[];
};

/** Reads the wish: the operation by its word, the group after "by" or between "top" and "by", the measure elsewhere. */
export function wishOf(task: string, catalog: Catalog): Wish {
  const datasets = readable(catalog);
  const text = task.toLowerCase();
  const top =
    /\b(?:top|bottom|best|worst|highest|lowest|largest|smallest|biggest|which|most|least|fewest)\b\s*(\d+)?\s*(.*)/.exec(
      text,
    );
  const by = /\b(?:by|per|for each|for every|in each|across)\s+(.*)/.exec(text)?.[1];
  const measureAfterBy = top !== null && by !== undefined ? measureIn(by, datasets) : undefined;
  const beforeBy = text.replace(/\b(?:by|per|for each|for every|in each|across)\s+.*/, '');
  const measure = measureAfterBy ?? measureIn(beforeBy, datasets);
  const home = measure?.dataset ?? mainDataset(task, catalog);
  const near = home === undefined ? datasets : [home, ...datasets.filter((dataset) => dataset !== home)];
  const isCounted = top !== null && by !== undefined && /\b(?:number of|count)\b/.test(by);
  const groupWords = measureAfterBy === undefined && !isCounted ? by : (top?.[2] ?? '').replace(/\bby\b.*/, '');
  const group = groupIn(groupWords ?? (top === null ? '' : beforeBy), near);
  const operation = operationOf(text, measure);
  const fallback =
    operation !== 'count' && measure === undefined ? amountIn(home === undefined ? datasets : [home]) : measure;
  const remarks: string[] = hasCondition(text)
    ? ['Conditions on rows other than a period of time are not applied by the built-in planner: all rows are counted.']
    : [];
  const isChosen = operation === 'avg' && !/\b(?:average|avg|mean|typical)\b/.test(text);
  if (isChosen) remarks.push(`Read as: the average ${shown(measure?.column)}; ask for the total to have it summed.`);
  if (fallback !== undefined && fallback !== measure)
    remarks.push(`No number column is named in the task; read as ${shown(fallback.column)}.`);
  if (operation !== 'count' && fallback === undefined)
    remarks.push('No number column fits the task; read as the number of rows.');
  if (groupWords !== undefined && group === undefined)
    remarks.push('No column fits the words to group by, so only the total is given.');
  const kind: Operation = fallback === undefined ? 'count' : operation;
  return {
    operation: kind,
    groups: Math.min(maxGroups, Math.max(1, Number(top?.[1] ?? usualGroups))),
    fromBottom: /\b(?:bottom|worst|lowest|smallest|least|fewest)\b/.test(text),
    measure: kind === 'count' ? undefined : fallback,
    group,
    remarks,
  };
}

function operationOf(text: string, measure: Place | undefined): Operation {
  if (/\b(?:average|avg|mean|typical)\b/.test(text)) return 'avg';
  if (/\bmedian\b/.test(text)) return 'median';
  if (/\b(?:how many|number of|count|how often|most common|most frequent)\b/.test(text)) return 'count';
  if (/\b(?:maximum|max)\b/.test(text)) return 'max';
  if (/\b(?:minimum|min)\b/.test(text)) return 'min';
  if (/\b(?:total|sum|how much)\b/.test(text)) return 'sum';
  if (measure === undefined) return 'count';
  return isAdditive(measure.column) ? 'sum' : 'avg';
}

/** Words of a condition that no rule here understands; saying so is better than a number for something else. */
function hasCondition(text: string): boolean {
  return /\b(?:where|without|having|have no|has no|with no|are (?:not )?\w+$|is (?:not )?\w+$|only|than|excluding|except|whose|that (?:are|is|have|has)|who (?:are|is|have|has))\b/.test(
    text.replace(/[?.!]+$/, ''),
  );
}

/** Amounts and counts add up; rates, scores, ages and temperatures do not. */
function isAdditive(column: string): boolean {
  return tokensOf(column).some((token) => additive.has(singular(token)));
}

const additive = new Set([
  ...amountWords.map(singular),
  'quantity',
  'qty',
  'unit',
  'minute',
  'hour',
  'number',
  'count',
  'point',
  'click',
  'visit',
  'order',
  'profit',
  'volume',
  'weight',
  'fee',
  'payment',
]);
