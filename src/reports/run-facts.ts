/** Sentences about the run that every written form shows the same way. */
import { formatNumber } from '../analysis/numbers.ts';
import { builtinModel, type Report } from './report.ts';

/** Said instead of a model's name when there was none. */
export const noModelSentence =
  'No language model was used: the built-in planner chose the queries and wrote the sentences.';

export const intervalSentence =
  'Intervals are 95 % confidence intervals (Wilson for a share, Newcombe for a difference of shares, normal for a difference of means).';

export function modelSentence({ model }: Report): string {
  return model === builtinModel ? noModelSentence : `Model: ${model}.`;
}

/** How far the numbers were checked. */
export function verificationSentence({ findings, evidence }: Report): string {
  const numbers = findings.reduce((total, { quantities }) => total + quantities.length, 0);
  if (numbers === 0) return 'The report holds no numbers.';
  const repeated = evidence.filter(({ verifiedAt }) => verifiedAt !== undefined).length;
  const each = `${plural(numbers, 'number')} from ${plural(evidence.length, 'query', 'queries')}`;
  if (repeated === evidence.length) return `${each}, checked by running each query again.`;
  return `${each}; ${repeated} of ${evidence.length} queries were run again to check them.`;
}

/** What was left out, or nothing. */
export function struckSentence({ struck }: Report): string | undefined {
  if (struck.length === 0) return undefined;
  return `${plural(struck.length, 'finding')} left out because the check of ${struck.length === 1 ? 'it' : 'them'} failed.`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count, { style: 'count' })} ${count === 1 ? one : many}`;
}
