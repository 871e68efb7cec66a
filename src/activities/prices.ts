/** What the candidates of an analysis cost and whether its tools fit the first of them: looked at before the first call. */
import { instructions, ownTools } from '../agents/data-analysis.ts';
import { Failure, noPriceMessage } from '../analysis/failures.ts';
import type { CacheTtl, Price } from '../analysis/price.ts';
import type { Quote } from '../analysis/reservation.ts';
import type { ModelProfile } from '../llm/profile.ts';
import type { LoadCatalogInput } from './contract.ts';
import type { ActivityDependencies, StoredCatalog } from './dependencies.ts';

/** Guessed high for windows, so that none is refused wrongly. */
const charactersPerTokenInWindow = 4;

/** Where nothing is known of the model. */
const usualCharactersPerToken = 3;

/** Tokens that the task and a first answer need beside the tools. */
const firstAnswerTokens = 1_024;

/**
 * Five minutes are too short for a prefix that waits for a person's word. An hour costs more to write, so an analysis that
 * asks nobody does without.
 */
export function cacheTtlOf({ attended }: { readonly attended?: true }): CacheTtl {
  return attended === true ? '1h' : '5m';
}

type Checked = {
  readonly models: readonly string[];
  readonly quotes: Readonly<Record<string, Quote>>;
  readonly windows: Readonly<Record<string, number>>;
  readonly promptTokens: number;
  /** Sentences for the person. */
  readonly problems: readonly string[];
};

/** Rejects with `Model.NoPrice` or `Model.WindowTooSmall`, one sentence that says what to change. */
export async function checkModels(
  { profileFor }: Pick<ActivityDependencies, 'profileFor'>,
  input: LoadCatalogInput,
  models: readonly string[],
  tools: StoredCatalog['tools'],
): Promise<Checked> {
  const characters = promptCharacters(tools);
  const quotes: Record<string, Quote> = {};
  const windows: Record<string, number> = {};
  const profiles = await Promise.all(models.map(async (ref) => profileFor(ref)));
  for (const [index, ref] of models.entries()) {
    const profile = profiles[index];
    // A window that is only guessed is no reason to shorten a conversation, or to think another model reads more.
    if (profile?.known === true) windows[ref] = profile.inputWindow;
    if (profile?.price !== undefined) quotes[ref] = quoteOf(profile, profile.price, cacheTtlOf(input));
  }
  const [first] = models;
  if (input.priced && first !== undefined && quotes[first] === undefined)
    throw new Failure('Model.NoPrice', noPriceMessage(first));
  if (profiles[0] !== undefined) refuseSmallWindow(profiles[0], characters);
  const unpriced = input.priced ? models.filter((ref) => quotes[ref] === undefined) : [];
  return {
    models: models.filter((ref) => !unpriced.includes(ref)),
    quotes,
    windows,
    promptTokens: Math.ceil(characters / (profiles[0]?.tokens.charactersPerToken ?? usualCharactersPerToken)),
    problems: unpriced.map((ref) => `${ref} may not take over: its price is not known and the budget is in money.`),
  };
}

function quoteOf({ maxOutput, tokens }: ModelProfile, price: Price, cacheTtl: CacheTtl): Quote {
  return { price, maxOutput, cacheTtl, charactersPerToken: tokens.charactersPerToken };
}

/** The careful default of a model nobody knows is no reason to refuse it. */
function refuseSmallWindow({ ref, known, inputWindow }: ModelProfile, characters: number): void {
  const needed = Math.ceil(characters / charactersPerTokenInWindow) + firstAnswerTokens;
  if (!known || needed <= inputWindow) return;
  throw new Failure(
    'Model.WindowTooSmall',
    `Expected a model that reads at least ${needed} tokens at once, which the instructions and tools need; ${ref} reads ${inputWindow}. Load it with a longer context, configure fewer tool servers, or name another model with --model.`,
  );
}

function promptCharacters(tools: StoredCatalog['tools']): number {
  const specs = [...tools, ...ownTools].map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  return instructions.length + JSON.stringify(specs).length;
}
