/** The Chat Completions dialect of the strict fake OpenAI: its checks and its stream, with local servers' peculiarities. */
import {
  argumentsProblem,
  fakeModels,
  firstOf,
  idProblem,
  isObject,
  modelProblem,
  nameProblem,
  parametersProblem,
  samplingProblem,
  strictProblem,
  unknownField,
  type Json,
  type Problem,
} from './fake-openai-rules.ts';
import type { FakeTurn, WireEvent } from './fake-model-server.ts';

const fields = [
  'model,stream,stream_options,messages,tools,parallel_tool_calls,reasoning_effort,max_completion_tokens,max_tokens',
  'response_format,temperature,store,prompt_cache_key,tool_choice,metadata',
].flatMap((line) => line.split(','));

export function chatProblem(body: unknown): Problem | undefined {
  if (!isObject(body)) return { message: 'Expected a JSON object.' };
  const { tools, messages, reasoning_effort: effort } = body;
  return firstOf(
    () => unknownField(body, fields),
    () => modelProblem(body),
    () => samplingProblem(body, effort, 'reasoning_effort'),
    () => togetherProblem(body),
    () => (body['stream'] === true ? undefined : { message: 'This fake only streams.', param: 'stream' }),
    () =>
      body['max_tokens'] !== undefined && body['model'] !== 'local-model'
        ? { message: "Use 'max_completion_tokens'.", param: 'max_tokens', code: 'unsupported_parameter' }
        : undefined,
    () =>
      'parallel_tool_calls' in body && tools === undefined
        ? { message: "'parallel_tool_calls' needs 'tools'." }
        : undefined,
    () => toolsProblem(tools),
    () => formatProblem(body['response_format']),
    () => (Array.isArray(messages) && messages.length > 0 ? undefined : { message: "'messages' must not be empty." }),
    () => messagesProblem(messages as Json[]),
  );
}

function togetherProblem({ model, tools, reasoning_effort: effort }: Json): Problem | undefined {
  const known = fakeModels[String(model)]!;
  if (known.chatTools === 'yes' || tools === undefined || effort === 'none') return undefined;
  return {
    message: `Function tools with reasoning_effort are not supported for ${String(model)} in /v1/chat/completions. Please use /v1/responses instead.`,
    param: 'reasoning_effort',
  };
}

function toolsProblem(tools: unknown): Problem | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools) || tools.length === 0) return { message: "'tools' must not be empty.", param: 'tools' };
  const functions = (tools as Json[]).map((tool) => (isObject(tool['function']) ? tool['function'] : {}));
  return firstOf(
    ...functions.map((one, index) => () => nameProblem(one['name'], `tools[${index}].function.name`)),
    ...functions.map((one, index) => () => parametersProblem(one['parameters'], `tools[${index}].function.parameters`)),
    ...functions.map((one) => () => (one['strict'] === true ? strictProblem(one['parameters'], 'tools') : undefined)),
    () =>
      new Set(functions.map((one) => one['name'])).size === tools.length
        ? undefined
        : { message: 'Two tools have one name.' },
  );
}

function formatProblem(format: unknown): Problem | undefined {
  if (format === undefined) return undefined;
  const shape = isObject(format) ? format['json_schema'] : undefined;
  if (!isObject(shape)) return { message: 'Expected response_format.json_schema.', param: 'response_format' };
  return firstOf(
    () => nameProblem(shape['name'], 'response_format.json_schema.name'),
    () => (shape['strict'] === true ? strictProblem(shape['schema'], 'response_format') : undefined),
  );
}

/** Right after an assistant's calls stand their results, each once; nowhere else stands one. */
function messagesProblem(messages: readonly Json[]): Problem | undefined {
  let open = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    const at = `messages.[${index}]`;
    const id = message['tool_call_id'];
    if (message['role'] === 'tool') {
      if (!open.delete(id)) {
        return {
          message: "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
          param: `${at}.role`,
        };
      }
      if (typeof message['content'] !== 'string') return { message: 'No content.', param: at };
      continue;
    }
    const [missing] = open;
    if (missing !== undefined) return unanswered(missing, at);
    const problem = messageProblem(message, at);
    if (problem !== undefined) return problem;
    open = new Set(((message['tool_calls'] ?? []) as Json[]).map((call) => call['id']));
    if (open.size !== ((message['tool_calls'] ?? []) as Json[]).length) return { message: 'Duplicate ids.', param: at };
  }
  const [missing] = open;
  return missing === undefined ? undefined : unanswered(missing, 'messages');
}

function unanswered(id: unknown, param: string): Problem {
  return {
    message: `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${String(id)}`,
    param,
  };
}

function messageProblem(message: Json, at: string): Problem | undefined {
  const { role, content, tool_calls: calls } = message;
  const known = role === 'assistant' ? ['role', 'content', 'tool_calls'] : ['role', 'content'];
  return firstOf(
    () =>
      ['system', 'user', 'assistant'].includes(String(role)) ? undefined : { message: 'Invalid role.', param: at },
    () => unknownField(message, known, `${at}.`),
    () => (isText(content, calls) ? undefined : { message: 'Expected text.', param: `${at}.content` }),
    () =>
      calls !== undefined && (calls as Json[]).length === 0 ? { message: 'Empty tool_calls.', param: at } : undefined,
    ...((calls ?? []) as Json[]).map((call) => () => {
      const part = isObject(call['function']) ? call['function'] : {};
      return firstOf(
        () => unknownField(call, ['id', 'type', 'function', 'index'], `${at}.tool_calls.`),
        () => idProblem(call['id'], `${at}.tool_calls.id`),
        () => nameProblem(part['name'], `${at}.tool_calls.function.name`),
        () => argumentsProblem(part['arguments'], `${at}.tool_calls.function.arguments`),
      );
    }),
  );
}

/** A string or parts of text; beside calls nothing too. */
function isText(content: unknown, calls: unknown): boolean {
  if (content === null || content === undefined) return calls !== undefined;
  if (!Array.isArray(content)) return typeof content === 'string';
  return content.length > 0 && content.every((part: Json) => part['type'] === 'text' && part['text'] !== '');
}

/** `sameIndex` as Ollama · `noIndex` · `noIds` · `saysStop` after calls · `noUsage` · `noChoices` · `thinksAloud`. */
export function chatEvents(turn: FakeTurn, body: unknown, number: number): WireEvent[] {
  const { quirk } = turn;
  const head = {
    id: `chatcmpl-${number}`,
    object: 'chat.completion.chunk',
    created: 1,
    model: String((body as Json)['model']),
  };
  const events: WireEvent[] = [];
  const say = (choices: readonly unknown[], more: Json = {}) =>
    events.push({ data: JSON.stringify({ ...head, choices, ...more }) });
  const delta = (value: Json, reason: string | null = null) => say([{ index: 0, delta: value, finish_reason: reason }]);
  if (quirk === 'noChoices') {
    say([]);
    return [...events, { data: '[DONE]' }];
  }
  delta({ role: 'assistant', content: '' });
  if (turn.reasoning !== undefined) delta({ reasoning_content: turn.reasoning });
  for (const piece of typeof turn.text === 'string' ? [turn.text] : (turn.text ?? [])) delta({ content: piece });
  if (turn.refusal !== undefined) delta({ refusal: turn.refusal });
  for (const [position, call] of (turn.calls ?? []).entries()) {
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    const id = quirk === 'noIds' ? {} : { id: call.id ?? `call_${number}_${position}` };
    const index = quirk === 'noIndex' ? {} : { index: quirk === 'sameIndex' ? 0 : position };
    if (quirk === 'sameIndex' || quirk === 'noIds') {
      delta({ tool_calls: [{ ...index, ...id, type: 'function', function: { name: call.name, arguments: text } }] });
      continue;
    }
    const middle = Math.ceil(text.length / 2);
    delta({ tool_calls: [{ ...index, ...id, type: 'function', function: { name: call.name, arguments: '' } }] });
    delta({ tool_calls: [{ ...index, function: { arguments: text.slice(0, middle) } }] });
    delta({ tool_calls: [{ ...index, function: { arguments: text.slice(middle) } }] });
  }
  delta({}, reasonOf(turn));
  const wanted = isObject((body as Json)['stream_options']) && quirk !== 'noUsage';
  if (wanted) say([], { usage: usageOf(turn, body) });
  return [...events, { data: '[DONE]' }];
}

function reasonOf({ finish, refusal, calls, quirk }: FakeTurn): string {
  if (finish === 'length') return 'length';
  if (finish === 'refusal' && refusal === undefined) return 'content_filter';
  return (calls ?? []).length > 0 && quirk !== 'saysStop' ? 'tool_calls' : 'stop';
}

const leastInput = 100;
const charactersPerToken = 6;

/** Where a turn does not say what was read: as much as a real server would count, since less means that it cut. */
function usageOf({ usage }: FakeTurn, body: unknown): Json {
  const {
    input = Math.max(leastInput, Math.ceil(JSON.stringify(body).length / charactersPerToken)),
    cached = 40,
    cacheWrite = 10,
    output = 20,
    reasoning = 5,
  } = usage ?? {};
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}
