/** The ledger of a fault run: every model request and tool effect as a line that outlives the process that wrote it. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';

export type LedgerEntry =
  | { readonly kind: 'asked' | 'replied'; readonly turn: number; readonly request: string }
  | { readonly kind: 'called'; readonly tool: string; readonly key: string; readonly subject: string }
  | { readonly kind: 'serverStarted'; readonly pid: number };

/** On disk when it returns. One write of a short line: a SIGKILL leaves it whole or not there. */
export function enterInto(file: string, entry: LedgerEntry): void {
  writeFileSync(file, `${JSON.stringify(entry)}\n`, { flag: 'as' });
}

export function readLedger(file: string): LedgerEntry[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LedgerEntry);
}

/** The effects of the tool server, one file each, named by the idempotency key. */
export function countEffects(file: string): number {
  return existsSync(effectsFolder(file)) ? readdirSync(effectsFolder(file)).length : 0;
}

export function effectsFolder(file: string): string {
  return `${file}.effects`;
}
