/** Marks each call that costs money before it is made: one that breaks off is charged with the next reply of its turn. */
import { costUsd } from '../analysis/price.ts';
import type { ModelProfile } from '../llm/profile.ts';
import type { ModelContext, ModelReply } from '../llm/provider.ts';
import type { CompleteTurnInput } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** `free`: it failed before anything of an answer came, so nobody pays for it. */
type Mark = { readonly model: string; readonly outcome: 'asked' | 'free' };

/** Calls of one turn that are looked at; there are a dozen attempts at each of a handful of models. */
const maxMarks = 100;

export type PaidReply = {
  readonly answer: ModelReply;
  /** Of this call and of those that broke off before it; absent: the price is not known. */
  readonly costUsd?: number;
};

export type Asked = {
  readonly profile: ModelProfile;
  readonly emit: ModelContext['emit'];
  readonly cacheTtl: '5m' | '1h';
};

type Ports = Pick<ActivityDependencies, 'journal' | 'profileFor'>;

/**
 * A call whose worker died, that was interrupted or whose stream broke may be billed, as nobody can tell by how much: it
 * is charged like the reply that came in its place, for the conversation is the same.
 */
export async function paidCall(
  { journal, profileFor }: Ports,
  { session, turn, model }: CompleteTurnInput,
  { profile, emit, cacheTtl }: Asked,
  call: (emit: ModelContext['emit']) => Promise<ModelReply>,
): Promise<PaidReply> {
  if (isFree(profile)) return priced(await call(emit), cacheTtl, [profile]);
  const keyOf = (number: number) => ['asked', session, String(turn), String(number)];
  const before: Mark[] = [];
  while (before.length < maxMarks) {
    const mark = (await journal.read(keyOf(before.length))) as Mark | undefined;
    if (mark === undefined) break;
    before.push(mark);
  }
  const key = keyOf(before.length);
  const mark = (outcome: Mark['outcome']) => journal.write(key, { model, outcome } satisfies Mark);
  await mark('asked');
  let hasBegun = false;
  const brokenOff = before.filter(({ outcome }) => outcome === 'asked');
  try {
    const answer = await call((event) => {
      hasBegun = true;
      emit(event);
    });
    const others = brokenOff.flatMap(({ model: asked }) => profileFor(asked) ?? []);
    return priced(answer, cacheTtl, [profile, ...others]);
  } catch (error) {
    // What is no failure of the model is an interrupt: the provider was at work.
    if (!hasBegun && error instanceof Error && 'facts' in error) await mark('free');
    throw error;
  }
}

function isFree({ price }: ModelProfile): boolean {
  return price === undefined || (price.input === 0 && price.output === 0);
}

function priced(
  answer: ModelReply,
  cacheTtl: Asked['cacheTtl'],
  [own, ...others]: readonly [ModelProfile, ...ModelProfile[]],
): PaidReply {
  const costOf = (profile: ModelProfile) => costUsd(profile, answer.usage, cacheTtl);
  const cost = costOf(own);
  if (cost === undefined) return { answer };
  return { answer, costUsd: others.reduce((sum, profile) => sum + (costOf(profile) ?? 0), cost) };
}
