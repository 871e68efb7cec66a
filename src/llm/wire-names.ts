/** Names and call ids as every provider takes them, and the way back. */
import { createHash } from 'node:crypto';
import type { ModelRequest, ToolSpec } from './provider.ts';

/** What all providers take as the name of a function. */
const maxNameLength = 64;
const maxIdLength = 40;
const legalName = new RegExp(`^[A-Za-z0-9_-]{1,${maxNameLength}}$`);
const legalId = new RegExp(`^[A-Za-z0-9_-]{1,${maxIdLength}}$`);
const hashLength = 8;

/** A legal name stays; any other becomes a readable one that its hash keeps apart from its neighbours. */
export function wireName(name: string): string {
  if (legalName.test(name)) return name;
  const readable = name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, maxNameLength - hashLength - 1);
  return `${readable === '' ? 'tool' : readable}_${digest(name).slice(0, hashLength)}`;
}

/** The way back for the tools on offer; a name nobody offered stays, and running it fails by name. */
export function neutralNames(tools: readonly ToolSpec[]): (name: string) => string {
  const byWireName = new Map(tools.map(({ name }) => [wireName(name), name]));
  return (name) => byWireName.get(name) ?? name;
}

/** A call and its result become the same id, whoever named the call. */
export function wireId(id: string): string {
  return legalId.test(id) ? id : `call_${digest(id).slice(0, maxIdLength - 'call_'.length)}`;
}

/**
 * Ids for the calls of one reply: the provider's own where it is legal and new, else one made from the turn and the
 * position, so that a repeated translation makes the same. Of a shortened conversation the earlier ids are not seen, and
 * some servers count from 0 in each reply: there every id is made.
 */
export function neutralIds(
  used: Iterable<string>,
  { session, turn, shortened }: Pick<ModelRequest, 'session' | 'turn' | 'shortened'>,
): (id: string | undefined, position: number) => string {
  const taken = new Set(used);
  const scope = shortened === true ? `${session}/` : '';
  return (id, position) => {
    let chosen = shortened === true ? '' : (id ?? '');
    for (let tries = 0; !legalId.test(chosen) || taken.has(chosen); tries += 1) {
      chosen = wireId(`#${scope}${turn}/${position}/${tries}/${id ?? ''}`);
    }
    taken.add(chosen);
    return chosen;
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
