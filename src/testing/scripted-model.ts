/** A model that answers from a script: turns, tool calls, delays and failures, each asked for exactly once. */
import { setTimeout as after } from 'node:timers/promises';
import type { ToolCall } from '../analysis/conversation.ts';
import { ModelFailure, type ModelFailureKind } from '../llm/model-failure.ts';
import { builtinProfile } from '../llm/profiles.ts';
import type { ModelProvider, ModelReply, ModelRequest } from '../llm/provider.ts';

export type ScriptedStep =
  | { readonly kind: 'turn'; readonly text: string; readonly calls: readonly Omit<ToolCall, 'kind'>[] }
  | { readonly kind: 'failing'; readonly failure: ModelFailureKind; readonly message: string }
  | { readonly kind: 'delayed'; readonly delayMs: number; readonly step: ScriptedStep };

export type ScriptedModel = ModelProvider & {
  /** Every request, in order: what the model was shown. */
  readonly requests: readonly ModelRequest[];
  /** What went against the script so far: asked more often than expected, or steps left unused. */
  problems(): readonly string[];
};

/** What the model says in one turn, and the tools it calls. A turn without calls ends the analysis. */
export function turn(text: string, ...calls: readonly Omit<ToolCall, 'kind'>[]): ScriptedStep {
  return { kind: 'turn', text, calls };
}

/** `id` names the call for the findings that quote its result. */
export function call(id: string, name: string, input: ToolCall['arguments'] = {}): Omit<ToolCall, 'kind'> {
  return { id, name, arguments: input };
}

/** Fails as a provider can fail, for instance with `Model.Overloaded`: tried again, or the next model is asked. */
export function failing(type: `Model.${ModelFailureKind}`, message = 'The script says so.'): ScriptedStep {
  return { kind: 'failing', failure: type.slice('Model.'.length) as ModelFailureKind, message };
}

/** The same step after so many milliseconds; an analysis that is stopped meanwhile does not wait. */
export function delayed(delayMs: number, step: ScriptedStep): ScriptedStep {
  return { kind: 'delayed', delayMs, step };
}

/** Tokens of each turn, so that sums can be told. */
const usage = { inputTokens: 100, outputTokens: 10 };

/** `name`: how the model is called in the result; each attempt, also one that fails, uses one step. */
export function scriptedModel(steps: readonly ScriptedStep[], name = 'scripted'): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    profile: { ...builtinProfile, ref: name, model: name, endpoint: name },
    requests,
    async complete(request, { signal, emit }) {
      const step = steps[requests.length];
      requests.push(request);
      if (step === undefined) throw failureOf(name, 'BadRequest', tooOften(name, requests.length, steps.length));
      const reply = await play(step, name, signal);
      for (const part of reply.message.parts) if (part.kind === 'text') emit({ kind: 'text', delta: part.text });
      return reply;
    },
    problems: () => {
      const left = steps.length - requests.length;
      if (left < 0) return [tooOften(name, requests.length, steps.length)];
      return left === 0 ? [] : [`${name}: ${left} of ${steps.length} steps were not asked for.`];
    },
  };
}

async function play(step: ScriptedStep, name: string, signal: AbortSignal): Promise<ModelReply> {
  switch (step.kind) {
    case 'delayed':
      await after(step.delayMs, undefined, { signal });
      return play(step.step, name, signal);
    case 'failing':
      throw failureOf(name, step.failure, step.message);
    case 'turn': {
      const calls = step.calls.map((one): ToolCall => ({ kind: 'toolCall', ...one }));
      const said = step.text === '' ? [] : [{ kind: 'text' as const, text: step.text }];
      return {
        message: { role: 'assistant', parts: [...said, ...calls] },
        finish: calls.length > 0 ? 'toolCalls' : 'stop',
        usage,
      };
    }
  }
}

function tooOften(name: string, asked: number, expected: number): string {
  return `${name} was asked ${asked} times; its script has ${expected} steps.`;
}

function failureOf(name: string, kind: ModelFailureKind, message: string): ModelFailure {
  return new ModelFailure(message, { kind, endpoint: name, model: name });
}
