/** The report as a closed JSON schema, for models whose answer can be held to one; what the tool `submit_report` takes, less deep. */
import { derivations } from '../analysis/derivations.ts';

type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };

/** Providers take neither open objects nor schemas that hold themselves. */
export function closed(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

const cell = closed({ kind: { const: 'cell' }, call: text, row: { type: 'integer' }, column: text });
const derived = closed({
  kind: { const: 'derived' },
  op: { enum: Object.keys(derivations) },
  of: { type: 'array', items: cell },
});
const format = closed(
  { style: { enum: ['count', 'decimal', 'percent', 'points', 'times'] }, digits: { type: 'integer' } },
  ['digits'],
);
const quantity = closed({ value: { type: 'number' }, format, source: { anyOf: [cell, derived] } });
const finding = closed({
  statement: text,
  severity: { enum: ['key', 'supporting', 'caveat'] },
  quantities: { type: 'array', items: quantity },
});

export const reportShape = {
  name: 'report',
  schema: closed({
    headline: text,
    findings: { type: 'array', items: finding },
    limits: { type: 'array', items: text },
    incomplete: { type: 'boolean' },
  }),
} as const;
