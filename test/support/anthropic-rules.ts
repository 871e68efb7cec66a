/** What the Messages API of 2026-10-21 refuses, as far as this program could ever send it. */
import { createHash } from 'node:crypto';
import type { Refusal } from './fake-model-server.ts';

type Fields = Readonly<Record<string, unknown>>;
type WireMessage = { readonly role: unknown; readonly content: unknown };

export const apiVersion = '2026-10-21';

const requestFields = [
  'model',
  'max_tokens',
  'messages',
  'stream',
  'system',
  'tools',
  'tool_choice',
  'thinking',
].concat(['output_config', 'cache_control', 'metadata', 'stop_sequences', 'service_tier']);
const removedFields = ['temperature', 'top_p', 'top_k'];
const blockFields: Readonly<Record<string, readonly string[]>> = {
  text: ['type', 'text', 'cache_control', 'citations'],
  thinking: ['type', 'thinking', 'signature'],
  redacted_thinking: ['type', 'data'],
  tool_use: ['type', 'id', 'name', 'input', 'cache_control'],
  tool_result: ['type', 'tool_use_id', 'content', 'is_error', 'cache_control'],
};
const upToMax = ['low', 'medium', 'high', 'xhigh', 'max'];

type FakeModel = {
  readonly efforts: readonly string[];
  readonly maxOutput: number;
  /** How it may think; the first is what it does when nothing is said. */
  readonly thinking: readonly string[];
};

/** `claude-house-1` stands for models that nobody knows by name: it takes no effort and does not think. */
const models: Readonly<Record<string, FakeModel>> = {
  'claude-sonnet-5-5': { efforts: upToMax, maxOutput: 128_000, thinking: ['adaptive', 'between_tools'] },
  'claude-opus-5-5': { efforts: upToMax, maxOutput: 128_000, thinking: ['adaptive'] },
  'claude-fable-5-1': { efforts: upToMax, maxOutput: 128_000, thinking: ['adaptive', 'between_tools'] },
  'claude-haiku-5-5': { efforts: ['low', 'medium', 'high'], maxOutput: 64_000, thinking: ['adaptive'] },
  'claude-house-1': { efforts: [], maxOutput: 32_000, thinking: [] },
};

const legalId = /^[a-zA-Z0-9_-]{1,64}$/;
const legalName = /^[a-zA-Z0-9_-]{1,64}$/;

class Refused extends Error {}

/** Undefined when the request is legal. */
export function checkMessagesRequest(body: unknown, headers: Fields, version = apiVersion): Refusal | undefined {
  try {
    if (!/^Bearer \S+$/.test(String(headers['authorization']))) {
      return refusal(401, 'authentication_error', 'authorization: a bearer token is required');
    }
    require(headers['anthropic-version'] === version, `anthropic-version: expected ${version}`);
    const request = object(body, 'body');
    const model = models[undated(String(request['model']))];
    if (model === undefined) return refusal(404, 'not_found_error', `model: ${String(request['model'])}`);
    checkRequest(request, model);
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return refusal(400, 'invalid_request_error', error.message);
    throw error;
  }
}

export function refusal(status: number, type: string, message: string, code?: string): Refusal {
  const details = code === undefined ? {} : { details: { error_code: code } };
  return { status, body: { type: 'error', error: { type, message, ...details } } };
}

/** Thinking is bound to the model and to all that stands before it. */
export function signatureOf(request: Fields, before: readonly unknown[], thinking: string): string {
  const { model, system, tools } = request;
  return createHash('sha256')
    .update(JSON.stringify([model, system ?? null, tools ?? null, before, thinking]))
    .digest('base64');
}

function undated(model: string): string {
  return model.replace(/-\d{8}$/, '');
}

/** Thinking that nobody may read, not even in short: bound just the same. */
export function redactedOf(request: Fields, before: readonly unknown[]): string {
  return `redacted:${signatureOf(request, before, '')}`;
}

function checkRequest(request: Fields, one: FakeModel): void {
  for (const name of Object.keys(request)) {
    require(!removedFields.includes(name), `${name}: not supported on this API version`);
    require(requestFields.includes(name), `${name}: Extra inputs are not permitted`);
  }
  const { max_tokens: tokens, stream, system, messages } = request;
  const inRange = Number.isInteger(tokens) && Number(tokens) >= 1 && Number(tokens) <= one.maxOutput;
  require(inRange, `max_tokens: ${String(tokens)} > ${one.maxOutput}, the maximum of this model`);
  require(stream === true, 'stream: a long request must be streamed');
  require(system === undefined || isText(system), 'system: must not be empty');
  checkTools(request);
  checkSettings(request, one);
  require(Array.isArray(messages) && messages.length > 0, 'messages: at least one message is required');
  checkMessages(request, messages as WireMessage[]);
}

function checkTools({ tools, tool_choice: choice }: Fields): void {
  const names = new Set<unknown>();
  require(tools === undefined || (Array.isArray(tools) && tools.length > 0), 'tools: must not be empty');
  for (const tool of (tools ?? []) as Fields[]) {
    known(tool, ['type', 'name', 'description', 'input_schema', 'cache_control', 'strict'], 'tools');
    require(legalName.test(String(tool['name'])), `tools.name: String should match pattern ${legalName.source}`);
    require(!names.has(tool['name']), 'tools: Tool names must be unique.');
    names.add(tool['name']);
    const schema = object(tool['input_schema'], 'input_schema');
    require(schema['type'] === 'object', 'tools.input_schema.type: Field required');
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      require(!(key in schema), `tools.input_schema: ${key} is not supported at the top level`);
    }
  }
  if (choice === undefined) return;
  require(tools !== undefined, 'tool_choice: may only be specified while providing tools');
  const type = object(choice, 'tool_choice')['type'];
  require(type === 'auto' || type === 'none', 'tool_choice: forced tool use is not supported on this model');
}

function checkSettings({ thinking, output_config: config, cache_control: cache }: Fields, model: FakeModel): void {
  if (thinking !== undefined) {
    const { type, display = 'omitted' } = known(thinking, ['type', 'display'], 'thinking');
    require(model.thinking.includes(String(type)), 'thinking.type: not supported on this model');
    require(display === 'summarized' || display === 'omitted', 'thinking.display: unknown value');
  }
  if (config !== undefined) {
    const { effort, format } = known(config, ['effort', 'format'], 'output_config');
    const word = effort === undefined ? undefined : JSON.stringify(effort).slice(1, -1);
    require(word === undefined ||
      upToMax.includes(word), `output_config.effort: Input should be ${upToMax.join(', ')}`);
    require(word === undefined || model.efforts.includes(word), 'output_config.effort: not supported on this model');
    if (format !== undefined) {
      const { type, schema } = known(format, ['type', 'schema'], 'output_config.format');
      require(type === 'json_schema', 'output_config.format.type: unknown value');
      require(object(schema, 'schema')['additionalProperties'] ===
        false, 'output_config.format.schema: must be closed');
    }
  }
  if (cache !== undefined) {
    const { type, ttl } = known(cache, ['type', 'ttl'], 'cache_control');
    require(type === 'ephemeral' && ['5m', '1h', undefined].includes(ttl as string), 'cache_control: unknown value');
  }
}

function checkMessages(request: Fields, messages: readonly WireMessage[]): void {
  const ids = new Set<string>();
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    known(message, ['role', 'content'], at);
    require(message.role === (index % 2 === 0 ? 'user' : 'assistant'), `${at}: roles must alternate, the user first`);
    const blocks = blocksOf(message, at);
    if (message.role === 'user') checkResults(blocks, open, at);
    else {
      checkThinking(request, messages.slice(0, index), blocks, at);
      open = checkCalls(blocks, ids, at);
    }
  }
  require(messages.length % 2 === 1, 'This model does not support assistant message prefill.');
}

function blocksOf({ content }: WireMessage, at: string): Fields[] {
  require(Array.isArray(content) && content.length > 0, `${at}: content must not be empty`);
  for (const block of content as Fields[]) {
    const { type, text } = object(block, at);
    known(block, blockFields[String(type)] ?? [], `${at}.content`);
    if (type === 'text') require(typeof text === 'string' && text.trim() !== '', `${at}: text must not be empty`);
  }
  return content as Fields[];
}

function checkResults(blocks: readonly Fields[], open: readonly string[], at: string): void {
  const results = blocks.filter(({ type }) => type === 'tool_result');
  require(blocks.every(({ type }) => type === 'tool_result' || type === 'text'), `${at}: unexpected block`);
  require(blocks
    .slice(0, results.length)
    .every(({ type }) => type === 'tool_result'), `${at}: tool_result blocks must come first`);
  const answered = results.map((block) => String(block['tool_use_id']));
  require(new Set(answered).size === answered.length, `${at}: each tool_use must have a single result`);
  for (const id of answered) require(open.includes(id), `${at}: unexpected tool_use_id in tool_result: ${id}`);
  for (const id of open) require(answered.includes(id), `${at}: tool_use ${id} without tool_result right after`);
  for (const { content } of results) {
    require(content === undefined || typeof content === 'string' || isText(content), `${at}: content must be text`);
  }
}

/** As a string, or as blocks of text. */
function isText(value: unknown): boolean {
  if (!Array.isArray(value)) return typeof value === 'string' && value.trim() !== '';
  return value.length > 0 && value.every(({ type, text }: Fields) => type === 'text' && isText(text));
}

function checkCalls(blocks: readonly Fields[], ids: Set<string>, at: string): string[] {
  const calls = blocks.filter(({ type }) => type === 'tool_use');
  require(blocks
    .slice(blocks.length - calls.length)
    .every(({ type }) => type === 'tool_use'), `${at}: nothing may follow a tool_use but another one`);
  require(!String(blocks.at(-1)?.['type']).endsWith('thinking'), `${at}: the final block cannot be thinking`);
  return calls.map((block) => {
    const id = String(block['id']);
    require(legalId.test(id), `${at}.tool_use.id: String should match pattern ${legalId.source}`);
    require(legalName.test(
      String(block['name']),
    ), `${at}.tool_use.name: String should match pattern ${legalName.source}`);
    require(!ids.has(id), `${at}: tool_use ids must be unique`);
    ids.add(id);
    object(block['input'], `${at}.tool_use.input: Input should be a valid dictionary`);
    return id;
  });
}

function checkThinking(request: Fields, before: readonly unknown[], blocks: readonly Fields[], at: string): void {
  for (const block of blocks) {
    const { type, thinking, signature, data } = block;
    const isBound = `${at}: ${String(type)} block is bound to a different conversation`;
    if (type === 'thinking') require(signature === signatureOf(request, before, String(thinking)), isBound);
    if (type === 'redacted_thinking') require(data === redactedOf(request, before), isBound);
  }
}

function known(value: unknown, names: readonly string[], at: string): Fields {
  const fields = object(value, at);
  for (const name of Object.keys(fields))
    require(names.includes(name), `${at}.${name}: Extra inputs are not permitted`);
  return fields;
}

function object(value: unknown, at: string): Fields {
  require(typeof value === 'object' && value !== null && !Array.isArray(value), `${at}: an object is required`);
  return value as Fields;
}

function require(holds: boolean, otherwise: string): void {
  if (!holds) throw new Refused(otherwise);
}
