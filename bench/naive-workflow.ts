/** The naive agent: the conversation lives in the workflow and goes with every model call as its argument. */
import { proxyActivities } from '@temporalio/workflow';
import type { Message, ToolCall } from '../src/analysis/conversation.ts';

export type NaiveActivities = {
  completeNaively(input: { readonly turn: number; readonly messages: readonly Message[] }): Promise<Message>;
  callNaively(call: ToolCall): Promise<string>;
};

const { completeNaively, callNaively } = proxyActivities<NaiveActivities>({ startToCloseTimeout: '1 minute' });

/** Returns the number of turns. */
export async function naiveWorkflow(): Promise<number> {
  const messages: Message[] = [{ role: 'user', parts: [{ kind: 'text', text: 'Count the sales' }] }];
  for (let turn = 1; ; turn += 1) {
    const reply = await completeNaively({ turn, messages });
    messages.push(reply);
    const call = reply.parts.find((part) => part.kind === 'toolCall');
    if (call === undefined) return turn;
    const text = await callNaively(call);
    messages.push({ role: 'tool', parts: [{ kind: 'toolResult', callId: call.id, ok: true, text }] });
  }
}
