/** Puts an answer together from the events of its stream. */
import type { Opaque, Text, ToolCall } from '../../analysis/conversation.ts';
import { ModelFailure } from '../model-failure.ts';
import type { Finish, ModelReply, StreamEvent } from '../provider.ts';
import type { TokenCount } from '../profile.ts';
import { notTheProtocol, type Progress, type StreamPlace } from '../stream-guard.ts';
import { readToolArguments } from '../tool-arguments.ts';
import { dialect } from './messages.ts';
import { inclusiveUsage, mergeUsage, type WireUsage } from './usage.ts';

export type AnswerContext = {
  readonly where: StreamPlace;
  readonly tokens: Pick<TokenCount, 'cachedInput'>;
  readonly prefixHash: string;
  readonly neutralName: (name: string) => string;
  readonly neutralId: (id: string | undefined, position: number) => string;
  readonly emit: (event: StreamEvent) => void;
};

export type Answer = {
  read(event: unknown): Progress;
  /** Throws a `ModelFailure` when the provider never said why it stopped, or in a word nobody knows. */
  reply(requestId: string | undefined): ModelReply;
};

type Block =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'thinking'; thinking: string; signature: string }
  | { readonly kind: 'redacted'; readonly data: unknown }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: unknown; json: string };

type Fields = Readonly<Record<string, unknown>>;

export function createAnswer(context: AnswerContext): Answer {
  const { emit } = context;
  const blocks = new Map<number, Block>();
  let usage: WireUsage = {};
  let servedModel: string | undefined;
  let stopReason: string | undefined;
  let refusal: string | undefined;

  function read(event: unknown): Progress {
    const { type, index, message, content_block, delta, usage: counts } = fields(event);
    if (typeof type !== 'string') throw notTheProtocol('an event without a type', context.where);
    switch (type) {
      case 'message_start':
        servedModel = text(fields(message)['model']) || undefined;
        usage = mergeUsage(usage, fields(message)['usage'] as WireUsage);
        return 'quiet';
      case 'content_block_start':
        start(Number(index), fields(content_block));
        return 'content';
      case 'content_block_delta':
        grow(blocks.get(Number(index)), fields(delta));
        return 'content';
      case 'message_delta':
        stopReason = text(fields(delta)['stop_reason']) || stopReason;
        refusal = text(fields(fields(delta)['stop_details'])['category']) || refusal;
        usage = mergeUsage(usage, counts as WireUsage);
        return 'content';
      case 'message_stop':
        return 'whole';
      default:
        // New events may come at any time.
        return 'quiet';
    }
  }

  function start(index: number, block: Fields): void {
    const made = begin(block);
    if (made === undefined) return;
    blocks.set(index, made);
    if (made.kind === 'call') emit({ kind: 'tool', name: context.neutralName(made.name) });
    if (made.kind === 'text' && made.text !== '') emit({ kind: 'text', delta: made.text });
  }

  function grow(block: Block | undefined, delta: Fields): void {
    if (block?.kind === 'text' && delta['type'] === 'text_delta') {
      block.text += text(delta['text']);
      emit({ kind: 'text', delta: text(delta['text']) });
    }
    if (block?.kind === 'thinking' && delta['type'] === 'thinking_delta') {
      block.thinking += text(delta['thinking']);
      emit({ kind: 'reasoning', delta: text(delta['thinking']) });
    }
    if (block?.kind === 'thinking' && delta['type'] === 'signature_delta') block.signature += text(delta['signature']);
    if (block?.kind === 'call' && delta['type'] === 'input_json_delta') block.json += text(delta['partial_json']);
  }

  function reply(requestId: string | undefined): ModelReply {
    const ordered = [...blocks].sort(([left], [right]) => left - right).map(([, block]) => block);
    const parts = ordered.flatMap((block, position) => partsOf(block, position, context));
    const finish = finishOf(stopReason, parts.some(isCall), context);
    // Half a call may read like a whole one: only an answer that ended of itself may call.
    const kept = finish === 'toolCalls' || finish === 'paused' ? parts : parts.filter((part) => !isCall(part));
    return {
      message: { role: 'assistant', parts: kept },
      finish,
      usage: inclusiveUsage(usage, context.tokens),
      ...(servedModel === undefined ? {} : { servedModel }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(finish === 'refusal' ? { refusal: refusal ?? 'unspecified' } : {}),
    };
  }

  return { read, reply };
}

function begin(block: Fields): Block | undefined {
  switch (block['type']) {
    case 'text':
      return { kind: 'text', text: text(block['text']) };
    case 'thinking':
      return { kind: 'thinking', thinking: text(block['thinking']), signature: text(block['signature']) };
    case 'redacted_thinking':
      return { kind: 'redacted', data: block['data'] };
    case 'tool_use':
      return { kind: 'call', id: text(block['id']), name: text(block['name']), input: block['input'], json: '' };
    default:
      return undefined;
  }
}

function partsOf(block: Block, position: number, context: AnswerContext): (Opaque | Text | ToolCall)[] {
  const opaque = (payload: unknown): Opaque[] => [
    { kind: 'opaque', dialect, model: context.where.model, prefixHash: context.prefixHash, payload },
  ];
  switch (block.kind) {
    case 'text':
      return block.text === '' ? [] : [{ kind: 'text', text: block.text }];
    case 'thinking':
      // Without its signature it cannot be sent back.
      if (block.signature === '') return [];
      return opaque({ type: 'thinking', thinking: block.thinking, signature: block.signature });
    case 'redacted':
      return opaque({ type: 'redacted_thinking', data: block.data });
    case 'call': {
      // Some gateways send the whole input at once, with the block's start.
      const json = block.json === '' && block.input !== undefined ? JSON.stringify(block.input) : block.json;
      const id = context.neutralId(block.id, position);
      return [{ kind: 'toolCall', id, name: context.neutralName(block.name), ...readToolArguments(json) }];
    }
  }
}

function finishOf(stopReason: string | undefined, calls: boolean, context: AnswerContext): Finish {
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
    case 'tool_use':
      return calls ? 'toolCalls' : 'stop';
    case 'max_tokens':
      return 'length';
    case 'pause_turn':
      return calls ? 'toolCalls' : 'paused';
    case 'refusal':
      return 'refusal';
    case 'model_context_window_exceeded':
      return 'contextFull';
    case undefined:
      throw new ModelFailure(`${context.where.endpoint} ended the stream without saying why; what came is not used.`, {
        kind: 'TruncatedStream',
        ...placeOf(context),
      });
    default:
      throw new ModelFailure(
        `${context.where.endpoint} stopped for a reason this program does not know: ${stopReason.slice(0, 60)}.`,
        { kind: 'Unclassified', ...placeOf(context) },
      );
  }
}

function isCall(part: { readonly kind: string }): boolean {
  return part.kind === 'toolCall';
}

function placeOf({ where: { endpoint, model } }: AnswerContext): { endpoint: string; model: string } {
  return { endpoint, model };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
