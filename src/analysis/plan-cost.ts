/** What a plan may take in model calls: a forecast from its steps, before anything is known about the answers. */
import { costUsd, type Price } from './price.ts';

/** Turns beside one for each step: one to look around, and one for the report. */
const turnsBesideSteps = 2;

/** Tokens that a turn adds to the conversation: what the model writes, and the results it is given. */
const writtenPerTurn = 800;
const resultsPerTurn = 3_000;

export type PlanCost = {
  readonly turns: number;
  /** Read and written, over all turns. */
  readonly tokens: number;
  /** US dollars if nothing is cached; undefined when the price is not known. */
  readonly usd?: number;
};

/** `promptTokens`: instructions and tools, which every turn reads. */
export function planCost(steps: number, promptTokens: number, price: Price | undefined): PlanCost {
  const turns = steps + turnsBesideSteps;
  let [tokens, usd] = [0, 0];
  for (let turn = 0; turn < turns; turn += 1) {
    const usage = {
      inputTokens: promptTokens + turn * (writtenPerTurn + resultsPerTurn),
      outputTokens: writtenPerTurn,
    };
    tokens += usage.inputTokens + usage.outputTokens;
    usd += costUsd(price === undefined ? {} : { price }, usage) ?? 0;
  }
  return { turns, tokens, ...(price === undefined ? {} : { usd }) };
}
