/** A model that is a pure function of the conversation, takes its time, and enters each request and reply into the ledger. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Message, ToolCall } from '../../../src/analysis/conversation.ts';
import { toolCallsOf } from '../../../src/analysis/conversation.ts';
import type { Finding } from '../../../src/analysis/evidence.ts';
import type { ModelProvider } from '../../../src/llm/provider.ts';
import type { Table } from '../../../src/analysis/table.ts';
import { reply, scriptedProfile } from '../scripted-model.ts';
import { enterInto } from './ledger.ts';

/** Model turns of an undisturbed run; the last one submits. */
export const turnsOfARun = 9;

const groups = ['north', 'south', 'east', 'west', 'centre', 'coast', 'island', 'valley'];

/** 30 to 150 ms, by turn, so that all runs take about as long. */
function latencyMs(turn: number): number {
  return 30 + ((turn * 53) % 121);
}

export function createLedgerModel(file: string): ModelProvider {
  return {
    profile: scriptedProfile,
    async complete({ messages }, { signal }) {
      const turn = messages.filter(({ role }) => role === 'assistant').length + 1;
      const request = createHash('sha256').update(JSON.stringify(messages)).digest('hex');
      enterInto(file, { kind: 'asked', turn, request });
      await delay(latencyMs(turn), undefined, { signal });
      enterInto(file, { kind: 'replied', turn, request });
      return turn < turnsOfARun ? reply(`Looking at part ${turn}.`, callsOf(turn)) : submission(turn, messages);
    },
  };
}

/** The turn that a reply with these calls belongs to. */
export function turnOfCalls(calls: readonly ToolCall[]): number {
  return Number(/^t(\d+)-/.exec(calls[0]?.id ?? '')?.[1]);
}

function callsOf(turn: number) {
  const group = groups[turn - 1] ?? 'elsewhere';
  const measure = { id: `t${turn}-measure`, name: 'ledger__measure', arguments: { group } };
  const record = { id: `t${turn}-record`, name: 'ledger__record', arguments: { note: `seen ${group}` } };
  const steps = groups.map((title, at) => ({ title, state: at < turn ? 'done' : 'open' }));
  const plan = { id: `t${turn}-plan`, name: 'set_plan', arguments: { steps } };
  if (turn === 1) return [plan, measure];
  return turn % 2 === 0 ? [measure, record] : [record];
}

/** One finding per measurement that was answered: a lost or wrong answer changes the result. */
function submission(turn: number, messages: readonly Message[]) {
  const calls = new Map(messages.flatMap(toolCallsOf).map((call) => [call.id, call]));
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.parts : []));
  const findings = results.flatMap(({ callId, ok, text }): Finding[] => {
    if (!ok || calls.get(callId)?.name !== 'ledger__measure') return [];
    const { data } = JSON.parse(text) as { data: Table };
    const source = { kind: 'cell', call: callId, row: 0, column: 'total' } as const;
    const quantity = { value: Number(data.rows[0]?.[1]), format: { style: 'count' }, source } as const;
    return [{ statement: `\`${data.rows[0]?.[0]}\` comes to {0}.`, quantities: [quantity], severity: 'key' }];
  });
  const headline = 'All parts were measured.';
  return reply('', [{ id: `t${turn}-submit`, name: 'submit_report', arguments: { headline, findings, limits: [] } }]);
}
