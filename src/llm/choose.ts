/** Which model an analysis uses: the one named, else what the keys and this machine offer, the built-in planner last. */
import { Failure } from '../analysis/failures.ts';
import { nearest } from '../analysis/nearest.ts';
import { missing, settings, type Endpoints } from './endpoints.ts';
import { listModels, windowOf } from './listed-models.ts';
import { localServers } from './local-servers.ts';
import { isAdmitted, requireAdmitted } from './model-policy.ts';
import type { ModelProfile } from './profile.ts';
import { knownRefs, profileOf, providers, type Provider } from './profiles.ts';

/** Said instead of a model: whoever runs the analysis chooses. */
export const automatic = 'auto';

/** What is asked where only a key was given. */
export const defaultModels = {
  openai: 'openai/gpt-6.1-sol',
  anthropic: 'anthropic/claude-sonnet-5-5',
} as const satisfies Partial<Record<Provider, string>>;

/** Instructions, tools and a few results; a server that reads less loses the beginning without a word. */
export const smallestWindowTokens = 16_384;

export type Choice = {
  /** The models to ask, the first one first, `builtin` last. */
  readonly candidates: readonly [string, ...string[]];
  /** Sentences for the person: why it is not what they may have expected. */
  readonly notes: readonly string[];
};

/** Said once when there is neither key nor server. */
export const noModelNote = `No key (${settings.openai.key}, ${settings.anthropic.key}) and no local model server: the built-in planner is used. \`dpa models\` shows what can be set.`;

/** Rejects with `Model.Unknown` or `Config.Invalid`, one sentence that says what to change. */
export async function chooseModel(named: string, endpoints: Endpoints): Promise<Choice> {
  if (named === automatic) return automaticChoice(endpoints);
  const profile = knownProfile(named);
  requireAdmitted(named, endpoints.policy);
  if (profile.dialect === 'builtin') return { candidates: [named], notes: [] };
  const provider = profile.endpoint as Provider;
  if (endpoints.byName[provider] === undefined) throw new Failure('Config.Invalid', missing(provider, endpoints));
  await refuseSmallWindow(profile, endpoints);
  // What was given to a server on this machine is not sent to somebody else.
  const others = provider === 'openai' || provider === 'anthropic' ? usable(endpoints) : [];
  const rest = others.filter((ref) => !ref.startsWith(`${provider}/`));
  return { candidates: [named, ...withPlanner(rest, endpoints)], notes: [] };
}

/** Rejects with `Model.Unknown` and the nearest names. */
export function knownProfile(ref: string): ModelProfile {
  const profile = profileOf(ref);
  if (profile !== undefined) return profile;
  const withProvider = knownRefs.filter((known) => known.slice(known.indexOf('/') + 1) === ref);
  const close = [...withProvider, ...nearest(ref, knownRefs, 3), ...nearestIds(ref)];
  const hint =
    close.length > 0
      ? `Did you mean ${[...new Set(close)].slice(0, 3).join(' or ')}?`
      : '`dpa models` lists what there is.';
  throw new Failure(
    'Model.Unknown',
    `Expected a model as ${providers.map((name) => `${name}/ID`).join(', ')} or builtin, found ${JSON.stringify(ref.slice(0, 100))}. ${hint}`,
  );
}

/** Written without its provider, or with a wrong one. */
function nearestIds(ref: string): string[] {
  const id = ref.slice(ref.lastIndexOf('/') + 1);
  const byId = new Map(knownRefs.map((known) => [known.slice(known.indexOf('/') + 1), known]));
  return nearest(id, byId.keys(), 3).flatMap((known) => byId.get(known) ?? []);
}

async function automaticChoice(endpoints: Endpoints): Promise<Choice> {
  const { candidates, notes } = await bestChoice(endpoints);
  return { candidates, notes: [...endpoints.empty.map(emptyNote), ...notes] };
}

/** Not refused: pipelines set such a variable whether they have the secret or not. */
function emptyNote(name: Provider): string {
  const { key } = settings[name];
  return `${key} is set, but empty: ${name} is not asked. Set ${key} (or ${key}_FILE to a file that holds the key), or unset it.`;
}

async function bestChoice(endpoints: Endpoints): Promise<Choice> {
  // A key that is set but wrong is a mistake to be told, not a reason to use something else.
  for (const name of ['openai', 'anthropic'] as const) {
    const problem = endpoints.problems[name];
    if (problem !== undefined && isAdmitted(name, endpoints.policy)) throw new Failure('Config.Invalid', problem);
  }
  const [first, ...others] = usable(endpoints);
  if (first === undefined) return localChoice(endpoints);
  // What the project names is asked as it is named.
  const asked = endpoints.policy.order === undefined ? await offered(first, endpoints) : first;
  return { candidates: asked === 'builtin' ? [asked] : [asked, ...withPlanner(others, endpoints)], notes: [] };
}

async function localChoice(endpoints: Endpoints): Promise<Choice> {
  const servers = await localServers(endpoints);
  const refs = servers
    .flatMap(({ endpoint, models }) => models.map((model) => `${endpoint.name}/${model}`))
    .filter((ref) => isAdmitted(ref, endpoints.policy));
  const [only] = refs;
  if (only === undefined) return { candidates: ['builtin'], notes: [noModelNote] };
  if (refs.length > 1) return { candidates: ['builtin'], notes: [severalNote(refs)] };
  const profile = knownProfile(only);
  const small = await smallWindow(profile, endpoints);
  if (small !== undefined)
    return { candidates: ['builtin'], notes: [`${small} The built-in planner is used instead.`] };
  return { candidates: [only, 'builtin'], notes: [`The local model ${only} is used.`] };
}

function severalNote(refs: readonly string[]): string {
  const shown = refs.slice(0, 5).join(', ');
  return `Several local models answer (${shown}${refs.length > 5 ? ', …' : ''}): name one with --model. Until then the built-in planner is used.`;
}

/** In the project's order, else what there is a key for; only what may be asked. */
function usable({ byName, configured, policy }: Endpoints): string[] {
  const refs = policy.order ?? Object.values(defaultModels);
  return refs.filter((ref) => {
    const { dialect, endpoint } = knownProfile(ref);
    const provider = endpoint as Provider;
    const isThere = dialect === 'builtin' || (configured.includes(provider) && byName[provider] !== undefined);
    return isThere && isAdmitted(ref, policy);
  });
}

/** The planner comes last where nobody said otherwise. */
function withPlanner(refs: readonly string[], { policy }: Endpoints): string[] {
  return refs.includes('builtin') || !isAdmitted('builtin', policy) ? [...refs] : [...refs, 'builtin'];
}

async function refuseSmallWindow(profile: ModelProfile, endpoints: Endpoints): Promise<void> {
  const small = await smallWindow(profile, endpoints);
  if (small !== undefined) throw new Failure('Config.Invalid', small);
}

/**
 * Behind an own address the usual model may not be there: then the only one that is, else a person has to say. A server
 * that does not list its models is asked for the usual one.
 */
async function offered(usual: string, { byName }: Endpoints): Promise<string> {
  const provider = knownProfile(usual).endpoint as Provider;
  const endpoint = byName[provider]!;
  if (endpoint.baseUrl === settings[provider].defaultUrl) return usual;
  const listing = await listModels(endpoint);
  const refs = listing.kind === 'listed' ? listing.models.map(({ id }) => `${provider}/${id}`) : [];
  const [only] = refs;
  if (only === undefined || refs.includes(usual)) return usual;
  if (refs.length === 1) return only;
  throw new Failure(
    'Model.Unknown',
    `Expected ${usual} at ${endpoint.baseUrl}, found ${refs.length} other models (${refs.slice(0, 5).join(', ')}${refs.length > 5 ? ', …' : ''}). Name one with --model or DPA_MODEL.`,
  );
}

/** A sentence when the server says that it reads too little; nothing when it does not say. */
async function smallWindow(profile: ModelProfile, { byName, policy }: Endpoints): Promise<string | undefined> {
  if (profile.endpoint !== 'ollama' && profile.endpoint !== 'local') return undefined;
  const said = policy.profiles[profile.ref]?.inputWindow;
  const window = said ?? (await windowOf(byName[profile.endpoint]!, profile.model));
  if (window === undefined || window >= smallestWindowTokens) return undefined;
  const how =
    profile.endpoint === 'ollama'
      ? 'Set OLLAMA_CONTEXT_LENGTH for the server, or num_ctx in its Modelfile'
      : 'Load it with a longer context';
  return `${profile.ref} reads ${window} tokens at once; at least ${smallestWindowTokens} are needed for the tools. ${how}, or name another model.`;
}
