/** Reads what was sent as a decision or an answer: its shape is checked before anything is changed. */
import { shorten } from './progress.ts';

export type GivenDecision = {
  readonly call: string;
  readonly decision: 'approve' | 'deny';
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  /** True: this tool for the rest of the analysis; a pattern: all tools whose name fits. */
  readonly always?: string | true;
  readonly by: string;
};

export type GivenAnswer = { readonly question: string; readonly text: string; readonly by: string };

/** Longest words and names that are kept: they stand in history. */
const maxWords = 2_000;
const maxName = 80;

/** Edited arguments travel through history. */
const maxArgumentsCharacters = 32_000;

/** The decision, or a sentence that says what is wrong with what was sent. */
export function readDecision(payload: unknown): GivenDecision | string {
  if (!isRecord(payload)) return `Expected one JSON object, found ${kindOf(payload)}.`;
  const { call, decision, reason, always, by, ...others } = payload;
  const edited = others['arguments'];
  if (typeof call !== 'string' || call === '') return expected('call', 'the id of what waits', call);
  if (decision !== 'approve' && decision !== 'deny') return expected('decision', '"approve" or "deny"', decision);
  if (reason !== undefined && typeof reason !== 'string') return expected('reason', 'words', reason);
  if (always !== undefined && always !== true && (typeof always !== 'string' || always === ''))
    return expected('always', 'true or a pattern of tool names', always);
  if (edited !== undefined && !isRecord(edited)) return expected('arguments', 'a JSON object', edited);
  if (edited !== undefined && decision === 'deny') return 'Expected changed arguments only with an approval.';
  if (edited !== undefined && JSON.stringify(edited).length > maxArgumentsCharacters)
    return `"arguments": expected at most ${maxArgumentsCharacters} characters of JSON, found more.`;
  return {
    call,
    decision,
    by: nameOf(by),
    ...(edited === undefined ? {} : { arguments: edited }),
    ...(reason === undefined || reason.trim() === '' ? {} : { reason: shorten(reason, maxWords) }),
    ...(always === undefined ? {} : { always }),
  };
}

/** The answer, or a sentence that says what is wrong with what was sent. */
export function readAnswer(payload: unknown): GivenAnswer | string {
  if (!isRecord(payload)) return `Expected one JSON object, found ${kindOf(payload)}.`;
  const { question, text, by } = payload;
  if (typeof question !== 'string' || question === '') return expected('question', 'the id of a question', question);
  const words = typeof text === 'string' ? shorten(text, maxWords) : '';
  return words === '' ? expected('text', 'words', text) : { question, text: words, by: nameOf(by) };
}

function nameOf(by: unknown): string {
  const name = typeof by === 'string' ? shorten(by, maxName) : '';
  return name === '' ? 'somebody' : name;
}

function expected(field: string, what: string, found: unknown): string {
  return `"${field}": expected ${what}, found ${kindOf(found)}.`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(shorten(value, maxName));
  return Array.isArray(value) ? 'a list' : `a value of the type ${typeof value}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
