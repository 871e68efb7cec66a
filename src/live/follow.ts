/** Follows the text of an analysis while its model writes: by the worker's stream where it is in reach, else by heartbeats. */
import { setTimeout as delay } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { createParser } from 'eventsource-parser';
import { liveDetails, type LiveDetails } from './details.ts';
import type { LivePiece } from './live-text.ts';

export type LiveReader = {
  /** The next piece of an answer; another turn or attempt than before: what was shown before is void. */
  piece(piece: LivePiece): void;
  /** Nothing is being written any more; what was said comes with the progress. */
  ended(): void;
};

export type LiveSource = {
  /** The present one: it is replaced when the service was lost. */
  client(): Client;
  /** Whether a model may be writing at all: nobody is asked else. */
  isWorthAsking(): boolean;
};

/** How often the heartbeats are asked for while there is no stream. */
const pollEveryMs = 250;

/** A worker on this machine answers at once or not at all. */
const connectWithinMs = 1_000;

/** The worker says every 5 s that it is there. */
const silenceMs = 15_000;

const describeLimitMs = 3_000;

/** Never rejects; resolves after `signal` is aborted. */
export async function followLive(
  source: LiveSource,
  id: string,
  reader: LiveReader,
  signal: AbortSignal,
): Promise<void> {
  const unreachable = new Set<string>();
  while (!signal.aborted) {
    const details = source.isWorthAsking() ? await present(source.client(), id) : undefined;
    if (details === undefined) reader.ended();
    else if (!unreachable.has(details.url)) {
      const wasThere = await readStream(details.url, reader, signal);
      if (wasThere) reader.ended();
      else unreachable.add(details.url);
      continue;
    } else reader.piece({ ...details, offset: details.chars - details.tail.length, text: details.tail });
    await delay(pollEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What the model call that is running says of itself. */
async function present(client: Client, id: string): Promise<LiveDetails | undefined> {
  const handle = client.workflow.getHandle(id);
  const description = await client
    .withDeadline(Date.now() + describeLimitMs, () => handle.describe())
    .catch(() => undefined);
  for (const { heartbeatDetails } of description?.raw.pendingActivities ?? []) {
    const [payload] = heartbeatDetails?.payloads ?? [];
    if (payload === undefined || payload === null) continue;
    const details = liveDetails(defaultPayloadConverter.fromPayload(payload));
    if (details !== undefined) return details;
  }
  return undefined;
}

/** Resolves when the stream is over: whether there was one. Only this machine is asked, whatever the heartbeat says. */
async function readStream(url: string, reader: LiveReader, signal: AbortSignal): Promise<boolean> {
  if (new URL(url).hostname !== '127.0.0.1') return false;
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(), connectWithinMs);
  let isConnected = false;
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, stop.signal]) });
    if (!response.ok || response.body === null) return false;
    isConnected = true;
    const parser = createParser({
      onEvent({ event, data }) {
        if (event === 'ended') reader.ended();
        else reader.piece(JSON.parse(data) as LivePiece);
      },
    });
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), silenceMs);
      parser.feed(text);
    }
    return true;
  } catch {
    // Gone with its worker, silent, or never there: the heartbeats say where to look next.
    return isConnected;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}
