/** The conformance cases as they stand in the JSON files beside this one: what each rule says of each edge. */
import { readFileSync } from 'node:fs';
import type { Check } from '../../../src/quality/check.ts';
import type { LogicalType } from '../../../src/quality/contract.ts';
import type { CheckVerdict } from '../../../src/quality/check-result.ts';

/** How a column is stored; an engine's harness names its own type for each. */
export type Storage = 'text' | 'integer' | 'decimal' | 'float' | 'boolean' | 'date' | 'timestamp' | 'timestamptz';

/** `null` is NULL; everything else is text that the column's type reads. */
export type Edge = string | null;

/** A rule about the column `c`, with the values that hold it and those that violate it. NULL is tried with every rule. */
export type RowCase = {
  readonly rule: Partial<Check> & { readonly kind: Check['kind'] };
  readonly storage: Storage;
  readonly holds: readonly Edge[];
  readonly violates: readonly Edge[];
};

export type SmallTable = {
  readonly columns: readonly (readonly [name: string, storage: Storage])[];
  readonly rows: readonly (readonly Edge[])[];
};

/** A rule about a whole table, or about one and its nights before. */
export type TableCase = {
  readonly name: string;
  readonly rule: Partial<Check>;
  readonly table: SmallTable;
  readonly other?: SmallTable;
  /** The table on the nights before, oldest first: the rule is run on each, and what it found is its baseline. */
  readonly before?: readonly SmallTable[];
  /** Instead, what the rule found on the nights before, oldest first. */
  readonly earlier?: readonly string[];
  /** The columns of the contract, with their logical types. */
  readonly contract?: readonly (readonly [name: string, logicalType?: LogicalType])[];
  readonly verdict: CheckVerdict;
  readonly violating?: number;
  readonly evaluated?: number;
  /** Compared as numbers. */
  readonly value?: string;
};

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const rowCases = read('row-cases.json') as readonly RowCase[];
export const tableCases = [
  ...(read('table-cases.json') as TableCase[]),
  ...(read('history-cases.json') as TableCase[]),
];
