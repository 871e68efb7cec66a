/** The conversation that is measured: 2 kB of words and a call from the model, 8 kB of result from the tool, every turn. */
import type { ModelReply } from '../src/llm/provider.ts';
import type { ToolOutcome } from '../src/tools/connections.ts';
import { reply } from '../test/support/scripted-model.ts';

/** As long as a real id: it stands in every step. */
export const analysisId = (name: string): string => `analysis-01hzx3v9d8jqk2m4n6p7r8s9t0-${name}`;

const words = 'Revenue rose in most regions, and fell where tickets were many. '.repeat(32).slice(0, 2_000);

/** `turn` counts from 1; the last one only says that it is done. */
export function replyOfTurn(turn: number, turns: number): ModelReply {
  if (turn >= turns) return reply('That is all.');
  const sql = `SELECT region, plan, count(*) AS n, avg(tickets) AS tickets FROM sales GROUP BY ALL LIMIT ${100 + turn}`;
  return reply(words, [{ id: `t${turn}c0`, name: 'lake__query', arguments: { sql } }]);
}

const resultRows = 460;
let answered = 0;

/** Different each time: a content-addressed store would keep equal results once. */
export function resultOfCall(): ToolOutcome {
  const seed = (answered += 1);
  const rows = Array.from({ length: resultRows }, (_, index) => [`${seed} of ${index}`.padEnd(12)]);
  const data = { columns: [{ name: 'n', type: 'VARCHAR' }], rows };
  return { ok: true, text: JSON.stringify({ data, meta: { returnedRows: resultRows, elapsedMs: 12 }, ok: true }) };
}

/** Bytes of the conversation itself: what was asked, said, called and answered, as plain JSON. */
export function rawBytes(turns: number): number {
  let bytes = Buffer.byteLength('Count the sales');
  for (let turn = 1; turn <= turns; turn += 1) {
    bytes += Buffer.byteLength(JSON.stringify(replyOfTurn(turn, turns).message));
    if (turn < turns) bytes += Buffer.byteLength(resultOfCall().text);
  }
  return bytes;
}
