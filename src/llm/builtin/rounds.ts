/** One round of a script: queries that run in parallel under one step of the plan, and what the failed ones mean. */
import type { Plan } from '../../analysis/plan.ts';
import { problemOf, tableOf, type ToolNames } from './catalog.ts';
import { queryCall } from './query-call.ts';
import type { Ask, Reply } from './script.ts';

/** What a script works with: the tools of the data server and the titles of its plan. */
export type Desk = { readonly tools: ToolNames; readonly titles: readonly string[] };

/** One query with its subject in words, so that a failure can be told, e.g. "spelling variants in `city`". */
export type Question = { readonly about: string; readonly sql: string };

/** Most calls of one turn: enough to keep a server busy, few enough for a conversation that can be read. */
export const maxCallsPerTurn = 24;

/** Most rows a query may bring: what the planner reads is small by construction. */
const maxRows = 200;

/** Runs the questions in as few turns as allowed; the replies come in the order of the questions. */
export function* askAll(
  desk: Desk,
  step: number,
  say: string,
  questions: readonly Question[],
): Generator<Ask, Reply[], readonly Reply[]> {
  const replies: Reply[] = [];
  for (let at = 0; at < questions.length; at += maxCallsPerTurn) {
    const batch = questions.slice(at, at + maxCallsPerTurn);
    const answered: readonly Reply[] = yield {
      say: at === 0 ? say : `${say} (continued)`,
      plan: planAt(desk.titles, step),
      calls: batch.map(({ about, sql }) => queryCall(desk.tools, about, sql, maxRows)),
    };
    replies.push(...batch.map((_, i) => answered[i] ?? { call: '', ok: false, value: 'no result' }));
  }
  return replies;
}

/** The plan while one step is under way: the earlier ones are done, the later ones open. */
export function planAt(titles: readonly string[], step: number): Plan {
  return {
    steps: titles.map((title, i) => ({ title, state: i < step ? 'done' : i === step ? 'doing' : 'open' })),
  };
}

/** How sentences about failed queries begin. */
export const notEvaluated = 'Could not be evaluated';

/** What could not be evaluated, one sentence for each reason. */
export function failuresOf(questions: readonly Question[], replies: readonly Reply[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const [i, question] of questions.entries()) {
    const reply = replies[i];
    if (reply !== undefined && tableOf(reply) !== undefined) continue;
    const reason = problemOf(reply);
    byReason.set(reason, [...(byReason.get(reason) ?? []), question.about]);
  }
  return [...byReason].map(
    ([reason, abouts]) => `${notEvaluated}: ${listed(abouts, maxSubjects)}. Reason: ${plainWords(reason)}`,
  );
}

/** A message of a tool as plain words: what has digits in it (a line, a count) is quoted as the tool's own. */
export function plainWords(message: string): string {
  return message
    .replaceAll(/[`{}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, maxMessageChars)
    .trim()
    .replaceAll(/[\p{L}\p{N}][^\s]*/gu, (word) => (/\p{N}/u.test(word) ? quotedWord(word) : word));
}

/** The marks at the end of a word stay outside of its quotes. */
function quotedWord(word: string): string {
  const end = /[^\p{L}\p{N}]*$/u.exec(word)?.[0] ?? '';
  return `\`${word.slice(0, word.length - end.length)}\`${end}`;
}

/** Longest message of a tool repeated in a report. */
const maxMessageChars = 240;

/** Subjects named in one sentence about what could not be evaluated. */
const maxSubjects = 4;

/** Words as a list in a sentence: "a, b and c"; long lists end in "and others". */
export function listed(words: readonly string[], most = maxListed): string {
  const shown = words.slice(0, most);
  if (words.length > most) return `${shown.join(', ')} and others`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Longest list inside a sentence that is still read. */
const maxListed = 8;
