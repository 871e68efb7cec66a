/** Proposals as a contract document of the standard, evidence and confidence beside each. */
import type { Suggested } from './suggest.ts';
import type { Suggestion } from './suggestion.ts';
import { guessType } from './types.ts';

type Words = Record<string, unknown>;

const DEFAULT_TYPE = 'string';

/** Plain maps and lists, ready to be written as YAML; keys stand in the order people read them. */
export function contractDocument(name: string, tables: readonly Suggested[]): Words {
  const ids = new Set<string>();
  const levels = tables.flatMap(({ study, suggestions }) =>
    suggestions.flatMap((suggestion) => levelOf(study.dataset, suggestion)),
  );
  return {
    apiVersion: 'v3.2.0',
    kind: 'DataContract',
    id: slug(name),
    version: '0.1.0',
    status: 'proposed',
    name,
    schema: tables.map((table) => tableOf(table, ids)),
    ...(levels.length === 0 ? {} : { slaProperties: levels }),
  };
}

function tableOf({ study, suggestions }: Suggested, ids: Set<string>): Words {
  const columns = study.columns.map((column) => {
    const own = suggestions.filter((suggestion) => suggestion.column === column.name);
    return columnOf(column.name, guessType(column)?.logicalType ?? DEFAULT_TYPE, own, ids);
  });
  return { name: study.dataset, properties: columns };
}

function columnOf(name: string, logicalType: string, own: readonly Suggestion[], ids: Set<string>): Words {
  const keys: Words = { name, logicalType };
  for (const { proposal } of own) {
    if (proposal.kind !== 'attribute') continue;
    for (const [key, value] of Object.entries(proposal.keys)) {
      const before = keys[key];
      keys[key] = isWords(before) && isWords(value) ? { ...before, ...value } : value;
    }
  }
  const rules = own.flatMap((suggestion) => ruleOf(suggestion, ids));
  const attributes = own.filter(({ proposal }) => proposal.kind === 'attribute');
  const evidence = attributes.map((suggestion) => {
    const said = suggestion.proposal.kind === 'attribute' ? Object.keys(suggestion.proposal.keys).join(', ') : '';
    return `${said}: ${suggestion.evidence} (confidence ${suggestion.confidence})`;
  });
  return {
    ...keys,
    ...(rules.length === 0 ? {} : { quality: rules }),
    ...(evidence.length === 0 ? {} : { customProperties: [{ property: 'dpa.evidence', value: evidence }] }),
  };
}

function ruleOf({ proposal, evidence, confidence, words }: Suggestion, ids: Set<string>): Words[] {
  if (proposal.kind !== 'rule') return [];
  return [
    {
      id: free(slug(proposal.name), ids),
      name: words?.name ?? proposal.name,
      ...proposal.rule,
      description: words === undefined ? evidence : `${words.why} Evidence: ${evidence}`,
      customProperties: [{ property: 'dpa.confidence', value: confidence }],
    },
  ];
}

function levelOf(dataset: string, { proposal, column = '', evidence }: Suggestion): Words[] {
  if (proposal.kind !== 'latency') return [];
  return [
    { property: 'latency', value: proposal.days, unit: 'd', element: `${dataset}.${column}`, description: evidence },
  ];
}

function slug(words: string): string {
  return words.replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'contract';
}

function free(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let number = 2; taken.has(id); number++) id = `${wanted}-${number}`;
  taken.add(id);
  return id;
}

function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
