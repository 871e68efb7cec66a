/** Marks each call that costs money, or tokens that are limited, before it is made: one that breaks off is charged with the next reply of its turn. */
import { Failure } from '../analysis/failures.ts';
import { costUsd, type CacheTtl } from '../analysis/price.ts';
import type { ModelProfile } from '../llm/profile.ts';
import type { ModelContext, ModelReply } from '../llm/provider.ts';
import type { CompleteTurnInput, Money, TokensLeft } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** `free`: it failed before anything of an answer came, so nobody pays for it. `usd`, `tokens`: what it may take at most. */
type Mark = {
  readonly model: string;
  readonly outcome: 'asked' | 'free';
  readonly usd?: number;
  readonly tokens?: number;
};

/** Calls of one turn that are looked at; there are a dozen attempts at each of a handful of models. */
const maxMarks = 100;

export type PaidReply = {
  readonly answer: ModelReply;
  /** Of this call and of those that broke off before it; absent: the price is not known. */
  readonly costUsd?: number;
  /** How many broke off before it. */
  readonly brokenOff?: number;
};

export type Asked = {
  readonly profile: ModelProfile;
  readonly emit: ModelContext['emit'];
  readonly cacheTtl: CacheTtl;
};

/** `turn`: the number of the turn, or what a call beside the turns is made for. */
type PaidFor = Pick<CompleteTurnInput, 'session' | 'model' | 'money' | 'tokens'> & { readonly turn: number | string };

type Ports = Pick<ActivityDependencies, 'journal' | 'profileFor'>;

/**
 * A call whose worker died, that was interrupted or whose stream broke may be billed, as nobody can tell by how much: it
 * is charged like the reply that came in its place, for the conversation is the same. Under a limit of money or tokens there
 * is no other attempt once those may have used up what is left: the limit is passed by one call at most.
 */
export async function paidCall(
  { journal, profileFor }: Ports,
  { session, turn, model, money, tokens }: PaidFor,
  { profile, emit, cacheTtl }: Asked,
  call: (emit: ModelContext['emit']) => Promise<ModelReply>,
): Promise<PaidReply> {
  if (isFree(profile) && tokens === undefined) return priced(await call(emit), cacheTtl, [profile]);
  const before = await marksOf(journal, session, turn);
  const brokenOff = before.filter(({ outcome }) => outcome === 'asked');
  if (money !== undefined) requireMoney(brokenOff, money);
  if (tokens !== undefined) requireTokens(brokenOff, tokens);
  const key = keyOfMark(session, turn, before.length);
  const most = {
    ...(money === undefined ? {} : { usd: money.reservedUsd }),
    ...(tokens === undefined ? {} : { tokens: tokens.reserved }),
  };
  const mark = (outcome: Mark['outcome']) => journal.write(key, { model, outcome, ...most } satisfies Mark);
  await mark('asked');
  let hasBegun = false;
  try {
    const answer = await call((event) => {
      hasBegun = true;
      emit(event);
    });
    const others = await Promise.all(brokenOff.map(async ({ model: asked }) => profileFor(asked)));
    const count = brokenOff.length === 0 ? {} : { brokenOff: brokenOff.length };
    return { ...priced(answer, cacheTtl, [profile, ...others.filter((one) => one !== undefined)]), ...count };
  } catch (error) {
    // What is no failure of the model is an interrupt: the provider was at work.
    if (!hasBegun && error instanceof Error && 'facts' in error) await mark('free');
    throw error;
  }
}

/** What calls that broke off may have taken, where no reply came in their place. */
export async function brokenOffOf(
  journal: Ports['journal'],
  { session, turn }: Pick<PaidFor, 'session' | 'turn'>,
): Promise<{ readonly costUsd?: number; readonly brokenOffTokens?: number }> {
  const marks = (await marksOf(journal, session, turn)).filter(({ outcome }) => outcome === 'asked');
  if (marks.length === 0) return {};
  return {
    costUsd: marks.reduce((sum, { usd = 0 }) => sum + usd, 0),
    brokenOffTokens: marks.reduce((sum, { tokens = 0 }) => sum + tokens, 0),
  };
}

async function marksOf(journal: Ports['journal'], session: string, turn: number | string): Promise<Mark[]> {
  const marks: Mark[] = [];
  while (marks.length < maxMarks) {
    const mark = (await journal.read(keyOfMark(session, turn, marks.length))) as Mark | undefined;
    if (mark === undefined) break;
    marks.push(mark);
  }
  return marks;
}

function keyOfMark(session: string, turn: number | string, number: number): string[] {
  return ['asked', session, String(turn), String(number)];
}

/** Rejects with `Model.OverBudget`, its subject what the calls that broke off may have cost. */
function requireMoney(brokenOff: readonly Mark[], { leftUsd, reservedUsd }: Money): void {
  const spent = brokenOff.reduce((sum, { usd = reservedUsd }) => sum + usd, 0);
  if (spent <= leftUsd) return;
  throw new Failure(
    'Model.OverBudget',
    `Expected money for another attempt, found $${leftUsd.toFixed(4)} left and ${brokenOff.length} calls that broke off and may have cost $${spent.toFixed(4)}. Raise --budget-usd.`,
    { subject: String(spent) },
  );
}

/** The same for tokens; its subject begins with the word. */
function requireTokens(brokenOff: readonly Mark[], { left, reserved }: TokensLeft): void {
  const spent = brokenOff.reduce((sum, { tokens = reserved }) => sum + tokens, 0);
  if (spent <= left) return;
  throw new Failure(
    'Model.OverBudget',
    `Expected tokens for another attempt, found ${left} left and ${brokenOff.length} calls that broke off and may have used ${spent}. Raise --max-tokens.`,
    { subject: `tokens ${spent}` },
  );
}

function isFree({ price }: ModelProfile): boolean {
  return price === undefined || (price.input === 0 && price.output === 0);
}

function priced(
  answer: ModelReply,
  cacheTtl: CacheTtl,
  [own, ...others]: readonly [ModelProfile, ...ModelProfile[]],
): PaidReply {
  const costOf = (profile: ModelProfile) => costUsd(profile, answer.usage, cacheTtl);
  const cost = costOf(own);
  if (cost === undefined) return { answer };
  return { answer, costUsd: others.reduce((sum, profile) => sum + (costOf(profile) ?? 0), cost) };
}
