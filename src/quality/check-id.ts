/** Ids of checks that stay the same from night to night: made of what a rule says, not of where it stands or what it is called. */
import type { Check } from './check.ts';

type Distributed<T> = T extends unknown ? Omit<T, 'id' | 'contract' | 'definitionHash'> : never;

/** A check before it has its ids. */
export type CheckDraft = Distributed<Check>;

/** Names, owners and places may change; a series of points goes on. */
const NOT_MEANING = new Set(['id', 'name', 'severity', 'dimension', 'owner', 'tags', 'description', 'source']);

/** What a rule asks for changes more often than what it looks at: the id leaves it out, the definition's hash does not. */
const ASKED = new Set([...NOT_MEANING, 'threshold', 'must', 'sensitivity', 'limit', 'window']);

/** Gives each check its ids; drafts that say the very same get a number behind, in their order. `own` are the ids the contract gives, by place. */
export function withIds(
  contract: string,
  drafts: readonly CheckDraft[],
  own: ReadonlyMap<string, string> = new Map(),
): Check[] {
  const taken = new Map<string, number>();
  return drafts.map((draft) => {
    const wanted = own.get(draft.source) ?? `${draft.kind}-${hashOf(draft, ASKED)}`;
    const before = taken.get(wanted) ?? 0;
    taken.set(wanted, before + 1);
    const id = before === 0 ? wanted : `${wanted}-${before + 1}`;
    return { ...draft, id, contract, definitionHash: hashOf(draft, NOT_MEANING) };
  });
}

/** Names a check within a suite of several contracts, and in its history. */
export function keyOf({ contract, id }: { readonly contract: string; readonly id: string }): string {
  return `${contract}/${id}`;
}

function hashOf(draft: CheckDraft, leftOut: ReadonlySet<string>): string {
  return fnv1a(canonical(Object.fromEntries(Object.entries(draft).filter(([key]) => !leftOut.has(key)))));
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

/** 64 bits of FNV-1a over UTF-16: this folder has no Node, and nobody attacks a rule's own id. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = ((hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
