/** What the candidates of an analysis cost and whether its tools fit the first of them: looked at before the first call. */
import { instructions, ownTools } from '../agents/data-analysis.ts';
import { Failure, noPriceMessage } from '../analysis/failures.ts';
import type { CacheTtl } from '../analysis/price.ts';
import type { Quote } from '../analysis/reservation.ts';
import type { ModelProfile } from '../llm/profile.ts';
import type { LoadCatalogInput } from './contract.ts';
import type { ActivityDependencies, StoredCatalog } from './dependencies.ts';

/** Guessed low for prices, so that rather too much is kept back; guessed high for windows, so that none is refused wrongly. */
const charactersPerToken = { forPrice: 3, forWindow: 4 } as const;

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
  dependencies: Pick<ActivityDependencies, 'modelFor' | 'profileFor'>,
  input: LoadCatalogInput,
  models: readonly string[],
  tools: StoredCatalog['tools'],
): Promise<Checked> {
  const characters = promptCharacters(tools);
  const quotes: Record<string, Quote> = {};
  const windows: Record<string, number> = {};
  for (const ref of models) {
    const profile = dependencies.profileFor(ref);
    if (profile !== undefined) windows[ref] = profile.inputWindow;
    if (profile?.price !== undefined)
      quotes[ref] = { price: profile.price, maxOutput: profile.maxOutput, cacheTtl: cacheTtlOf(input) };
  }
  const [first] = models;
  if (input.priced && first !== undefined && quotes[first] === undefined)
    throw new Failure('Model.NoPrice', noPriceMessage(first));
  const profile = await refuseSmallWindow(dependencies, first, characters);
  // A local server says itself how much it reads.
  if (first !== undefined && profile !== undefined) windows[first] = profile.inputWindow;
  const unpriced = input.priced ? models.filter((ref) => quotes[ref] === undefined) : [];
  return {
    models: models.filter((ref) => !unpriced.includes(ref)),
    quotes,
    windows,
    promptTokens: Math.ceil(characters / charactersPerToken.forPrice),
    problems: unpriced.map((ref) => `${ref} may not take over: its price is not known and the budget is in money.`),
  };
}

async function refuseSmallWindow(
  { modelFor, profileFor }: Pick<ActivityDependencies, 'modelFor' | 'profileFor'>,
  ref: string | undefined,
  characters: number,
): Promise<ModelProfile | undefined> {
  if (ref === undefined) return undefined;
  // A model that cannot be made says why itself, when it is asked.
  const profile = await Promise.resolve()
    .then(() => modelFor(ref))
    .then((provider) => provider.profile)
    .catch(() => undefined);
  if (profile === undefined || isGuessed(profile, profileFor(ref))) return profile;
  const needed = Math.ceil(characters / charactersPerToken.forWindow) + firstAnswerTokens;
  if (needed <= profile.inputWindow) return profile;
  throw new Failure(
    'Model.WindowTooSmall',
    `Expected a model that reads at least ${needed} tokens at once, which the instructions and tools need; ${ref} reads ${profile.inputWindow}. Load it with a longer context, configure fewer tool servers, or name another model with --model.`,
  );
}

/** The careful default of a model nobody knows is no reason to refuse it. */
function isGuessed(profile: ModelProfile, known: ModelProfile | undefined): boolean {
  return !profile.known && profile.inputWindow === known?.inputWindow;
}

function promptCharacters(tools: StoredCatalog['tools']): number {
  const specs = [...tools, ...ownTools].map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  return instructions.length + JSON.stringify(specs).length;
}
