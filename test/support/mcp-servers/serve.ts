/** A tool server small enough to misbehave exactly as a test wants: raw lines, no SDK, its pid left in a folder. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export type Message = { id?: number; method?: string; params?: Record<string, unknown> };
export type Answer = Record<string, unknown> | undefined;
type Handler = (params: Record<string, unknown>, message: Message) => Answer | Promise<Answer>;

/** Methods without a handler get the ordinary answer; `undefined` means that no answer is sent. */
export function serve(handlers: Record<string, Handler>): void {
  leavePid(process.pid);
  const all: Record<string, Handler> = { initialize: welcome, ping: () => ({}), ...handlers };
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message: Message = JSON.parse(line);
    void answer(all[message.method ?? ''], message);
  });
}

async function answer(handler: Handler | undefined, message: Message): Promise<void> {
  const result = await handler?.(message.params ?? {}, message);
  if (result !== undefined && message.id !== undefined) say({ id: message.id, result });
}

export function say(message: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/** Tests read the folder and fail when one of these processes is still there at the end. */
export function leavePid(pid: number | undefined): void {
  const folder = process.env['TEST_PIDS'];
  if (folder !== undefined && pid !== undefined) writeFileSync(path.join(folder, String(pid)), '');
}

export function welcome(): Answer {
  return { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'test', version: '1' } };
}

export function toolNamed(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name, description: `does ${name}`, inputSchema: { type: 'object' }, ...more };
}

export function textResult(text: string): Answer {
  return { content: [{ type: 'text', text }] };
}
