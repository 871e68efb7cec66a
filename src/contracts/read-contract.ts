/** Reads a contract file: the contract, or every fault of it with file, line and column. */
import { open } from 'node:fs/promises';
import type { Contract } from '../quality/contract.ts';
import { translate } from '../quality/odcs/translate.ts';
import { parseYaml } from './yaml-document.ts';

/** A contract is written by people; what is larger is something else. */
export const MAX_CONTRACT_BYTES = 1024 * 1024;

export interface Fault {
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ReadContract =
  | {
      readonly kind: 'contract';
      readonly file: string;
      readonly contract: Contract;
      /** Of a check's `source`; from 1. */
      lineOf(source: string): number;
    }
  | { readonly kind: 'faulty'; readonly file: string; readonly faults: readonly Fault[] };

/** Rejects when the file cannot be read at all; a file that is too large is a fault. */
export async function readContract(file: string): Promise<ReadContract> {
  const text = await readBounded(file);
  if (text === undefined) {
    const message = `expected at most ${MAX_CONTRACT_BYTES} bytes, found more. Split the contract`;
    return { kind: 'faulty', file, faults: [{ file, line: 1, column: 1, message }] };
  }
  return contractIn(text, file);
}

/** `file` names the text in messages. */
export function contractIn(text: string, file: string): ReadContract {
  const document = parseYaml(text);
  if (document.kind === 'problem')
    return { kind: 'faulty', file, faults: document.problems.map((problem) => ({ file, ...problem })) };
  const translated = translate(document.value, document.writtenAt);
  if (translated.kind === 'contract')
    return { ...translated, file, lineOf: (source) => document.placeOf(pathIn(source)).line };
  const faults = translated.problems
    .map(({ path, message, atKey }) => ({ file, ...document.placeOf(path, atKey), message }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { kind: 'faulty', file, faults };
}

/** `schema[0].properties[2]` as steps; of a step that is not there the place of what it would stand in is told. */
function pathIn(source: string): readonly (string | number)[] {
  return [...source.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}

/** Absent when there is more than is allowed; never more than that is read. */
export async function readBounded(file: string): Promise<string | undefined> {
  await using handle = await open(file);
  const bytes = Buffer.alloc(MAX_CONTRACT_BYTES + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length > MAX_CONTRACT_BYTES ? undefined : bytes.toString('utf8', 0, length).replace(/^\ufeff/, '');
}
