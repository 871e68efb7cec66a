/** Asks a model for the summary of the older part of a conversation: paid, journaled and settled like any other call. */
import { readSummary, summarizerInstructions, summaryShape } from '../agents/summarizer.ts';
import { textOf, toolCallsOf, type Message } from '../analysis/conversation.ts';
import type { CallUsage } from '../analysis/cost.ts';
import { digestOf } from '../analysis/result-digest.ts';
import { summaryText, type Sections, type Summary } from '../analysis/summary.ts';
import type { CompactInput } from './contract.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { paidCall } from './paid-calls.ts';

export type AskedSummary = {
  /** Undefined when the answer is no summary. */
  readonly sections: Sections | undefined;
  readonly usage: CallUsage;
  readonly costUsd?: number;
  readonly brokenOffTokens?: number;
};

type Asked = {
  readonly older: readonly Message[];
  readonly before: Summary | undefined;
  /** Characters of the conversation that the model is shown. */
  readonly room: number;
};

/** Longest single message that the model is shown. */
const maxMessageCharacters = 4_000;

export async function askForSummary(
  { journal, modelFor, profileFor }: ActivityDependencies,
  input: CompactInput,
  { older, before, room }: Asked,
  signal: AbortSignal,
): Promise<AskedSummary> {
  const provider = await modelFor(input.model);
  const { maxOutputTokens, ...reserved } = input.ask!;
  const { session, step, model } = input;
  const text = [
    ...(before === undefined ? [] : ['# The summary so far', summaryText(before), '']),
    '# The conversation to be summarised',
    ...latestThatFit(older.map(shown), room),
  ].join('\n');
  const paidFor = { session, turn: `${step}/summary`, model, ...reserved };
  const asked = { profile: provider.profile, emit: () => undefined, cacheTtl: '5m' } as const;
  const {
    answer,
    costUsd,
    brokenOff = 0,
  } = await paidCall({ journal, profileFor }, paidFor, asked, (emit) =>
    provider.complete(
      {
        session,
        turn: step,
        model,
        system: summarizerInstructions,
        tools: [],
        messages: [{ role: 'user', parts: [{ kind: 'text', text }] }],
        effort: 'low',
        output: summaryShape,
        maxOutputTokens,
      },
      { signal, emit },
    ),
  );
  return {
    sections: answer.finish === 'stop' ? readSummary(textOf(answer.message)) : undefined,
    usage: answer.usage,
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(brokenOff === 0 ? {} : { brokenOffTokens: brokenOff * (answer.usage.inputTokens + answer.usage.outputTokens) }),
  };
}

/** What a person said in full, of results their beginning: the model is asked for words, not for tables. */
function shown(message: Message): string {
  switch (message.role) {
    case 'user':
      return `PERSON: ${textOf(message)}`;
    case 'assistant':
      return [
        `ANALYST: ${textOf(message)}`,
        ...toolCallsOf(message).map(({ id, name, arguments: given }) => `CALL ${id} ${name} ${JSON.stringify(given)}`),
      ]
        .join('\n')
        .slice(0, maxMessageCharacters);
    case 'tool':
      return message.parts
        .map(({ callId, ok, text }) => `RESULT ${callId}${ok ? '' : ' (failed)'}: ${digestOf(text).shown}`)
        .join('\n');
  }
}

function latestThatFit(lines: readonly string[], room: number): string[] {
  let left = room;
  const fitting = lines.toReversed().filter((line) => (left -= line.length) >= 0 || line.startsWith('PERSON: '));
  return fitting.toReversed();
}
