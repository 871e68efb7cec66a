/** The activity that tells people outside the terminal that an analysis waits for them. */
import type { TellPeopleInput, TellPeopleResult } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Resolves with what could not be sent, a sentence each; never rejects for a receiver. */
export type TellPeople = (word: TellPeopleInput) => Promise<readonly string[]>;

export function createTellPeople({ tellPeople }: ActivityDependencies) {
  return async (input: TellPeopleInput): Promise<TellPeopleResult> => ({
    problems: tellPeople === undefined ? [] : await tellPeople(input),
  });
}
