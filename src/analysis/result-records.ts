/** What the results of a conversation leave behind in its summary: what was called, what it gave, from which data, what failed. */
import { toolCallsOf, type Message, type ToolCall, type ToolResult } from './conversation.ts';
import { shorten } from './progress.ts';
import { datasetsIn, digestOf, tableIn } from './result-digest.ts';
import { maxItemCharacters, type ResultRecord } from './summary.ts';

/** Longest description of a call, and most columns of a schema. */
const maxAboutCharacters = 100;
const maxSchemaColumns = 24;

/** So that the same wall is not hit twice. */
export function failuresIn(messages: readonly Message[]): string[] {
  const calls = callsIn(messages);
  return resultParts(messages)
    .filter(({ ok }) => !ok)
    .flatMap((result) => {
      const call = calls.get(result.callId);
      return call === undefined
        ? []
        : [shorten(`Failed: ${nameAndSubject(call)}: ${digestOf(result.text).shown}`, maxItemCharacters)];
    });
}

/** Datasets with their columns, where a result describes them, else by name. */
export function sourcesIn(messages: readonly Message[]): string[] {
  const calls = callsIn(messages);
  const schemas = new Map<string, string>();
  for (const { callId, ok, text } of resultParts(messages)) {
    if (!ok) continue;
    for (const name of datasetsIn(text)) if (!schemas.has(name)) schemas.set(name, name);
    const given = calls.get(callId)?.arguments['dataset'];
    const table = tableIn(text);
    const [column, type] = ['column', 'type'].map((name) => table?.columns.findIndex((one) => one.name === name) ?? -1);
    if (typeof given !== 'string' || table === undefined || column! < 0 || type! < 0) continue;
    const columns = table.rows.slice(0, maxSchemaColumns).map((row) => `${row[column!]} ${row[type!]}`);
    schemas.set(given, `${given}: ${columns.join(', ')}${table.rows.length > maxSchemaColumns ? ', …' : ''}`);
  }
  return [...schemas.values()];
}

/** Results of tool servers, by which findings can be cited; `wanted`: numbers that findings quote. */
export function resultRecords(messages: readonly Message[], wanted: ReadonlySet<string>): ResultRecord[] {
  const calls = callsIn(messages);
  return resultParts(messages).flatMap((result): ResultRecord[] => {
    const call = calls.get(result.callId);
    if (call === undefined || result.ref === undefined || !result.ok || !call.name.includes('__')) return [];
    const { rows, shown } = digestOf(result.text, wanted);
    const datasets = datasetsIn(result.text);
    return [
      {
        call: call.id,
        tool: call.name,
        about: subjectOf(call),
        shown,
        ...(rows === undefined ? {} : { rows }),
        ...(datasets.length === 0 ? {} : { datasets }),
        ref: result.ref,
      },
    ];
  });
}

function nameAndSubject(call: ToolCall): string {
  const subject = subjectOf(call);
  return subject === '' ? call.name : `${call.name} (${subject})`;
}

function subjectOf({ arguments: given }: ToolCall): string {
  const main = given['purpose'] ?? given['sql'] ?? given['dataset'] ?? '';
  return shorten(typeof main === 'string' ? main : JSON.stringify(main), maxAboutCharacters);
}

function resultParts(messages: readonly Message[]): readonly ToolResult[] {
  return messages.flatMap((message) => (message.role === 'tool' ? message.parts : []));
}

export function callsIn(messages: readonly Message[]): ReadonlyMap<string, ToolCall> {
  return new Map(messages.flatMap(toolCallsOf).map((call) => [call.id, call]));
}
