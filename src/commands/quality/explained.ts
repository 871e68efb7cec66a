/** Lets a model name and explain proposed rules: their words are its own, what they check never is. */
import { textOf } from '../../analysis/conversation.ts';
import type { ModelProvider } from '../../llm/provider.ts';
import type { Suggested } from '../../quality/suggest/suggest.ts';
import type { Suggestion } from '../../quality/suggest/suggestion.ts';

/** Rules told in one question; the others keep the names they have. */
const maxRules = 100;
const maxNameCharacters = 80;
const maxWhyCharacters = 300;
const answerLimitMs = 120_000;

const system = `You name and explain rules that a program proposed for columns of a table. Per rule: a name of at most ten words that a business user understands, and one sentence that says why the rule is useful. Say nothing that the evidence does not show. Answer only with JSON: {"rules": [{"rule": "r1", "name": "…", "why": "…"}]}.`;

const text = { type: 'string' };
const rule = {
  type: 'object',
  properties: { rule: text, name: text, why: text },
  required: ['rule', 'name', 'why'],
  additionalProperties: false,
};
const output = {
  name: 'named_rules',
  schema: {
    type: 'object',
    properties: { rules: { type: 'array', items: rule } },
    required: ['rules'],
    additionalProperties: false,
  },
};

/** Rejects when the model cannot be asked or its answer cannot be read; what it says of no rule is dropped. */
export async function explained(tables: readonly Suggested[], model: ModelProvider): Promise<readonly Suggested[]> {
  const asked = tables.flatMap(({ study, suggestions }) =>
    suggestions.flatMap((suggestion) => (suggestion.proposal.kind === 'rule' ? [{ study, suggestion }] : [])),
  );
  const shown = asked.slice(0, maxRules);
  if (shown.length === 0) return tables;
  const list = shown.map(({ study, suggestion: { column, proposal, evidence } }, index) => {
    const says = proposal.kind === 'rule' ? proposal.name : '';
    return { rule: `r${index + 1}`, table: study.dataset, column, says, evidence };
  });
  const reply = await model.complete(
    {
      session: 'suggest',
      turn: 1,
      model: model.profile.ref,
      system,
      tools: [],
      messages: [{ role: 'user', parts: [{ kind: 'text', text: JSON.stringify(list) }] }],
      output,
    },
    { signal: AbortSignal.timeout(answerLimitMs), emit: () => undefined },
  );
  const words = wordsIn(textOf(reply.message));
  const worded = new Map<Suggestion, NonNullable<Suggestion['words']>>();
  for (const [index, { suggestion }] of shown.entries()) {
    const found = words.get(`r${index + 1}`);
    if (found !== undefined) worded.set(suggestion, found);
  }
  return tables.map(({ study, suggestions }) => ({
    study,
    suggestions: suggestions.map((suggestion) => {
      const found = worded.get(suggestion);
      return found === undefined ? suggestion : { ...suggestion, words: found };
    }),
  }));
}

function wordsIn(answer: string): ReadonlyMap<string, { readonly name: string; readonly why: string }> {
  const rules = rulesIn(answer);
  if (rules === undefined) throw new Error('expected a JSON object with a list of rules in the answer, found none');
  const read = rules.flatMap((given: unknown) => {
    const { rule: id, name, why } = (given ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof id !== 'string' || typeof name !== 'string' || typeof why !== 'string') return [];
    const [title, reason] = [line(name, maxNameCharacters), line(why, maxWhyCharacters)];
    return title === '' ? [] : [[id, { name: title, why: reason }] as const];
  });
  return new Map(read);
}

function rulesIn(answer: string): readonly unknown[] | undefined {
  const json = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
  try {
    const { rules } = JSON.parse(json) as { rules?: unknown };
    return Array.isArray(rules) ? rules : undefined;
  } catch {
    return undefined;
  }
}

function line(words: string, most: number): string {
  return words
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, most);
}
