/** Puts the pieces of streamed tool calls together, whatever a server does with ids and indexes. */

/** As servers send it; any part may be missing, and local servers give parallel calls one index. */
export type CallDelta = {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
};

export type CollectedCall = { id: string | undefined; index: number | undefined; name: string; text: string };

/** Keyed by id first, index second, position third. `begun` hears of each new call once its name is known. */
export function createCallCollector(begun: (name: string) => void) {
  const calls: CollectedCall[] = [];

  function add(delta: CallDelta): void {
    const known = find(delta);
    const call = known ?? { id: undefined, index: undefined, name: '', text: '' };
    if (known === undefined) calls.push(call);
    call.id ??= given(delta.id);
    call.index ??= delta.index ?? undefined;
    const name = given(delta.function?.name);
    if (call.name === '' && name !== undefined) {
      call.name = name;
      begun(name);
    }
    const piece = delta.function?.arguments;
    if (typeof piece === 'string') call.text += piece;
    // Some servers send the object itself, whole.
    else if (typeof piece === 'object' && piece !== null) call.text = JSON.stringify(piece);
  }

  function find({ id, index, function: part }: CallDelta): CollectedCall | undefined {
    const wanted = given(id);
    if (wanted !== undefined) {
      const sameId = calls.find((call) => call.id === wanted);
      // An id that comes late belongs to the call of its index that has none yet.
      return sameId ?? calls.find((call) => call.id === undefined && call.index !== undefined && call.index === index);
    }
    const sameIndex = typeof index === 'number' ? calls.findLast((call) => call.index === index) : calls.at(-1);
    const namesAnother = given(part?.name) !== undefined && sameIndex !== undefined && isWhole(sameIndex.text);
    return namesAnother ? undefined : sameIndex;
  }

  return { add, calls: calls as readonly Readonly<CollectedCall>[] };
}

function given(text: string | null | undefined): string | undefined {
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function isWhole(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
