/** Which dataset and columns a task means: by the likeness of their names to its words, else the largest dataset. */
import type { Catalog, DatasetInfo } from './catalog.ts';
import { groupOf } from './quality/subject.ts';
import { ident } from './sql.ts';
import { fit, isNamedKey, singular, stem, tokensOf } from './wording.ts';

export type Place = { readonly dataset: DatasetInfo; readonly column: string };

/** Words people use for an amount of money or goods when no column is called so. */
export const amountWords = [
  'revenue',
  'sales',
  'amount',
  'turnover',
  'income',
  'total',
  'value',
  'price',
  'spend',
  'spending',
  'cost',
  'mrr',
  'gmv',
];

export function readable(catalog: Catalog): DatasetInfo[] {
  return catalog.datasets.filter(({ problem, columns }) => problem === undefined && columns.length > 0);
}

/** Datasets a task names; all when it names none. `said` tells the two apart. */
export function datasetsOf(task: string, catalog: Catalog): { datasets: DatasetInfo[]; said: boolean } {
  const words = tokensOf(task);
  const scored = readable(catalog).map((dataset) => ({ dataset, score: fit(dataset.name, words) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  if (best < 0.5) return { datasets: readable(catalog), said: false };
  return { datasets: scored.filter(({ score }) => score === best).map(({ dataset }) => dataset), said: true };
}

/** The one dataset a question is about: named, or holding the columns that are named, else the largest. */
export function mainDataset(task: string, catalog: Catalog): DatasetInfo | undefined {
  const words = tokensOf(task);
  const score = (dataset: DatasetInfo) => {
    const columns = dataset.columns.map(({ name }) => fit(name, words));
    return fit(dataset.name, words) * 2 + Math.max(0, ...columns) + columns.filter((value) => value === 1).length / 10;
  };
  return readable(catalog)
    .map((dataset, i) => ({ dataset, i, score: score(dataset) }))
    .sort((a, b) => b.score - a.score || (b.dataset.rows ?? 0) - (a.dataset.rows ?? 0) || a.i - b.i)[0]?.dataset;
}

/** The numeric column some words mean; amount words match each other. */
export function measureIn(words: string, datasets: readonly DatasetInfo[]): Place | undefined {
  const tokens = tokensOf(words);
  const named = bestPlace(tokens, datasets, isMeasure);
  if (named !== undefined) return named;
  return tokens.some((token) => amountWords.includes(token)) ? amountIn(datasets) : undefined;
}

/** The column that looks most like an amount, by its name. */
export function amountIn(datasets: readonly DatasetInfo[]): Place | undefined {
  for (const word of amountWords) {
    for (const dataset of datasets) {
      const column = dataset.columns.find(({ name, type }) => isMeasure(name, type) && tokensOf(name).includes(word));
      if (column !== undefined) return { dataset, column: column.name };
    }
  }
  return undefined;
}

/** The column some words group by; a dataset's own name in singular means its key or name (`customers` by `customer_id`). */
export function groupIn(words: string, datasets: readonly DatasetInfo[]): Place | undefined {
  const tokens = tokensOf(words);
  const named = bestPlace(tokens, datasets, isGroup);
  if (named !== undefined) return named;
  const stems = new Set(tokens.map(stem));
  for (const dataset of datasets) {
    const column = dataset.columns.find(
      ({ name }) =>
        tokensOf(name).length > 1 && isNamedKey(name) && tokensOf(name).some((part) => stems.has(stem(part))),
    );
    if (column !== undefined) return { dataset, column: column.name };
  }
  return undefined;
}

/** The date column of a dataset: the one the words name, else the first whose name says when something happened. */
export function dateIn(words: string, dataset: DatasetInfo): string | undefined {
  const dates = dataset.columns.filter(({ type }) => groupOf(type) === 'date').map(({ name }) => name);
  const tokens = tokensOf(words);
  const named = dates.map((name) => ({ name, score: fit(name, tokens) })).sort((a, b) => b.score - a.score)[0];
  if (named !== undefined && named.score > 0) return named.name;
  const usual = dates.find((name) => !/birth|dob|updat|modif|load|end|due|expir|deliver/i.test(name));
  return usual ?? dates[0];
}

export function isMeasure(name: string, type: string): boolean {
  return (
    groupOf(type) === 'number' &&
    !isNamedKey(name) &&
    !/\b(index|year|month|day|zip|postcode|lat|lon|latitude|longitude)\b/i.test(tokensOf(name).join(' '))
  );
}

function isGroup(name: string, type: string): boolean {
  return groupOf(type) === 'text' || groupOf(type) === 'other' || isNamedKey(name) || /int/i.test(type);
}

/** Every part of the name is said, or half of them; a name is preferred to the key that stands for it. */
function bestPlace(
  words: readonly string[],
  datasets: readonly DatasetInfo[],
  accepts: (name: string, type: string) => boolean,
): Place | undefined {
  const places = datasets.flatMap((dataset, i) =>
    dataset.columns
      .filter(({ name, type }) => accepts(name, type))
      .map(({ name }, j) => ({ dataset, column: name, score: fit(name, words), isKey: isNamedKey(name), i, j })),
  );
  const best = places.sort(
    (a, b) => b.score - a.score || Number(a.isKey) - Number(b.isKey) || a.i - b.i || a.j - b.j,
  )[0];
  return best !== undefined && best.score >= 0.5 ? { dataset: best.dataset, column: best.column } : undefined;
}

/**
 * What stands after FROM so that a column of another dataset can be used beside those of the first: joined by a key of
 * the same name, one row each, so that no row is counted twice. Undefined when no key leads there.
 */
export function joined(from: DatasetInfo, source: string, place: Place): string | undefined {
  if (place.dataset === from) return source;
  const owner = singular(tokensOf(place.dataset.name).at(-1) ?? '');
  const keys = from.columns.flatMap(({ name }) => {
    const same = place.dataset.columns.find(
      (column) =>
        isNamedKey(name) && tokensOf(column.name).join(' ') === tokensOf(name).join(' ') && tokensOf(name).length > 1,
    );
    const own = place.dataset.columns.find(
      (column) => tokensOf(name).join(' ') === `${owner} ${tokensOf(column.name).join(' ')}` && isNamedKey(column.name),
    );
    const key = same ?? own;
    return key === undefined ? [] : [{ here: name, there: key.name }];
  });
  const key = keys[0];
  if (key === undefined) return undefined;
  const there = `(SELECT ${ident(key.there)} AS joined_key, min(${ident(place.column)}) AS joined_value FROM ${ident(place.dataset.name)} GROUP BY 1)`;
  return `(SELECT a.*, b.joined_value AS ${ident(place.column)} FROM ${source} a LEFT JOIN ${there} b ON a.${ident(key.here)} = b.joined_key)`;
}
