/** The models of a worker: the reference given with --model to the provider behind it, made when it is first asked for. */
import { Failure } from '../analysis/failures.ts';
import { createBuiltinPlanner } from './builtin/planner.ts';
import { chooseModel, knownProfile } from './choose.ts';
import { createCoolDowns, type CoolDowns } from './cool-down.ts';
import { missing, type Endpoints } from './endpoints.ts';
import { fillFromAnthropic, listModels, windowOf } from './listed-models.ts';
import { anyModel, corrected, isAdmitted, requireAdmitted, type ModelPolicy } from './model-policy.ts';
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
  /** What is known of it, also from its server where that answers; undefined when it is no model's name. */
  profileFor(ref: string): Promise<ModelProfile | undefined>;
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
  const profiles = new Map<string, Promise<ModelProfile>>();
  const coolDowns = createCoolDowns();
  // The server is asked once, also for models that are never used: what they read and cost decides who takes over.
  const profileAt = (profile: ModelProfile, endpoint: Endpoint): Promise<ModelProfile> => {
    const asked = profiles.get(profile.ref) ?? filled(profile, endpoint, endpoints.policy);
    profiles.set(profile.ref, asked);
    // A server that has said nothing yet may be away.
    void asked.then(({ known }) => known || profiles.delete(profile.ref));
    return asked;
  };
  return {
    modelFor(ref) {
      const known = made.get(ref);
      if (known !== undefined) return known;
      const making = withWhose(() => make(ref, endpoints, coolDowns, profileAt));
      made.set(ref, making);
      // What failed is tried anew: the server may be up by then.
      making.catch(() => made.delete(ref));
      return making;
    },
    async profileFor(ref) {
      const profile = profileOf(ref);
      const endpoint = endpoints.byName[profile?.endpoint as Provider];
      if (profile === undefined || endpoint === undefined || !isAdmitted(ref, endpoints.policy))
        return profile && corrected(profile, endpoints.policy);
      return profileAt(profile, endpoint);
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

async function make(
  ref: string,
  endpoints: Endpoints,
  coolDowns: CoolDowns,
  profileAt: (profile: ModelProfile, endpoint: Endpoint) => Promise<ModelProfile>,
): Promise<ModelProvider> {
  requireAdmitted(ref, endpoints.policy);
  const profile = knownProfile(ref);
  if (profile.dialect === 'builtin') return createBuiltinPlanner();
  const name = profile.endpoint as Provider;
  const endpoint = endpoints.byName[name];
  if (endpoint === undefined) throw new Failure('Config.Invalid', missing(name, endpoints));
  const provider = await providerOf(await profileAt(profile, endpoint), endpoint);
  return coolDowns.guard(withoutSecrets(provider, endpoints.secrets), name);
}

/** With what the server itself says, where it does, and with what the project says, which has the last word. */
export async function filled(
  profile: ModelProfile,
  endpoint: Endpoint,
  policy: ModelPolicy = anyModel,
): Promise<ModelProfile> {
  return corrected(await asTold(profile, endpoint), policy);
}

async function asTold(profile: ModelProfile, endpoint: Endpoint): Promise<ModelProfile> {
  switch (profile.endpoint) {
    case 'anthropic': {
      const listing = await listModels(endpoint);
      return listing.kind === 'listed' ? fillFromAnthropic(profile, listing.models) : profile;
    }
    case 'ollama':
    case 'local': {
      const inputWindow = await windowOf(endpoint, profile.model);
      if (inputWindow === undefined) return profile;
      return {
        ...profile,
        inputWindow,
        maxOutput: Math.min(profile.maxOutput, Math.floor(inputWindow / 4)),
        known: true,
      };
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
