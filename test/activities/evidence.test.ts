/** Running cited calls again: what a crashed server costs, and what it does not. */
import type { ToolCall } from '../../src/analysis/conversation.ts';
import { rerunCited, type Answer } from '../../src/activities/evidence.ts';
import { ToolFailure } from '../../src/tools/failures.ts';
import { finding } from '../support/script-pieces.ts';

const table = { columns: [{ name: 'n', type: 'BIGINT' }], rows: [['3']] };
const call: ToolCall = { kind: 'toolCall', id: 'c1', name: 'lake__query', arguments: {} };
const answers = new Map<string, Answer>([['c1', { call, ref: 'ref', table, datasets: [] }]]);
const submission = { headline: 'Counted.', findings: [finding('There are {0}.', 3, 'c1')], limits: [] };

/** Repeats the call with these endings, in their order. */
async function rerun(...endings: (ToolFailure | string)[]) {
  const calls = endings.length;
  const repeated = await rerunCited(submission, answers, async () => {
    const ending = endings.shift();
    if (typeof ending === 'string') return ending;
    throw ending ?? new Error('called too often');
  });
  return { result: repeated.get('c1')?.rerun, calls: calls - endings.length };
}

const crashed = () => new ToolFailure('Tool.Crashed', 'it ended', { retryable: true });
const content = JSON.stringify({ ok: true, data: table, meta: {} });

test('a server that crashed in the re-run is asked again, so no finding is struck for it', async () => {
  expect(await rerun(crashed(), crashed(), content)).toEqual({ result: table, calls: 3 });
});

test('a server that crashes each time leaves the call unrepeated, after three attempts', async () => {
  expect(await rerun(crashed(), crashed(), crashed(), content)).toEqual({ result: { failed: 'it ended' }, calls: 3 });
});

test('a failure that another attempt cannot help is not tried again', async () => {
  const denied = new ToolFailure('Tool.Denied', 'it may not', { retryable: false });
  expect(await rerun(denied, content)).toEqual({ result: { failed: 'it may not' }, calls: 1 });
});
