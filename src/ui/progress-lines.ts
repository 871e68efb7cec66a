/** Progress events as lines for a person: what it says, which tools it asks, what went wrong. */
import type { ProgressEvent, ProgressKind } from '../analysis/progress.ts';
import type { Colors } from './terminal.ts';

const marks: Record<ProgressKind, string> = {
  started: '●',
  said: '●',
  toolCalled: '   ',
  toolAnswered: '   ',
  plan: '☐',
  step: '☑',
  asked: '?',
  decided: '●',
  trouble: '  !',
  interrupted: '‖',
  reporting: '●',
  ended: '✓',
};

/** Columns before the words of a line: a long one goes on below its words. */
export const progressHang = 11;

/** The line of an event, or undefined for what a person need not see: a call is shown when it is answered. */
export function progressLine(event: ProgressEvent, startedAtMs: number, colors: Colors): string | undefined {
  if (event.kind === 'toolCalled') return undefined;
  const seconds = ((event.atMs - startedAtMs) / 1000).toFixed(1).padStart(6);
  const line = `${marks[event.kind]} ${event.text}`;
  return `${colors.dim(`${seconds} s`)} ${paint(event.kind, line, colors)}`;
}

function paint(kind: ProgressKind, line: string, colors: Colors): string {
  switch (kind) {
    case 'toolCalled':
    case 'toolAnswered':
      return colors.dim(line);
    case 'trouble':
    case 'interrupted':
    case 'asked':
      return colors.yellow(line);
    case 'started':
    case 'said':
    case 'plan':
    case 'step':
    case 'decided':
    case 'reporting':
    case 'ended':
      return line;
  }
}
