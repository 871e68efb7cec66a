/** Looks for a model server on this machine, at the usual ports or where the environment says one is. */
import type { Endpoints } from './endpoints.ts';
import { listModels } from './listed-models.ts';
import type { Endpoint } from './profile.ts';

/** Models that answer, in the order of the list. */
export type LocalServer = { readonly endpoint: Endpoint; readonly models: readonly string[] };

/** Nobody waits longer for a server that may not be there. Port 8080 and the like are not tried: other programs listen there. */
const lookLimitMs = 400;

/** Models that turn text into vectors cannot analyse anything. */
const notForChat = /embed|rerank|whisper|tts/i;

export async function localServers({ byName }: Endpoints): Promise<LocalServer[]> {
  const endpoints = [byName.ollama, byName.local].filter((endpoint) => endpoint !== undefined);
  const found = await Promise.all(
    endpoints.map(async (endpoint): Promise<LocalServer[]> => {
      const listing = await listModels(endpoint, lookLimitMs);
      if (listing.kind === 'failed') return [];
      const models = listing.models.map(({ id }) => id).filter((id) => !notForChat.test(id));
      return models.length === 0 ? [] : [{ endpoint, models }];
    }),
  );
  return found.flat();
}
