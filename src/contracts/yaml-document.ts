/** A YAML (or JSON) text with places: its value, and the line and column of every part of it. */
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type ParsedNode } from 'yaml';
import type { Path } from '../quality/odcs/shape.ts';

export interface Place {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export type YamlDocument =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      /** Where a value stands, or with `atKey` its key; of a part that is missing, where its parent stands. */
      placeOf(path: Path, atKey?: boolean): Place;
      /** A number as it is written, for no digit is to be lost. */
      writtenAt(path: Path): string | undefined;
    }
  | { readonly kind: 'problem'; readonly problems: readonly (Place & { readonly message: string })[] };

/** Aliases resolved at most: a few lines must not grow into gigabytes. */
const MAX_ALIASES = 100;
const PROBLEMS_SHOWN = 10;

export function parseYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error', version: '1.2' });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, PROBLEMS_SHOWN);
    return { kind: 'problem', problems: problems.map(({ message, pos }) => ({ ...place(pos[0]), message })) };
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return {
      kind: 'value',
      value,
      placeOf: (path, atKey) => place(offsetOf(document, path, atKey === true)),
      writtenAt: (path) => {
        const node: unknown = document.getIn(path, true);
        return isScalar(node) && typeof node.value === 'number' ? node.source : undefined;
      },
    };
  } catch (error) {
    // Unresolved and endlessly growing aliases show only now.
    if (!(error instanceof ReferenceError)) throw error;
    return { kind: 'problem', problems: [{ line: 1, column: 1, message: error.message }] };
  }
}

function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  let node: ParsedNode | null | undefined = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isMap(node)) {
      const pair: unknown = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!isPair<ParsedNode, ParsedNode | null>(pair)) return offset;
      const last = depth === path.length - 1;
      offset = (last && !atKey ? startOf(pair.value) : undefined) ?? startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      const item: ParsedNode | undefined = node.items[step];
      offset = startOf(item) ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: { range?: readonly [number, number, number] | null } | null | undefined): number | undefined {
  return node?.range?.[0];
}
