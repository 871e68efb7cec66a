/** The Responses dialect of the strict fake OpenAI: its checks and its stream. */
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
  'model,stream,store,include,instructions,input,tools,parallel_tool_calls,reasoning,max_output_tokens',
  'prompt_cache_key,text,temperature,tool_choice,metadata',
].flatMap((line) => line.split(','));

const minOutputTokens = 16;

/** What encrypted reasoning looks like; anything else was not made here. */
const sealed = (model: string, number: number) => `sealed:${model}:${number}`;

export function responsesProblem(body: unknown): Problem | undefined {
  if (!isObject(body)) return { message: 'Expected a JSON object.' };
  const { reasoning, input, tools, text } = body;
  return firstOf(
    () => unknownField(body, fields),
    () => modelProblem(body),
    () => (isObject(reasoning) ? unknownField(reasoning, ['effort', 'summary'], 'reasoning.') : undefined),
    () => refusedProblem(body),
    () => includeProblem(body),
    () => samplingProblem(body, isObject(reasoning) ? reasoning['effort'] : undefined, 'reasoning.effort'),
    () => (body['stream'] === true ? undefined : { message: 'This fake only streams.', param: 'stream' }),
    () =>
      body['store'] === false
        ? undefined
        : { message: 'This fake keeps nothing: store must be false.', param: 'store' },
    () => roomProblem(body['max_output_tokens']),
    () =>
      'parallel_tool_calls' in body && tools === undefined
        ? { message: "'parallel_tool_calls' needs 'tools'." }
        : undefined,
    () => toolsProblem(tools),
    () => formatProblem(text),
    () =>
      Array.isArray(input) && input.length > 0 ? undefined : { message: "'input' must not be empty.", param: 'input' },
    () => inputProblem(input as Json[], String(body['model'])),
  );
}

function refusedProblem({ model, reasoning }: Json): Problem | undefined {
  const param = fakeModels[String(model)]?.refuses;
  if (param !== 'reasoning.summary' || !isObject(reasoning) || reasoning['summary'] === undefined) return undefined;
  return { message: 'Your organization must be verified to generate summaries.', param, code: 'unsupported_value' };
}

/** A model that does not reason has nothing to seal; the real one says so without a code. */
function includeProblem({ model, include }: Json): Problem | undefined {
  if (include === undefined) return undefined;
  if (!Array.isArray(include) || include.some((one) => one !== 'reasoning.encrypted_content'))
    return { message: "Invalid value: 'include'.", param: 'include[0]', code: 'invalid_value' };
  if (include.length === 0 || fakeModels[String(model)]!.efforts.length > 0) return undefined;
  return { message: 'Encrypted content is not supported with this model.', param: 'include' };
}

function roomProblem(room: unknown): Problem | undefined {
  if (room === undefined || (typeof room === 'number' && room >= minOutputTokens)) return undefined;
  return { message: `'max_output_tokens' must be at least ${minOutputTokens}.`, param: 'max_output_tokens' };
}

function toolsProblem(tools: unknown): Problem | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools) || tools.length === 0) return { message: "'tools' must not be empty.", param: 'tools' };
  return firstOf(
    ...(tools as Json[]).map((tool, index) => () => {
      const at = `tools[${index}]`;
      return firstOf(
        () => unknownField(tool, ['type', 'name', 'description', 'parameters', 'strict'], `${at}.`),
        () => nameProblem(tool['name'], `${at}.name`),
        () => parametersProblem(tool['parameters'], `${at}.parameters`),
        // Left out, it counts as true.
        () => (tool['strict'] === false ? undefined : strictProblem(tool['parameters'], `${at}.parameters`)),
      );
    }),
    () =>
      new Set((tools as Json[]).map((tool) => tool['name'])).size === tools.length
        ? undefined
        : { message: 'Two tools have one name.', param: 'tools' },
  );
}

function formatProblem(text: unknown): Problem | undefined {
  if (text === undefined) return undefined;
  const format = isObject(text) ? text['format'] : undefined;
  if (!isObject(format)) return { message: 'Expected text.format.', param: 'text.format' };
  return firstOf(
    () => unknownField(format, ['type', 'name', 'schema', 'strict', 'description'], 'text.format.'),
    () => nameProblem(format['name'], 'text.format.name'),
    () => (format['strict'] === true ? strictProblem(format['schema'], 'text.format.schema') : undefined),
  );
}

/** Calls answered once each and after they were made; reasoning of this model only, with what it led to. */
function inputProblem(items: readonly Json[], model: string): Problem | undefined {
  const open = new Set<string>();
  const seen = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    const at = `input[${index}]`;
    const id = item['call_id'];
    const next = items[index + 1];
    const problem = firstOf(() => itemProblem(item, at, open, model, next));
    if (problem !== undefined) return problem;
    if (item['type'] === 'function_call') {
      if (seen.has(id)) return { message: `Duplicate call_id ${String(id)}.`, param: at };
      open.add(String(id));
      seen.add(id);
    }
    if (item['type'] === 'function_call_output') open.delete(String(id));
  }
  const [missing] = open;
  return missing === undefined
    ? undefined
    : { message: `No tool output found for function call ${missing}.`, param: 'input' };
}

function itemProblem(
  item: Json,
  at: string,
  open: ReadonlySet<string>,
  model: string,
  next?: Json,
): Problem | undefined {
  const id = item['call_id'];
  switch (item['type'] ?? 'message') {
    case 'message':
      return firstOf(
        () => unknownField(item, ['type', 'role', 'content'], `${at}.`),
        () => contentProblem(item, at),
      );
    case 'function_call':
      return firstOf(
        () => unknownField(item, ['type', 'call_id', 'name', 'arguments'], `${at}.`),
        () => idProblem(id, `${at}.call_id`),
        () => nameProblem(item['name'], `${at}.name`),
        () => argumentsProblem(item['arguments'], `${at}.arguments`),
      );
    case 'function_call_output':
      if (!open.has(String(id)))
        return { message: `No tool call found for function call output with call_id ${String(id)}.`, param: at };
      return typeof item['output'] === 'string' || areTexts(item['output'], 'input_text')
        ? unknownField(item, ['type', 'call_id', 'output'], `${at}.`)
        : { message: 'No output.', param: at };
    case 'reasoning': {
      if (!String(item['encrypted_content']).startsWith(`sealed:${model}:`)) {
        return {
          message: 'The encrypted content could not be verified.',
          param: at,
          code: 'invalid_encrypted_content',
        };
      }
      const follows =
        next !== undefined &&
        (next['type'] === 'function_call' || next['role'] === 'assistant' || next['type'] === 'reasoning');
      if (follows) return unknownField(item, ['type', 'id', 'summary', 'encrypted_content'], `${at}.`);
      return {
        message: `Item '${String(item['id'])}' of type 'reasoning' was provided without its required following item.`,
        param: 'input',
      };
    }
    default:
      return { message: `Invalid value: '${String(item['type'])}'.`, param: `${at}.type` };
  }
}

function contentProblem({ role, content }: Json, at: string): Problem | undefined {
  if (role !== 'user' && role !== 'assistant') return { message: 'Invalid role.', param: `${at}.role` };
  if (typeof content === 'string') return content === '' ? { message: 'Empty content.', param: at } : undefined;
  const wanted = role === 'user' ? 'input_text' : 'output_text';
  return areTexts(content, wanted)
    ? undefined
    : { message: `Expected parts of type ${wanted}.`, param: `${at}.content` };
}

function areTexts(content: unknown, wanted: string): boolean {
  return Array.isArray(content) && content.length > 0 && content.every((part: Json) => part['type'] === wanted);
}

export function responsesEvents(turn: FakeTurn, body: unknown, number: number): WireEvent[] {
  const model = String((body as Json)['model']);
  const events: WireEvent[] = [];
  const output: Json[] = [];
  const say = (type: string, more: Json) =>
    events.push({ event: type, data: JSON.stringify({ type, sequence_number: events.length, ...more }) });
  const item = (started: Json, finished: Json, between: readonly [string, Json][]) => {
    const place = { output_index: output.length };
    say('response.output_item.added', { ...place, item: started });
    for (const [type, more] of between) say(type, { ...place, ...more });
    say('response.output_item.done', { ...place, item: finished });
    output.push(finished);
  };
  const response = { id: `resp_${number}`, object: 'response', model: `${model}-2026-11-01` };
  say('response.created', { response: { ...response, status: 'in_progress', output: [] } });
  say('response.in_progress', { response: { ...response, status: 'in_progress', output: [] } });
  if (turn.reasoning !== undefined) {
    const begun = { type: 'reasoning', id: `rs_${number}`, summary: [], encrypted_content: 'incomplete' };
    const done = {
      ...begun,
      summary: [{ type: 'summary_text', text: turn.reasoning }],
      encrypted_content: sealed(model, number),
      status: 'completed',
    };
    item(begun, done, [['response.reasoning_summary_text.delta', { delta: turn.reasoning, summary_index: 0 }]]);
  }
  const pieces = typeof turn.text === 'string' ? [turn.text] : (turn.text ?? []);
  const said = turn.refusal === undefined ? [] : [{ type: 'refusal', refusal: turn.refusal }];
  if (pieces.length > 0 || said.length > 0) {
    const text = { type: 'output_text', text: pieces.join(''), annotations: [] };
    const content = [...(pieces.length > 0 ? [text] : []), ...said];
    const message = { type: 'message', id: `msg_${number}`, role: 'assistant', status: 'completed' };
    item({ ...message, content: [] }, { ...message, content }, [
      ...pieces.map((delta): [string, Json] => ['response.output_text.delta', { delta, content_index: 0 }]),
      ...said.map(({ refusal }): [string, Json] => ['response.refusal.delta', { delta: refusal, content_index: 0 }]),
    ]);
  }
  for (const [position, call] of (turn.calls ?? []).entries()) {
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    const id = call.id ?? `call_${number}_${position}`;
    const shape = { type: 'function_call', id: `fc_${number}_${position}`, call_id: id, name: call.name };
    const halves = [text.slice(0, text.length / 2), text.slice(text.length / 2)];
    item({ ...shape, arguments: '', status: 'in_progress' }, { ...shape, arguments: text, status: 'completed' }, [
      ...halves.map((delta): [string, Json] => ['response.function_call_arguments.delta', { delta }]),
      ['response.function_call_arguments.done', { arguments: text }],
    ]);
  }
  const { input = 100, cached = 40, cacheWrite = 10, output: written = 20, reasoning = 5 } = turn.usage ?? {};
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: cacheWrite },
    output_tokens: written,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + written,
  };
  const reasons: Partial<Record<NonNullable<FakeTurn['finish']>, string>> = {
    length: 'max_output_tokens',
    paused: 'steered',
  };
  const reason =
    turn.finish === 'refusal' && turn.refusal === undefined ? 'content_filter' : reasons[turn.finish ?? 'stop'];
  if (reason === undefined)
    say('response.completed', { response: { ...response, status: 'completed', output, usage } });
  else {
    const details = { incomplete_details: { reason } };
    say('response.incomplete', { response: { ...response, status: 'incomplete', output, usage, ...details } });
  }
  return events;
}
