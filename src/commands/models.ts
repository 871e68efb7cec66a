/** `dpa models`: the models that are configured and reachable, what each reads, can do and costs. */
import type { Price } from '../analysis/price.ts';
import { exitCode } from '../command-error.ts';
import type { Config } from '../config.ts';
import { automatic, chooseModel, defaultModels, knownProfile } from '../llm/choose.ts';
import { endpointsFrom, settings, type Endpoints } from '../llm/endpoints.ts';
import { fillFromAnthropic, listModels, type Listing } from '../llm/listed-models.ts';
import { corrected } from '../llm/model-policy.ts';
import { filled } from '../llm/models.ts';
import type { Endpoint, ModelProfile } from '../llm/profile.ts';
import { builtinProfile, knownRefs, profileOf, providers, type Provider } from '../llm/profiles.ts';
import type { Terminal } from '../ui/terminal.ts';

type Server = {
  readonly name: Provider;
  readonly configured: boolean;
  readonly reachable: boolean;
  readonly baseUrl?: string;
  /** One sentence: what is wrong, or what to set. */
  readonly problem?: string;
};

type Overview = {
  readonly schema: 'dpa.models/1';
  /** What an analysis uses when none is named; null when the configuration has to be corrected first. */
  readonly chosen: string | null;
  readonly candidates: readonly string[];
  readonly notes: readonly string[];
  readonly servers: readonly Server[];
  readonly models: readonly ModelProfile[];
};

/** Models of one local server whose context size is asked for. */
const maxAskedModels = 20;

export async function models(config: Config, options: { json: boolean }, terminal: Terminal): Promise<number> {
  const overview = await overviewOf(config);
  terminal.answer(options.json ? JSON.stringify(overview) : overviewText(overview));
  for (const note of overview.notes) terminal.notice(note);
  return overview.chosen === null ? exitCode.usage : 0;
}

async function overviewOf(config: Config): Promise<Overview> {
  const endpoints = endpointsFrom(config.environment, config.workingFolder, config.settings.models);
  const [choice, ...found] = await Promise.all([
    chooseModel(config.model ?? automatic, endpoints).catch((error: unknown) => ({
      candidates: [],
      notes: [error instanceof Error ? error.message : String(error)],
    })),
    ...providers.map((name) => serverOf(name, endpoints)),
  ]);
  return {
    schema: 'dpa.models/1',
    chosen: choice.candidates[0] ?? null,
    candidates: choice.candidates,
    notes: choice.notes,
    servers: found.map(({ server }) => server),
    models: [...found.flatMap(({ profiles }) => profiles), builtinProfile].map((profile) =>
      corrected(profile, endpoints.policy),
    ),
  };
}

async function serverOf(name: Provider, endpoints: Endpoints): Promise<{ server: Server; profiles: ModelProfile[] }> {
  const endpoint = endpoints.byName[name];
  const configured = endpoints.configured.includes(name);
  if (endpoint === undefined) {
    const { key, url } = settings[name];
    const problem = endpoints.problems[name] ?? `no key: set ${key} (or ${key}_FILE; ${url} for another address)`;
    return { server: { name, configured, reachable: false, problem }, profiles: [] };
  }
  const listing = await listModels(endpoint);
  const isThere = listing.kind === 'listed';
  const server: Server = {
    name,
    configured,
    reachable: isThere,
    baseUrl: endpoint.baseUrl,
    ...(isThere ? {} : { problem: `${endpoint.baseUrl} ${listing.why}` }),
  };
  return { server, profiles: await profilesAt(endpoint, name, listing) };
}

/** Of a provider with hundreds of models the known ones it offers; of one that describes them, and of a local server, all. */
async function profilesAt(endpoint: Endpoint, name: Provider, listing: Listing): Promise<ModelProfile[]> {
  if (listing.kind === 'failed') return [];
  const offered = listing.models.map(({ id }) => id);
  const known = knownRefs.filter((ref) => ref.startsWith(`${name}/`)).map(knownProfile);
  if (name === 'openai') return known.filter(({ model }) => offered.includes(model));
  if (name === 'anthropic') {
    // Its list says of each what it reads and can do, so new ones are shown too.
    const fill = (profile: ModelProfile) => fillFromAnthropic(profile, listing.models);
    const there = known.filter(({ model }) => offered.includes(model));
    const others = offered.filter((id) => there.every(({ model }) => model !== id));
    const described = others.flatMap((id) => profileOf(`${name}/${id}`) ?? []).map(fill);
    return [...there.map(fill), ...described.filter((profile) => profile.known)];
  }
  const profiles = offered.slice(0, maxAskedModels).flatMap((id) => profileOf(`${name}/${id}`) ?? []);
  return Promise.all(profiles.map((profile) => filled(profile, endpoint)));
}

function overviewText({ chosen, candidates, servers, models: known }: Overview): string {
  const lines = known.map((profile) => {
    const mark = profile.ref === chosen ? '*' : ' ';
    return `${mark} ${profile.ref}${profile.dialect === 'builtin' ? '' : `  ${abilities(profile)}`}`;
  });
  const away = servers.filter(({ reachable }) => !reachable);
  const next = candidates.slice(1);
  return [
    ...lines,
    ...(next.length > 0 ? ['', `* is used when no model is named; when it fails: ${next.join(', ')}`] : []),
    ...(away.length > 0 ? ['', ...away.map(({ name, problem }) => `✗ ${name}: ${problem}`)] : []),
    ...(chosen === null
      ? []
      : ['', `Another one: --model ${chosen === 'builtin' ? defaultModels.openai : 'builtin'}, or DPA_MODEL.`]),
  ].join('\n');
}

function abilities({ inputWindow, maxOutput, price, efforts, temperature, structuredOutput }: ModelProfile): string {
  return [
    `reads ${inputWindow.toLocaleString('en-US')}, writes ${maxOutput.toLocaleString('en-US')} tokens`,
    priceText(price),
    efforts.length > 0 ? `effort ${efforts.join('/')}` : undefined,
    temperature === 'allowed' ? 'temperature' : undefined,
    structuredOutput ? 'structured output' : undefined,
  ]
    .filter((text) => text !== undefined)
    .join(' · ');
}

function priceText(price: Price | undefined): string {
  if (price === undefined) return 'price not known';
  if (price.input === 0 && price.output === 0) return 'free';
  return `$${price.input} in, $${price.cachedInput} cached, $${price.output} out per million (${price.asOf})`;
}
