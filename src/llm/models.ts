/** The models of a worker: the reference given with --model to the provider behind it, made when it is first asked for. */
import { Failure } from '../analysis/failures.ts';
import { createBuiltinPlanner } from './builtin/planner.ts';
import { chooseModel, knownProfile } from './choose.ts';
import { createCoolDowns, type CoolDowns } from './cool-down.ts';
import { missing, type Endpoints } from './endpoints.ts';
import { fillFromAnthropic, listModels, windowOf } from './listed-models.ts';
import { requireAdmitted, withPrice } from './model-policy.ts';
import type { Endpoint, ModelProfile } from './profile.ts';
import { profileOf, type Provider } from './profiles.ts';
import type { ModelProvider } from './provider.ts';
import { withoutSecrets } from './without-secrets.ts';

export type Models = Readonly<Record<string, ModelProvider>>;

export type ModelSource = {
  /** Rejects with `Model.Unknown` or `Config.Invalid`. */
  modelFor(ref: string): Promise<ModelProvider>;
  /** What is asked, in order, when this model or `auto` was named. */
  candidatesFor(named: string): Promise<readonly string[]>;
  /** What is known without asking the server; undefined when it is no model's name. */
  profileFor(ref: string): ModelProfile | undefined;
};

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

/** `whose` says in a sentence whose environment the endpoints are from, for a key that somebody else may have. */
export function createModels(endpoints: Endpoints, whose: string): ModelSource {
  const made = new Map<string, Promise<ModelProvider>>();
  const coolDowns = createCoolDowns();
  return {
    modelFor(ref) {
      const known = made.get(ref);
      if (known !== undefined) return known;
      const making = withWhose(() => make(ref, endpoints, coolDowns));
      made.set(ref, making);
      // What failed is tried anew: the server may be up by then.
      making.catch(() => made.delete(ref));
      return making;
    },
    profileFor: (ref) => {
      const profile = profileOf(ref);
      return profile && withPrice(profile, endpoints.policy);
    },
    candidatesFor: (named) => withWhose(async () => (await chooseModel(named, endpoints)).candidates),
  };

  async function withWhose<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.type !== 'Config.Invalid') throw error;
      throw new Failure(error.type, `${error.message} ${whose}`, { cause: error });
    }
  }
}

async function make(ref: string, endpoints: Endpoints, coolDowns: CoolDowns): Promise<ModelProvider> {
  requireAdmitted(ref, endpoints.policy);
  const profile = withPrice(knownProfile(ref), endpoints.policy);
  if (profile.dialect === 'builtin') return createBuiltinPlanner();
  const name = profile.endpoint as Provider;
  const endpoint = endpoints.byName[name];
  if (endpoint === undefined) throw new Failure('Config.Invalid', missing(name, endpoints));
  const provider = await providerOf(await filled(profile, endpoint), endpoint);
  return coolDowns.guard(withoutSecrets(provider, endpoints.secrets), name);
}

/** With what the server itself says; the profile as it is when the server does not say. */
export async function filled(profile: ModelProfile, endpoint: Endpoint): Promise<ModelProfile> {
  switch (profile.endpoint) {
    case 'anthropic': {
      const listing = await listModels(endpoint);
      return listing.kind === 'listed' ? fillFromAnthropic(profile, listing.models) : profile;
    }
    case 'ollama':
    case 'local': {
      const inputWindow = await windowOf(endpoint, profile.model);
      return inputWindow === undefined
        ? profile
        : { ...profile, inputWindow, maxOutput: Math.min(profile.maxOutput, Math.floor(inputWindow / 4)) };
    }
    default:
      return profile;
  }
}

/** The SDKs take long to load, so each is loaded when its first model is asked for. */
async function providerOf(profile: ModelProfile, endpoint: Endpoint): Promise<ModelProvider> {
  switch (profile.dialect) {
    case 'openai-responses':
      return (await import('./openai-responses.ts')).createOpenAiResponses(profile, endpoint);
    case 'openai-chat':
      return (await import('./openai-chat.ts')).createOpenAiChat(profile, endpoint);
    case 'anthropic-messages':
      return (await import('./anthropic-messages.ts')).createAnthropicMessages(profile, endpoint);
    case 'builtin':
      return createBuiltinPlanner();
  }
}
