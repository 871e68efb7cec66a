/** Lets one question at a time have the terminal: two would read the same keys. */

export type Floor = {
  /** Waits for its turn. `taken` is aborted when something needs the terminal at once: leave, and ask again later. */
  take<T>(ask: (taken: AbortSignal) => Promise<T>): Promise<T>;
  /** Takes the terminal from whoever has it, as soon as they have left. */
  takeAtOnce<T>(ask: () => Promise<T>): Promise<T>;
};

export function createFloor(): Floor {
  let last: Promise<unknown> = Promise.resolve();
  let present = new AbortController();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const turn = last.then(ask);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    take: (ask) =>
      inTurn(() => {
        present = new AbortController();
        return ask(present.signal);
      }),
    takeAtOnce(ask) {
      present.abort();
      return inTurn(ask);
    },
  };
}
