/** The `customProperties` of a contract that are this program's: those that begin with `dpa.`, and no others than it knows. */
import { nearest } from '../../analysis/nearest.ts';
import type { Findings } from './findings.ts';
import { isMap, type Path } from './shape.ts';

export type OwnProperty = { readonly property: string; readonly value: unknown; readonly at: Path };

/** Only ours are read; those of other tools may say what they like. One of ours that nobody knows is a fault. */
export function ownProperties(
  findings: Findings,
  said: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: Path,
): readonly OwnProperty[] {
  return listed(said).flatMap((entry, index) => {
    if (!isMap(entry) || typeof entry['property'] !== 'string' || !entry['property'].startsWith('dpa.')) return [];
    const at: Path = [...path, 'customProperties', index];
    const { property, value } = entry;
    if (known.includes(property)) return [{ property, value, at }];
    const [close] = nearest(property, known);
    const hint = close === undefined ? `Known here: ${known.join(', ')}` : `Did you mean ${close}?`;
    findings.problems.push({ path: [...at, 'property'], message: `unknown property ${property}. ${hint}` });
    return [];
  });
}

export function customValue(said: Readonly<Record<string, unknown>>, property: string): unknown {
  const entry = listed(said).find((one) => isMap(one) && one['property'] === property);
  return isMap(entry) ? entry['value'] : undefined;
}

function listed(said: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(said['customProperties']) ? (said['customProperties'] as unknown[]) : [];
}
