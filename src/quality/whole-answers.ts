/** Answers about all files of a dataset at once, which stand for as long as none of the files changes. */
import type { Ask } from './ask.ts';
import type { Increments, WholeAnswer } from './increments.ts';

export type WholeAnswers = {
  /** Asks the engine only where the answer about these datasets is not known. */
  readonly askOf: (datasets: readonly string[]) => Ask;
  /** What was answered, for the next time. */
  readonly kept: () => Readonly<Record<string, WholeAnswer>>;
  /** Statements the engine was asked. */
  readonly asked: () => number;
};

export function openWholeAnswers({ known, basis, setOf, hash }: Increments, ask: Ask): WholeAnswers {
  const kept: Record<string, WholeAnswer> = {};
  let asked = 0;
  return {
    kept: () => kept,
    asked: () => asked,
    askOf: (datasets) => async (statement, options) => {
      const sets = await Promise.all(datasets.map(setOf));
      const key = hash(`${basis}\n${statement}`);
      const set = hash(sets.join('\n'));
      const before = known?.whole[key];
      const isKnown = before?.set === set && !sets.includes(undefined);
      if (!isKnown) asked += 1;
      const answer = isKnown ? before.answer : await ask(statement, options);
      if (answer.kind === 'rows' && !sets.includes(undefined)) kept[key] = { set, answer };
      return answer;
    },
  };
}
