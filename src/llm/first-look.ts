/** A first look at the model that is about to be used: what cannot work is told before anything is started. */
import { Failure } from '../analysis/failures.ts';
import { nearest } from '../analysis/nearest.ts';
import { knownProfile } from './choose.ts';
import { settings, type Endpoints } from './endpoints.ts';
import { listModels, type Listed } from './listed-models.ts';
import type { ModelProfile } from './profile.ts';
import type { Provider } from './profiles.ts';

const maxNearest = 3;

/**
 * A sentence when the server is away, which may be over in a minute; rejects with `Config.Invalid` or `Model.Unknown`
 * when a setting has to be corrected. A server that lists nothing is taken at its word later.
 */
export async function lookAtFirst(ref: string, { byName }: Endpoints): Promise<string | undefined> {
  const profile = knownProfile(ref);
  if (profile.dialect === 'builtin') return undefined;
  const provider = profile.endpoint as Provider;
  const endpoint = byName[provider];
  if (endpoint === undefined) return undefined;
  const listing = await listModels(endpoint);
  if (listing.kind === 'listed') {
    if (!isListed(profile, listing.models)) throw notThere(profile, listing.models);
    return undefined;
  }
  const sentence = `${provider} at ${endpoint.baseUrl} ${listing.why}.`;
  if (listing.isWrong) throw new Failure('Config.Invalid', `${sentence} ${toCorrect(provider, listing.why)}`);
  return /status 4\d\d/.test(listing.why) ? undefined : sentence;
}

function toCorrect(provider: Provider, why: string): string {
  const { key, url } = settings[provider];
  if (key !== undefined && why === 'refuses the key')
    return `Set ${key} (or ${key}_FILE to a file that holds it) to a key that is valid there, or name another model with --model.`;
  return `Correct ${url}, or name another model with --model.`;
}

/** Lists hold names with a date or a tag where a shorter one is asked for, and not every known one. */
function isListed({ model, known }: ModelProfile, models: readonly Listed[]): boolean {
  return known || models.length === 0 || models.some(({ id }) => id.startsWith(model));
}

function notThere({ ref, endpoint, model }: ModelProfile, models: readonly Listed[]): Failure {
  const ids = models.map(({ id }) => id);
  const close = nearest(model, ids, maxNearest);
  const shown = (close.length > 0 ? close : ids.slice(0, maxNearest)).map((id) => `${endpoint}/${id}`);
  const hint =
    close.length > 0 ? `Did you mean ${shown.join(' or ')}?` : `There are ${shown.join(', ')}; see \`dpa models\`.`;
  return new Failure(
    'Model.Unknown',
    `Expected a model that ${endpoint} offers, found ${JSON.stringify(ref)}. ${hint}`,
  );
}
