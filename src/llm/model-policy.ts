/** What a project says about models: which may never be asked, in which order the others are, what they are and what they cost. */
import { Failure } from '../analysis/failures.ts';
import type { Price } from '../analysis/price.ts';
import type { ModelProfile } from './profile.ts';

export type ModelPolicy = {
  /** References, the first one first; absent: what keys and this machine offer. */
  readonly order?: readonly string[];
  /** Providers and models that are never asked, whoever names them. */
  readonly exclude: readonly string[];
  readonly prices: Readonly<Record<string, Price>>;
  readonly profiles: Readonly<Record<string, ProfileCorrection>>;
};

/** What a project may know better than the program and the server. */
export type ProfileCorrection = Partial<Pick<ModelProfile, 'inputWindow' | 'maxOutput' | 'temperature' | 'efforts'>>;

export const anyModel: ModelPolicy = { exclude: [], prices: {}, profiles: {} };

export function isAdmitted(ref: string, { exclude }: ModelPolicy): boolean {
  return !exclude.includes(ref) && !exclude.includes(ref.split('/')[0] ?? '');
}

/** Rejects a model that somebody named although the project excludes it. */
export function requireAdmitted(ref: string, policy: ModelPolicy): void {
  if (isAdmitted(ref, policy)) return;
  throw new Failure(
    'Config.Invalid',
    `Expected a model that this project admits, found ${ref}, which models.exclude in dpa.yaml excludes. Name another one, or change the list.`,
  );
}

/** The profile with what the project says of it. */
export function corrected(profile: ModelProfile, { prices, profiles }: ModelPolicy): ModelProfile {
  const price = prices[profile.ref];
  const { inputWindow, ...more } = profiles[profile.ref] ?? {};
  return {
    ...profile,
    ...(inputWindow === undefined ? {} : { inputWindow, known: true }),
    ...more,
    ...(price === undefined ? {} : { price }),
  };
}
