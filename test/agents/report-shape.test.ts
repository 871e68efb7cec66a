/** The shape of a report that models are held to: closed throughout, and every report that fits it can be read. */
import { reportShape } from '../../src/agents/report-shape.ts';
import { reportInText } from '../../src/analysis/written-report.ts';
import { toChatBody } from '../../src/llm/openai/chat-request.ts';
import { toResponsesBody } from '../../src/llm/openai/responses-request.ts';
import { wireRequest } from '../../src/llm/anthropic/request.ts';
import { profileOf } from '../../src/llm/profiles.ts';
import { apiVersion, checkMessagesRequest } from '../support/anthropic-rules.ts';
import { chatProblem } from '../support/fake-openai-chat.ts';
import { responsesProblem } from '../support/fake-openai-responses.ts';
import { profileOf as fakeProfile, requestOf } from '../support/openai-world.ts';

const request = requestOf({ output: reportShape });
const onWire = (body: object): unknown => JSON.parse(JSON.stringify(body));

test('no object in it is open: providers refuse such a shape', () => {
  const open: unknown[] = [];
  const look = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { type, additionalProperties } = schema as Readonly<Record<string, unknown>>;
    if (type === 'object' && additionalProperties !== false) open.push(schema);
    Object.values(schema).forEach(look);
  };
  look(reportShape.schema);
  expect(open).toEqual([]);
});

test('each dialect sends it where the model can be held to it, and only there', () => {
  const { dialect: _, ...known } = fakeProfile('openai-responses');
  const responses = onWire(toResponsesBody(request, { ...known, dialect: 'openai-responses' }));
  expect(responsesProblem(responses)).toBeUndefined();
  expect(responses).toMatchObject({ text: { format: { type: 'json_schema', name: 'report' } } });

  const endpoint = { name: 'local', baseUrl: '', apiKey: '', headers: {}, local: true };
  const chat = onWire(toChatBody(request, fakeProfile('openai-chat'), endpoint));
  expect(chatProblem(chat)).toBeUndefined();
  expect(chat).toMatchObject({ response_format: { type: 'json_schema', json_schema: { name: 'report' } } });

  const messages = onWire(wireRequest(request, profileOf('anthropic/claude-sonnet-5-5')!));
  expect(
    checkMessagesRequest(messages, { authorization: 'Bearer k', 'anthropic-version': apiVersion }),
  ).toBeUndefined();
  expect(messages).toMatchObject({ output_config: { format: { type: 'json_schema' } } });
  expect(wireRequest(request, profileOf('anthropic/unheard-of')!)).not.toHaveProperty('output_config');
});

test('a report of this shape can be read', () => {
  const cell = { kind: 'cell', call: 'c1', row: 0, column: 'n' };
  const quantity = { value: 3, format: { style: 'count' }, source: { kind: 'derived', op: 'sum', of: [cell] } };
  const finding = { statement: 'There are {0} sales.', severity: 'key', quantities: [quantity] };
  const text = JSON.stringify({ headline: 'Counted.', findings: [finding], limits: [], incomplete: false });
  expect(reportInText(text)).toMatchObject({ kind: 'valid' });
});
