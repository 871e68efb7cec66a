/** The answer to a task the built-in planner cannot do: says so plainly, and what it can do with the data that is there. */
import type { Submission } from '../../analysis/evidence.ts';
import type { Catalog } from './catalog.ts';
import type { Unsupported } from './intent.ts';
import { listed } from './rounds.ts';
import { shown, shownAll } from './shown.ts';
import { amountIn, dateIn, isMeasure, readable } from './target.ts';
import { groupOf } from './quality/subject.ts';

const sentences: Record<Unsupported, string> = {
  conversation: 'The built-in planner does not hold a free conversation and found no question about data in this task.',
  forecast: 'The built-in planner does not forecast: it says what the data shows, not what will come.',
  causal:
    'The built-in planner makes no causal claims: data that was merely observed shows what goes together, not what brings it about.',
  documents: 'The built-in planner does not write or read documents or programs.',
  writing: 'The built-in planner only reads data; it does not change, load or repair it.',
};

export function refusal(what: Unsupported, catalog: Catalog | undefined): Submission {
  return {
    headline: sentences[what],
    findings: [],
    incomplete: true,
    limits: [
      'Nothing was computed for this task. A language model could take it on; --model names one.',
      ...(catalog === undefined ? [] : [possible(catalog)]),
    ],
  };
}

/** What can be asked about the data that is there, in its own names. */
function possible(catalog: Catalog): string {
  const datasets = readable(catalog);
  if (datasets.length === 0) return 'There is no readable data here either; name some with --data.';
  const offers = ['what is wrong with the data'];
  const first = datasets.find((dataset) => dateIn('', dataset) !== undefined);
  const date = first && dateIn('', first);
  if (first !== undefined && date !== undefined)
    offers.push(`trend and seasonality of ${shown(first.name)} by ${shown(date)}`);
  const amount = amountIn(datasets) ?? anyMeasure(catalog);
  const group = amount?.dataset.columns.find(({ type }) => groupOf(type) === 'text')?.name;
  if (amount !== undefined && group !== undefined)
    offers.push(`total or average ${shown(amount.column)} by ${shown(group)}`);
  offers.push('comparisons of groups or periods', 'what goes along with an outcome such as churn or failure');
  return `With ${shownAll(
    datasets.map(({ name }) => name),
    5,
  )} it can answer questions of these kinds: ${listed(offers)}.`;
}

function anyMeasure(catalog: Catalog) {
  for (const dataset of readable(catalog)) {
    const column = dataset.columns.find(({ name, type }) => isMeasure(name, type));
    if (column !== undefined) return { dataset, column: column.name };
  }
  return undefined;
}
