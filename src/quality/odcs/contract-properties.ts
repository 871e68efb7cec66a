/** What a whole contract, its tables and its columns say to this program by `customProperties`: what a failed check sets off. */
import { nearest } from '../../analysis/nearest.ts';
import type { OnFailure } from '../contract.ts';
import type { Findings } from './findings.ts';
import { ownProperties, type OwnProperty } from './own-properties.ts';

const contractProperties = ['dpa.owner', 'dpa.onFailure'];
const elementProperties = ['dpa.evidence', 'dpa.confidence'];
const steps = ['investigate', 'quarantine'];

/** Unknown names and unknown words are faults: a step that is misspelt would be missed on the night it is needed. */
export function readContractProperties(
  findings: Findings,
  document: Readonly<Record<string, unknown>>,
): OnFailure | undefined {
  for (const [index, table] of elementsOf(document, 'schema').entries()) {
    ownProperties(findings, table, elementProperties, ['schema', index]);
    for (const [at, column] of elementsOf(table, 'properties').entries())
      ownProperties(findings, column, elementProperties, ['schema', index, 'properties', at]);
  }
  let onFailure: OnFailure | undefined;
  for (const found of ownProperties(findings, document, contractProperties, [])) {
    if (found.property === 'dpa.onFailure') onFailure = stepsOf(findings, found);
    else if (typeof found.value !== 'string')
      findings.problems.push({
        path: [...found.at, 'value'],
        message: `expected text, found ${JSON.stringify(found.value)}`,
      });
  }
  return onFailure;
}

function stepsOf(findings: Findings, { value, at }: OwnProperty): OnFailure {
  const words: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const word of words) {
    if (typeof word === 'string' && steps.includes(word)) continue;
    const [close] = typeof word === 'string' ? nearest(word, steps) : [];
    const hint = close === undefined ? '' : `. Did you mean ${close}?`;
    findings.problems.push({
      path: [...at, 'value'],
      message: `expected ${steps.join(', ')}, or both in a list, found ${JSON.stringify(word)}${hint}`,
    });
  }
  return { investigate: words.includes('investigate'), quarantine: words.includes('quarantine') };
}

function elementsOf(said: Readonly<Record<string, unknown>>, key: string): readonly Record<string, unknown>[] {
  return Array.isArray(said[key]) ? (said[key] as Record<string, unknown>[]) : [];
}
