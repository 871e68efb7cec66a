/** Fetches the official build of the Temporal program, as Temporal's own SDK does for its test environment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AcquireOptions } from './acquire.ts';
import { temporalVersion, tryProgram } from './program-version.ts';

const officialBase = 'https://temporal.download/cli';
/** Short: where the network is closed, the next way must not have to wait. */
const descriptionLimitMs = 5_000;
const archiveLimitMs = 10 * 60_000;
const archiveMaxBytes = 500_000_000;

type Description = { readonly archiveUrl: URL; readonly fileToExtract: string };

/** Leaves an executable `temporal` in the folder. */
export async function downloadTemporal(folder: string, options: AcquireOptions): Promise<void> {
  const base = options.downloadBase ?? officialBase;
  const { archiveUrl, fileToExtract } = await describe(base, options.signal);
  options.onProgress(`downloading the Temporal program (once, about 50 MB) from ${archiveUrl.host}`);
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(archiveLimitMs)]);
  const response = await fetchOk(archiveUrl, limit, archiveLimitMs);
  await extract(response, fileToExtract, folder, limit);
  const program = join(folder, 'temporal');
  if (fileToExtract !== 'temporal') renameSync(join(folder, fileToExtract), program);
  await tryProgram(program);
}

async function describe(base: string, signal: AbortSignal): Promise<Description> {
  const platforms: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' };
  const machines: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };
  const platform = platforms[process.platform];
  const arch = machines[process.arch];
  if (!platform || !arch) throw new Error(`there is none for ${process.platform} on ${process.arch}`);
  const url = new URL(`${base}/v${temporalVersion}`);
  url.search = new URLSearchParams({ arch, platform, format: 'tar.gz' }).toString();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(descriptionLimitMs)]);
  const response = await fetchOk(url, limit, descriptionLimitMs);
  const found: unknown = await response.json();
  if (typeof found === 'object' && found !== null && 'archiveUrl' in found && 'fileToExtract' in found) {
    const { archiveUrl, fileToExtract } = found;
    if (typeof archiveUrl === 'string' && typeof fileToExtract === 'string' && isInside(fileToExtract)) {
      const archive = new URL(archiveUrl);
      if (archive.protocol === url.protocol) return { archiveUrl: archive, fileToExtract };
    }
  }
  throw new Error(`${url.host} answered with something that does not describe a download`);
}

async function fetchOk(url: URL, signal: AbortSignal, limitMs: number): Promise<Response> {
  let response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    throw new Error(`${url.host} cannot be reached (${reason(error, limitMs)})`, { cause: error });
  }
  if (!response.ok) throw new Error(`${url.host} answered with status ${response.status}`);
  return response;
}

async function extract(response: Response, file: string, folder: string, signal: AbortSignal): Promise<void> {
  if (!response.body) throw new Error('the archive is empty');
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, file], { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let said = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-500)));
  const ended = once(tar, 'close');
  const [fed, end] = await Promise.allSettled([
    pipeline(Readable.fromWeb(response.body), atMost(archiveMaxBytes), tar.stdin, { signal }),
    ended,
  ]);
  if (end.status === 'rejected') throw new Error(`tar could not be run: ${String(end.reason)}`);
  if (end.value[0] !== 0) throw new Error(`tar could not unpack the archive: ${said.trim()}`);
  if (fed.status === 'rejected') throw new Error(`the archive did not arrive whole: ${String(fed.reason)}`);
}

function atMost(maxBytes: number) {
  return async function* (chunks: AsyncIterable<Uint8Array>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
      yield chunk;
    }
  };
}

function isInside(path: string): boolean {
  return !isAbsolute(path) && !path.startsWith('-') && !normalize(path).startsWith('..');
}

function reason(error: unknown, limitMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${limitMs / 1_000} s`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
