/** The conversations of a drawn run, by their heads; complains when one is not legal. */
import { redirectedTo } from '../../src/analysis/interrupts.ts';
import type { AnalysisState, Pending } from '../../src/analysis/state.ts';

type Entry = Pending | { readonly kind: 'reply'; readonly calls: readonly string[] };

export function createConversations() {
  const nodes = new Map<string, readonly Entry[]>();

  const whole = ({ head, pending }: Pick<AnalysisState, 'head' | 'pending'>): readonly Entry[] => [
    ...(head === null ? [] : nodes.get(head)!),
    ...pending,
  ];

  return {
    /** What the model is given next: after each reply exactly one result for each of its calls, and results nowhere else. */
    requireWhole(state: AnalysisState): void {
      const entries = whole(state);
      let open: readonly string[] = [];
      for (const entry of entries) {
        const answered = entry.kind === 'results' ? entry.results.map(({ callId }) => callId) : [];
        expect(answered.toSorted()).toEqual(open.toSorted());
        open = entry.kind === 'reply' ? entry.calls : [];
      }
      expect(open).toEqual([]);
    },
    /** A reply to what the model was given; returns the new head. */
    reply(state: AnalysisState, calls: readonly string[]): string {
      const head = `h${nodes.size}`;
      nodes.set(head, [...whole(state), { kind: 'reply', calls }]);
      return head;
    },
    wordsIn: (state: AnalysisState): string[] =>
      whole(state).flatMap((entry) => {
        const lines = entry.kind === 'user' ? entry.text.split('\n') : [];
        return lines.flatMap((line) => redirectedTo(line) ?? []);
      }),
  };
}
