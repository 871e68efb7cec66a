/** One rule of a data contract: what it looks at, and when it is broken. Semantics stand here once, for every engine. */
import type { LogicalType } from './contract.ts';

export type Scalar = string | number | boolean | null;

/** A number as it was written: digits are never rounded, comparison is decimal. */
export type Decimal = string;

export type Severity = 'error' | 'warning';

export type Dimension =
  'accuracy' | 'completeness' | 'conformity' | 'consistency' | 'coverage' | 'timeliness' | 'uniqueness';

export type Check = RowCheck | ValueCheck | SchemaCheck | HistoryCheck;

export interface CheckBase {
  /** The contract's own id of the rule, or one made of what the rule says: renaming a rule keeps its history. */
  readonly id: string;
  /** `Contract.id`: ids are unique within a contract only, `keyOf` within a suite. */
  readonly contract: string;
  /** Changes when the rule means something else: a series of points ends there. */
  readonly definitionHash: string;
  readonly name: string;
  /** `Table.name`. */
  readonly table: string;
  readonly severity: Severity;
  readonly dimension: Dimension;
  /** An SQL condition: rows it does not hold for are not looked at, before anything else. */
  readonly filter?: string;
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly description?: string;
  /** Where it stands in the document, as `schema[0].properties[2].quality[0]`. */
  readonly source: string;
}

/**
 * A check that each row keeps or violates. `threshold` is about the number of violating rows;
 * `percent` is of the evaluated rows. NULL violates only `nullValues` and `missingValues`.
 */
export interface RowCheckBase extends CheckBase {
  readonly threshold: Threshold;
}

/** Each comparison must hold. */
export interface Threshold {
  readonly unit: 'rows' | 'percent';
  readonly must: readonly Comparison[];
}

/** `between` is inclusive, its opposite is everything outside. */
export type Comparison =
  | {
      readonly kind: 'equal' | 'notEqual' | 'greater' | 'greaterOrEqual' | 'less' | 'lessOrEqual';
      readonly value: Decimal;
    }
  | { readonly kind: 'between' | 'notBetween'; readonly low: Decimal; readonly high: Decimal };

export type RowCheck =
  | NullValues
  | MissingValues
  | AcceptedValues
  | Pattern
  | Format
  | Range
  | Length
  | TypeConformity
  | DuplicateValues
  | ForeignKey
  | FunctionalDependency
  | RowExpression
  | FailedRows
  | PersonalData;

export interface NullValues extends RowCheckBase {
  readonly kind: 'nullValues';
  readonly column: string;
}

/** NULL, a value of the list, or (with `blank`) text of nothing but white space. */
export interface MissingValues extends RowCheckBase {
  readonly kind: 'missingValues';
  readonly column: string;
  readonly values: readonly Scalar[];
  readonly blank: boolean;
}

/** `refused` turns it round: none of the values may occur. Text compares exactly, numbers as decimals. */
export interface AcceptedValues extends RowCheckBase {
  readonly kind: 'acceptedValues';
  readonly column: string;
  readonly values: readonly Scalar[];
  readonly refused: boolean;
}

/** A regular expression (RE2) found anywhere in the value's text unless anchored; `refused`: it must not be found. */
export interface Pattern extends RowCheckBase {
  readonly kind: 'pattern';
  readonly column: string;
  readonly pattern: string;
  readonly refused: boolean;
}

export type FormatName =
  | 'email'
  | 'uuid'
  | 'uri'
  | 'hostname'
  | 'ipv4'
  | 'ipv6'
  | 'integer'
  | 'number'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'boolean'
  | 'country'
  | 'currency'
  | 'language'
  | 'usState'
  | 'phone'
  | 'json';

export interface Format extends RowCheckBase {
  readonly kind: 'format';
  readonly column: string;
  readonly format: FormatName;
}

/** Bounds as written: decimals, dates or timestamps, by the column's type. */
export interface Range extends RowCheckBase {
  readonly kind: 'range';
  readonly column: string;
  readonly of: 'number' | 'date' | 'timestamp' | 'time';
  readonly minimum?: Bound;
  readonly maximum?: Bound;
  readonly multipleOf?: Decimal;
}

export interface Bound {
  readonly value: string;
  readonly exclusive: boolean;
}

/** Characters (code points) of the value's text, or items of a list. */
export interface Length extends RowCheckBase {
  readonly kind: 'length';
  readonly column: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The value, whatever the column's physical type, can be read as this type without loss. */
export interface TypeConformity extends RowCheckBase {
  readonly kind: 'typeConformity';
  readonly column: string;
  readonly logicalType: Exclude<LogicalType, 'object' | 'array'>;
  /** How a date is written, in the standard's letters (`yyyy-MM-dd`); absent: ISO 8601. */
  readonly format?: string;
}

/** Violating are the rows beyond the first of each group; a row with a NULL among the columns is in no group. */
export interface DuplicateValues extends RowCheckBase {
  readonly kind: 'duplicateValues';
  readonly columns: readonly string[];
}

/** A row with a NULL among the columns refers to nothing. */
export interface ForeignKey extends RowCheckBase {
  readonly kind: 'foreignKey';
  readonly columns: readonly string[];
  readonly to: { readonly table: string; readonly columns: readonly string[] };
}

/**
 * Rows equal in `determinant` have one value in `column`. Violating: the rows whose value is not the
 * most frequent of their group; among equally frequent ones the one that is more frequent in the whole
 * column is taken for right, then the smaller text. NULL on either side is not evaluated.
 */
export interface FunctionalDependency extends RowCheckBase {
  readonly kind: 'functionalDependency';
  readonly determinant: readonly string[];
  readonly column: string;
}

/** An SQL condition over the row that must be true; NULL does not violate. `columns` are those it is about. */
export interface RowExpression extends RowCheckBase {
  readonly kind: 'rowExpression';
  readonly expression: string;
  readonly columns: readonly string[];
}

/** An SQL query whose rows are the violating ones; `${table}` stands for the table. */
export interface FailedRows extends RowCheckBase {
  readonly kind: 'failedRows';
  readonly query: string;
}

/** Values that look like an e-mail address, a phone or card number, where the contract knows of no such thing. */
export interface PersonalData extends RowCheckBase {
  readonly kind: 'personalData';
  readonly column: string;
}

/** A check of one number. */
export type ValueCheck = RowCount | Aggregate | Sql | Freshness | Reconcile | SequenceGaps;

/** `unit` is always that of the number itself. Each comparison must hold. */
export interface ValueCheckBase extends CheckBase {
  readonly must: readonly Comparison[];
}

export interface RowCount extends ValueCheckBase {
  readonly kind: 'rowCount';
}

type ColumnMeasure = 'average' | 'sum' | 'minimum' | 'maximum' | 'stddev' | 'distinctCount' | 'nullPercent' | 'age';
export type Measure =
  | { readonly kind: 'rowCount' }
  | { readonly kind: ColumnMeasure; readonly column: string }
  | { readonly kind: 'quantile'; readonly column: string; readonly quantile: number };

export interface Aggregate extends ValueCheckBase {
  readonly kind: 'aggregate';
  readonly measure: Measure;
}

/** An SQL query with one row of one number; `${table}` (and `${column}`) stand for the checked one. */
export interface Sql extends ValueCheckBase {
  readonly kind: 'sql';
  readonly query: string;
  readonly column?: string;
}

/** Age of the newest (`retention`: of the oldest) date or timestamp at the end of the data interval, in seconds. */
export interface Freshness extends ValueCheckBase {
  readonly kind: 'freshness' | 'retention';
  readonly column: string;
}

/** This table's measure minus the other's, absolute; with `unit: percent` of the other's. */
export interface Reconcile extends ValueCheckBase {
  readonly kind: 'reconcile';
  readonly measure: Measure;
  readonly with: { readonly table: string; readonly measure: Measure; readonly filter?: string };
  readonly unit: 'value' | 'percent';
}

/** Steps missing between the smallest and the greatest value: whole numbers, or days, hours of a timestamp. */
export interface SequenceGaps extends ValueCheckBase {
  readonly kind: 'sequenceGaps';
  readonly column: string;
  readonly step: { readonly kind: 'number'; readonly by: Decimal } | { readonly kind: 'day' | 'hour' };
}

export type SchemaChange = 'added' | 'removed' | 'retyped' | 'reordered';

/** The columns found against the contract's, or against those of the accepted run before. */
export interface SchemaCheck extends CheckBase {
  readonly kind: 'schema';
  readonly against: 'contract' | 'baseline';
  readonly refused: readonly SchemaChange[];
}

/** A check that needs earlier, accepted points; with fewer than it needs its verdict is `learning`. */
export type HistoryCheck = Volume | Anomaly | DistributionDrift;

/** Rows against the median of the earlier points: may lie so many percent below or above it. */
export interface Volume extends CheckBase {
  readonly kind: 'volume';
  readonly maxDropPercent?: Decimal;
  readonly maxGrowthPercent?: Decimal;
  readonly window: HistoryWindow;
}

/** A measure against median and MAD of the earlier points. */
export interface Anomaly extends CheckBase {
  readonly kind: 'anomaly';
  readonly measure: Measure;
  /** Half the width of what is expected, in robust standard deviations. */
  readonly sensitivity: number;
  readonly direction: 'both' | 'up' | 'down';
  readonly window: HistoryWindow;
}

export interface HistoryWindow {
  /** Points looked back at; fewer than `learning` of them judge nothing. */
  readonly points: number;
  readonly learning: number;
  readonly season: 'none' | 'dayOfWeek';
}

/** A column's distribution against the accepted one before: `psi` and `ks` above `limit`, or a share of categories that moved by more. */
export interface DistributionDrift extends CheckBase {
  readonly kind: 'distributionDrift';
  readonly column: string;
  readonly method: 'psi' | 'ks' | 'categoryShare';
  readonly limit: Decimal;
  readonly buckets: number;
}
