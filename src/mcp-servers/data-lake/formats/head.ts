/** The beginning of a text file, looked at before the engine gets it: cheap, bounded, and with a sentence for each fault. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { basename } from 'node:path';
import type { DataFile } from '../files.ts';
import { errorCodeOf, messageOf } from '../json.ts';
import { limits } from '../limits.ts';

/** A reason why a file cannot be a dataset, in one sentence. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
}

/** `text` is the beginning of the file, all of it when `isWhole`. */
export type Head = { readonly text: string; readonly isWhole: boolean };

/** The beginning of a text file. Throws a ProblemError when it is empty, binary, UTF-16 or one endless line. */
export async function headOf(file: DataFile): Promise<Head> {
  const name = basename(file.path);
  if (file.bytes === 0) throw new ProblemError(`${name} is empty (0 bytes).`);
  const bytes = await firstBytes(file, limits.maxLineBytes);
  const isWhole = bytes.length < limits.maxLineBytes;
  if (bytes.length === 0) throw new ProblemError(`${name} is empty (0 bytes after unpacking).`);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new ProblemError(`${name} is UTF-16 text; convert it to UTF-8.`);
  }
  if (bytes.subarray(0, 64 * 1024).includes(0)) throw new ProblemError(`${name} is binary data (NUL bytes), not text.`);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new ProblemError(`${name} holds nothing but white space.`);
  return { text, isWhole };
}

/** Refuses a file whose first line does not end within the limit: the engine would read it into memory as one piece. */
export function requireLineEnd(head: Head, file: DataFile): void {
  if (head.isWhole || /[\r\n]/.test(head.text)) return;
  const limitMib = limits.maxLineBytes / 1024 / 1024;
  throw new ProblemError(
    `${basename(file.path)} has no line end within its first ${limitMib} MiB; longer lines are not read.`,
  );
}

/** The cells of the first CSV record; quotes may hold delimiters and line ends. */
export function firstRecord(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    if (!isQuoted && (char === '\n' || char === '\r')) break;
    if (!isQuoted && char === delimiter) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return [...cells, cell].map((field) => field.trim().replace(/^"(.*)"$/s, '$1'));
}

async function firstBytes(file: DataFile, limit: number): Promise<Buffer> {
  const raw = createReadStream(file.path, { end: limit - 1 });
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    const source: AsyncIterable<Buffer> = /\.gz$/i.test(file.path) ? raw.pipe(createGunzip()) : raw;
    for await (const piece of source) {
      pieces.push(piece);
      length += piece.length;
      if (length >= limit) break;
    }
  } catch (error) {
    const code = errorCodeOf(error);
    // Of a big file we unpack only the beginning; that it ends in the middle is then no fault of the file.
    const isOurCut = code === 'Z_BUF_ERROR' && file.bytes > limit;
    const why = code === 'EACCES' ? 'permission denied' : messageOf(error);
    if (!isOurCut) throw new ProblemError(`${basename(file.path)} cannot be read: ${why}.`);
  } finally {
    raw.destroy();
  }
  return Buffer.concat(pieces).subarray(0, limit);
}
