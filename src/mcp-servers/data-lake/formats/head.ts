/** The beginning of a text file, looked at before the engine gets it: cheap, bounded, and with a sentence for each fault. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { basename } from 'node:path';
import type { DataFile } from '../discovery.ts';
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
  const source = /\.gz$/i.test(file.path) ? raw.pipe(createGunzip()) : raw;
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length >= limit) break;
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    // A cut-off member at the end of the bytes we took is no fault of the file.
    if (code !== 'Z_BUF_ERROR') throw new ProblemError(problemOf(basename(file.path), code, message));
  } finally {
    raw.destroy();
  }
  return Buffer.concat(pieces).subarray(0, limit);
}

function problemOf(name: string, code: string, message: string): string {
  if (code === 'EACCES' || code === 'EPERM') return `${name} cannot be read: permission denied.`;
  if (code === 'ENOENT') return `${name} is gone.`;
  if (code.startsWith('Z_')) return `${name} is not a valid gzip file: ${message}.`;
  return `${name} cannot be read: ${message}.`;
}
