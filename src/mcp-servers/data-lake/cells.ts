/** DuckDB values as the JSON cells of a table: exact where JSON numbers would lose digits, short where values are huge. */
import {
  DuckDBArrayType,
  DuckDBBlobValue,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBUnionType,
  DuckDBVariantType,
  JsonDuckDBValueConverter,
} from '@duckdb/node-api';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { limits } from './limits.ts';

export type Cell = string | number | boolean | null;

export type Column = { readonly name: string; readonly type: string };

export type Table = { readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] };

/** int64 and wider, decimals, dates and times as text; doubles as numbers, NaN and infinities as text; nested as JSON text. */
export function cellOf(value: DuckDBValue, type: DuckDBType): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof DuckDBBlobValue) return blobPreview(value.bytes);
  if (isNested(type)) return JSON.stringify(JsonDuckDBValueConverter(value, type, JsonDuckDBValueConverter));
  return value.toString();
}

/** A text cut to the cell limit, or undefined when it fits. */
export function cutCell(cell: Cell): string | undefined {
  if (typeof cell !== 'string' || cell.length * 3 <= limits.maxCellBytes) return undefined;
  const bytes = Buffer.from(cell.slice(0, limits.maxCellBytes + 1));
  if (bytes.length <= limits.maxCellBytes) return undefined;
  let end = limits.maxCellBytes;
  // A UTF-8 continuation byte must not start the cut-off part, or the last character would be half a one.
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return `${bytes.subarray(0, end).toString()}…`;
}

function isNested(type: DuckDBType): boolean {
  return (
    type instanceof DuckDBListType ||
    type instanceof DuckDBArrayType ||
    type instanceof DuckDBStructType ||
    type instanceof DuckDBMapType ||
    type instanceof DuckDBUnionType ||
    type instanceof DuckDBVariantType
  );
}

function blobPreview(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, limits.blobPreviewBytes)).toString('hex');
  return bytes.length > limits.blobPreviewBytes ? `0x${head}… (${bytes.length} bytes)` : `0x${head}`;
}
