/** Which models there are: the name given with --model to the provider behind it. */
import { Failure } from '../analysis/failures.ts';
import type { ModelProvider } from './provider.ts';

export type Models = Readonly<Record<string, ModelProvider>>;

/** Looks a model up; rejects an unknown one with the names there are. */
export function createModelLookup(models: Models): (model: string) => ModelProvider {
  return (model) => {
    const provider = models[model];
    if (provider !== undefined) return provider;
    throw new Failure(
      'Model.Unknown',
      `Expected one of the models ${Object.keys(models).join(', ')}, found "${model}".`,
    );
  };
}
