/** What a data contract says once it is read: tables with their columns, one flat list of checks, and what stands in it but cannot be checked. */
import type { Check, Scalar } from './check.ts';

export interface Contract {
  readonly id: string;
  readonly version: string;
  /** The version of the Open Data Contract Standard it was written in, as `v3.2.0`. */
  readonly apiVersion: string;
  readonly status?: string;
  readonly name?: string;
  readonly description?: string;
  /** Whom an alert names; a check may have its own. */
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly servers: readonly Server[];
  readonly tables: readonly Table[];
  readonly checks: readonly Check[];
  readonly unchecked: readonly Unchecked[];
  readonly onFailure?: OnFailure;
  readonly written?: Written;
}

/** Where a contract was read: its file seen from the project, and the line of each check's id, for those who show a check beside its rule. */
export interface Written {
  readonly file: string;
  readonly lines: Readonly<Record<string, number>>;
}

/** What a failed check sets off, beyond the verdict. */
export interface OnFailure {
  readonly investigate: boolean;
  readonly quarantine: boolean;
}

export interface Server {
  readonly name: string;
  /** `local`, `s3`, `postgres`, `mysql`, `duckdb` and the standard's others. */
  readonly type: string;
  readonly location?: string;
  readonly format?: string;
  readonly database?: string;
  readonly schema?: string;
}

export interface Table {
  readonly name: string;
  /** What the source calls it (a file name, a table name) where that is not `name`. */
  readonly physicalName: string;
  readonly columns: readonly Column[];
  readonly description?: string;
  readonly tags: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly physicalName: string;
  readonly logicalType?: LogicalType;
  readonly physicalType?: string;
  readonly required: boolean;
  readonly unique: boolean;
  /** Place within a compound primary key, from 1; absent when the column is no part of the key. */
  readonly primaryKeyPosition?: number;
  readonly classification?: string;
  readonly examples: readonly Scalar[];
  readonly description?: string;
  readonly tags: readonly string[];
}

export type LogicalType =
  'string' | 'date' | 'timestamp' | 'time' | 'number' | 'integer' | 'object' | 'array' | 'boolean';

/** A rule that stands in the contract and that this program does not evaluate: it is listed, never green. */
export interface Unchecked {
  readonly name: string;
  readonly table?: string;
  readonly column?: string;
  readonly source: string;
  readonly reason: string;
}
