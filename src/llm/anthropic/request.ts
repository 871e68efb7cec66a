/** Translates a request into the one the Messages API takes. */
import type { MessageCreateParamsStreaming, OutputConfig, Tool } from '@anthropic-ai/sdk/resources/messages';
import type { Effort, ModelProfile } from '../profile.ts';
import type { ModelRequest, ToolSpec } from '../provider.ts';
import { effortFor, outputTokensFor, sortedTools } from '../parameters.ts';
import { wireName } from '../wire-names.ts';
import { wireMessages } from './messages.ts';

/** What the API knows. */
const scale = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/** No temperature, no forced tool and no beginning of an answer: the API refuses all three. */
export function wireRequest(request: ModelRequest, profile: ModelProfile): MessageCreateParamsStreaming {
  const { system, tools, output, cacheTtl = '5m' } = request;
  const effort = wireEffort(profile, request.effort);
  const config: OutputConfig = {
    ...(effort === undefined ? {} : { effort }),
    ...(output === undefined || !profile.structuredOutput
      ? {}
      : { format: { type: 'json_schema', schema: { ...output.schema } } }),
  };
  return {
    model: profile.model,
    max_tokens: outputTokensFor(profile, request.maxOutputTokens) ?? profile.maxOutput,
    stream: true,
    cache_control: { type: 'ephemeral', ttl: cacheTtl },
    ...(system.trim() === '' ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools: wireTools(tools) }),
    ...(tools.length === 0 || profile.parallelTools
      ? {}
      : { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }),
    // Left out, a summary too: text between tool calls would arrive hidden in the thinking.
    ...(effort === undefined ? {} : { thinking: { type: 'adaptive', display: 'summarized' } }),
    ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
    messages: wireMessages(request, profile),
  };
}

/** Undefined when the model takes none: then it does not reason either. */
function wireEffort(profile: ModelProfile, wish: Effort | undefined): (typeof scale)[number] | undefined {
  const effort = effortFor(profile, wish);
  return scale.find((one) => one === effort);
}

/** Sorted, or each turn would begin a new cache and lose its reasoning. */
function wireTools(tools: readonly ToolSpec[]): Tool[] {
  return sortedTools(tools).map(({ name, description, inputSchema }) => ({
    name: wireName(name),
    ...(description === '' ? {} : { description }),
    input_schema: { ...withoutChoice(inputSchema), type: 'object' },
  }));
}

/** Refused at the top of a schema; the tool server checks its arguments against the whole of it anyway. */
function withoutChoice(schema: ToolSpec['inputSchema']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !['anyOf', 'oneOf', 'allOf'].includes(key)));
}
