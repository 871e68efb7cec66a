/** Turns what a server answered to `tools/call` into the bounded text that the rest of the program sees. */
import { canonicalJson } from './canonical-json.ts';
import { ToolFailure } from './failures.ts';
import type { Limits } from './limits.ts';

export type ToolOutcome = {
  /** False when the tool itself reported an error; its words are in `text`. */
  readonly ok: boolean;
  /** The whole result as canonical JSON: the structured content if there is some, else `{text}`. */
  readonly text: string;
};

export function outcomeOf(tool: string, result: Record<string, unknown>, limits: Limits): ToolOutcome {
  const { content, structuredContent, isError } = result;
  const structured = isRecord(structuredContent) ? structuredContent : undefined;
  if (structured === undefined && !Array.isArray(content)) {
    throw malformed(tool, `"content" to be a list, found ${kindOf(content)}`);
  }
  if (structuredContent !== undefined && structured === undefined) {
    throw malformed(tool, `"structuredContent" to be an object, found ${kindOf(structuredContent)}`);
  }
  const text = canonicalText(tool, structured ?? { text: Array.isArray(content) ? textOf(content) : '' }, limits);
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.resultBytes) throw tooLarge(tool, `${bytes} bytes`, limits);
  return { ok: isError !== true, text };
}

export function tooLarge(tool: string, found: string, limits: Limits): ToolFailure {
  const next = 'Ask for less: aggregate in the query, name fewer columns, or set a smaller row limit.';
  const message = `Expected at most ${limits.resultBytes} bytes from ${tool}, found ${found}. ${next}`;
  return new ToolFailure('Tool.ResultTooLarge', message, { retryable: false });
}

function canonicalText(tool: string, value: unknown, limits: Limits): string {
  try {
    return canonicalJson(value, limits.jsonDepth);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw malformed(tool, `at most ${limits.jsonDepth} nested levels, found more`);
  }
}

/** Pictures, sounds and links are named, not passed on: no model of this program looks at them. */
function textOf(content: readonly unknown[]): string {
  return content.map((item) => (isRecord(item) ? textOfItem(item) : '[unreadable content]')).join('\n');
}

function textOfItem(item: Record<string, unknown>): string {
  if (item['type'] === 'text' && typeof item['text'] === 'string') return item['text'];
  const resource = isRecord(item['resource']) ? item['resource'] : item;
  if (typeof resource['text'] === 'string') return resource['text'];
  const name = typeof resource['uri'] === 'string' ? ` ${resource['uri']}` : '';
  return `[${typeof item['type'] === 'string' ? item['type'] : 'unknown content'}${name}, not shown]`;
}

function malformed(tool: string, expectedAndFound: string): ToolFailure {
  const message = `Expected the result of ${tool} to follow the protocol: ${expectedAndFound}. Report it to the maker of the server.`;
  return new ToolFailure('Tool.Malformed', message, { retryable: false });
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
