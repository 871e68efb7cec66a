/** A tool result in few words: for results that are masked in a long conversation, and for the record of what was found. */
import type { ToolResult } from './conversation.ts';
import { numbersInText } from './numbers.ts';
import type { Cell, Table } from './table.ts';

/** Results up to this length are never masked: a mask would save nothing. */
export const shortResultCharacters = 600;

/** Beginning of a result that is no table. */
const beginningCharacters = 240;

/** Columns named, rows shown, and characters of one cell. */
const maxColumns = 12;
const maxRows = 2;
const maxCellCharacters = 40;

const note = 'Shortened to save room; the call and its result are kept. read_result with this ref reads all of it.';

/** As it stands in a shortened conversation. What has no reference could not be read again, so it stays as it is. */
export function masked(result: ToolResult): ToolResult {
  if (result.ref === undefined || result.text.length <= shortResultCharacters) return result;
  const { rows, shown } = digestOf(result.text);
  const text = JSON.stringify({ ok: result.ok, ...(rows === undefined ? {} : { rows }), shown, ref: result.ref, note });
  return text.length < result.text.length ? { ...result, text } : result;
}

export type Digest = { readonly rows?: number; readonly shown: string };

/** `wanted`: numbers as they were written; rows that hold one of them are shown before the first rows. */
export function digestOf(text: string, wanted: ReadonlySet<string> = new Set()): Digest {
  const table = tableIn(text);
  if (table === undefined) return { shown: cut(previewIn(text), beginningCharacters) };
  const names = table.columns.map(({ name }) => name);
  const columns = `${names.slice(0, maxColumns).join(', ')}${names.length > maxColumns ? ', …' : ''}`;
  const relied = table.rows.flatMap((row, index) => (row.some((cell) => isWanted(cell, wanted)) ? [index] : []));
  const picked = [...new Set([...relied, ...table.rows.keys()])].slice(0, maxRows).sort((a, b) => a - b);
  const rows = picked.map(
    (index) => `row ${index}: ${table.rows[index]!.slice(0, maxColumns).map(cellText).join(', ')}`,
  );
  return { rows: table.rows.length, shown: [`columns: ${columns}`, ...rows].join(' · ') };
}

/** Whether a cell is one of the numbers: as it stands, or rounded as a sentence would write it, also in percent. */
export function isWanted(cell: Cell, wanted: ReadonlySet<string>): boolean {
  if (wanted.size === 0 || cell === null || typeof cell === 'boolean') return false;
  const text = String(cell);
  if (wanted.has(text)) return true;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return false;
  return [value, value * 100].some((one) => [0, 1, 2, 3, 4].some((digits) => wanted.has(one.toFixed(digits))));
}

/** Numbers as they are written, without the commas between thousands; single digits rest on nothing. */
export function numbersIn(text: string): string[] {
  return numbersInText(text)
    .map((token) => token.text.replaceAll(',', ''))
    .filter((written) => written.length > 1);
}

/** The table of a result as the data servers give it, where it is shown whole. */
export function tableIn(text: string): Table | undefined {
  const { data } = objectIn(text) as { data?: Partial<Table> };
  return Array.isArray(data?.columns) && Array.isArray(data.rows) ? (data as Table) : undefined;
}

/** Names of the datasets that a result says it was read from. */
export function datasetsIn(text: string): string[] {
  const { meta } = objectIn(text) as { meta?: { datasets?: unknown } };
  if (!Array.isArray(meta?.datasets)) return [];
  return meta.datasets.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'name' in one ? String(one.name) : String(one),
  );
}

/** Of a large result the conversation holds only the beginning; its own words are more telling than the shell around it. */
function previewIn(text: string): string {
  const { preview, error } = objectIn(text) as { preview?: unknown; error?: { message?: unknown } };
  if (typeof preview === 'string') return preview;
  return typeof error?.message === 'string' ? error.message : text;
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function cellText(cell: Cell): string {
  return cut(cell === null ? 'NULL' : String(cell), maxCellCharacters);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
