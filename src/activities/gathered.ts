/** What a report needs of the whole conversation, read message by message: however long it was, little is held at once. */
import { toolCallsOf, textOf, type Message, type ToolCall, type ToolResult } from '../analysis/conversation.ts';
import type { Submission } from '../analysis/evidence.ts';
import { namesLookedFor } from '../analysis/names.ts';
import type { Table } from '../analysis/table.ts';
import { citedCalls } from '../analysis/verification.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { parseEnvelope, type Answer } from './evidence.ts';

export type Gathered = {
  /** The cited calls that were answered with a table, by call id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** In order of their names; with their rows where a listing told them. */
  readonly datasets: readonly { readonly name: string; readonly rows?: number }[];
  /** Words of persons, names and values of the data, and refusals of tools, as far as the submission quotes them. */
  readonly names: ReadonlySet<string>;
};

/** `words`: what the submission may quote beside what stands in the conversation. */
export async function gather(
  messages: AsyncIterable<Message>,
  store: ActivityDependencies['store'],
  submission: Submission,
  words: readonly string[],
): Promise<Gathered> {
  const cited = new Set(citedCalls(submission));
  const isLookedFor = namesLookedFor([
    submission.headline,
    ...submission.limits,
    ...submission.findings.map(({ statement }) => statement),
  ]);
  const answers = new Map<string, Answer>();
  const datasets = new Set<string>();
  const rows = new Map<string, number>();
  const names = new Set<string>();
  const note = (text: string) => void (isLookedFor(text) && names.add(text));
  words.forEach(note);
  let calls = new Map<string, ToolCall>();
  for await (const message of messages) {
    if (message.role === 'user') note(textOf(message));
    if (message.role === 'assistant') calls = new Map(toolCallsOf(message).map((call) => [call.id, call]));
    if (message.role !== 'tool') continue;
    for (const result of message.parts) {
      if (!result.ok) note(result.text);
      const answer = await answerOf(result, calls.get(result.callId), store);
      if (answer === undefined) continue;
      if (cited.has(result.callId)) answers.set(result.callId, answer);
      for (const name of answer.datasets) datasets.add(name);
      for (const [name, count] of rowCounts(answer.table)) if (!rows.has(name)) rows.set(name, count);
      for (const { name } of answer.table.columns) note(name);
      // Words only: a number must come from a result that is cited for it.
      for (const cell of answer.table.rows.flat()) if (typeof cell === 'string' && /\p{L}/u.test(cell)) note(cell);
    }
  }
  const told = [...datasets].sort().map((name) => ({ name, ...(rows.has(name) ? { rows: rows.get(name)! } : {}) }));
  return { answers, datasets: told, names };
}

async function answerOf(
  { callId: _, ref, ok, edited, standIn }: ToolResult,
  asked: ToolCall | undefined,
  store: ActivityDependencies['store'],
): Promise<Answer | undefined> {
  if (!ok || ref === undefined || asked === undefined) return undefined;
  const envelope = parseEnvelope(await store.get(ref));
  if (envelope === undefined) return undefined;
  // What ran is what counts: a person may have changed the call, or another tool answered it.
  const changed =
    edited === undefined ? {} : { arguments: JSON.parse(await store.get(edited)) as ToolCall['arguments'] };
  const call = { ...asked, ...changed, ...(standIn === undefined ? {} : { name: standIn }) };
  return { call, ref, ...envelope };
}

/** Of a listing: datasets and their rows. */
function rowCounts({ columns, rows }: Table): [string, number][] {
  const [dataset, count] = ['dataset', 'rows'].map((name) => columns.findIndex((column) => column.name === name));
  if (dataset === undefined || count === undefined || dataset < 0 || count < 0) return [];
  return rows.flatMap((cells): [string, number][] => {
    const value = Number(cells[count] ?? Number.NaN);
    return Number.isFinite(value) ? [[String(cells[dataset]), value]] : [];
  });
}
