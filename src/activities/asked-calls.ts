/** How the calls of a turn stand in history: a summary each, and for those that a person decides what is decided about. */
import { createHash } from 'node:crypto';
import { askPersonTool } from '../agents/data-analysis.ts';
import type { ToolCall } from '../analysis/conversation.ts';
import type { Question } from '../analysis/decisions.ts';
import { shorten } from '../analysis/progress.ts';
import type { Requested } from '../analysis/state.ts';
import { canonicalJson } from '../analysis/canonical-json.ts';
import type { StoredCatalog } from './dependencies.ts';

/** What a call looks like in history and progress. */
const maxSummaryCharacters = 80;

/** Arguments shown to whoever decides; the whole of them is in the transcript. */
const maxArgumentsCharacters = 1_024;

/** Hex digits by which a person names what waits, and by which equal calls are known. */
const idDigits = 12;

/** What a call would touch, in words; and names listed there. */
const maxTouchesCharacters = 240;
const maxNamed = 5;

const maxQuestionCharacters = 1_000;
const maxChoices = 9;
const maxChoiceCharacters = 120;

/** `head`: of the turn that asked, so that the same call in another turn is decided anew. `failed`: calls that are known to fail. */
export function requestedCall(
  call: ToolCall,
  head: string,
  tools: StoredCatalog['tools'],
  failed: readonly string[] = [],
): Requested {
  const same = sameCall(call);
  const base = {
    id: call.id,
    name: call.name,
    summary: summaryOf(call),
    ...(failed.includes(same) ? { same } : {}),
  };
  const id = fingerprint([head, call.id, call.name, canonicalJson(call.arguments)]);
  if (call.name === askPersonTool) {
    const question = readQuestion(call.arguments);
    return typeof question === 'string' ? base : { ...base, question: { id, ...question } };
  }
  const tool = tools.find(({ name }) => name === call.name);
  if (tool?.access !== 'ask') return base;
  const words = canonicalJson(call.arguments);
  const shown = words.length > maxArgumentsCharacters ? `${words.slice(0, maxArgumentsCharacters - 1)}…` : words;
  return { ...base, ask: { id, arguments: shown, touches: touchesOf(call, tool) } };
}

/** Equal for calls of one tool with the same arguments; what a call is for does not change what it does. */
export function sameCall({ name, arguments: given }: ToolCall): string {
  const { purpose: _, ...effective } = given;
  return fingerprint([name, canonicalJson(effective)]);
}

function fingerprint(of: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, idDigits);
}

/** What the call would do and to what, as far as its tool and its arguments say it. */
function touchesOf({ name, arguments: given }: ToolCall, tool: StoredCatalog['tools'][number]): string {
  const doing = { read: 'read', write: 'change something', admin: 'administer something' }[tool.effect];
  const level = tool.securityLevel === undefined ? '' : ` at security level ${tool.securityLevel}`;
  const server = name.slice(0, Math.max(0, name.indexOf('__')));
  const where = server === '' ? '' : ` through the tool server ${server}`;
  const named = [...new Set([...namesInSql(given['sql']), ...textsOf(given, ['dataset', 'table', 'path', 'topic'])])];
  const what = named.length === 0 ? '' : `; it names ${named.slice(0, maxNamed).join(', ')}`;
  return shorten(`It would ${doing}${where}${level}${what}.`, maxTouchesCharacters);
}

/** Names behind the words of SQL that a table follows: enough to see what is meant, no parser. */
function namesInSql(sql: unknown): string[] {
  if (typeof sql !== 'string') return [];
  return [...sql.matchAll(/\b(?:from|join|into|update|table)\s+("[^"]+"|[\w.]+)/gi)].map(([, name = '']) => name);
}

function textsOf(given: Readonly<Record<string, unknown>>, names: readonly string[]): string[] {
  return names.flatMap((name) => (typeof given[name] === 'string' ? [given[name]] : []));
}

export const emptyQuestion = '"question": expected words, found none.';

/** The question, or what is wrong with it. */
export function readQuestion(given: Readonly<Record<string, unknown>>): Question | string {
  const { question, choices } = given;
  if (typeof question !== 'string' || question.trim() === '') return emptyQuestion;
  const words = Array.isArray(choices) ? choices.filter((one): one is string => typeof one === 'string') : [];
  const named = words.slice(0, maxChoices).map((one) => shorten(one, maxChoiceCharacters));
  return { text: shorten(question, maxQuestionCharacters), ...(named.length === 0 ? {} : { choices: named }) };
}

function summaryOf(call: ToolCall): string {
  const main =
    call.arguments['purpose'] ??
    call.arguments['sql'] ??
    call.arguments['dataset'] ??
    (Object.keys(call.arguments).length > 0 ? call.arguments : '');
  const words = typeof main === 'string' ? main : JSON.stringify(main);
  const tool = call.name.slice(call.name.indexOf('__') + 1).replace(/^_/, '');
  return shorten(words === '' ? tool : `${tool}: ${words}`, maxSummaryCharacters);
}
