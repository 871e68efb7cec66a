/** What the steps of an analysis share: its input, its state, and how both are told to people. */
import type { Happening } from '../analysis/machine.ts';
import type { AnalysisState } from '../analysis/state.ts';
import type { ProgressKind } from '../analysis/progress.ts';
import type { AnalysisInput } from './messages.ts';

/** For calls of the model: whether a person may be asked between two of them. */
export function attended({ approvals }: AnalysisInput): { attended?: true } {
  return approvals?.unattended === true ? {} : { attended: true };
}

export type Loop = {
  readonly input: AnalysisInput;
  readonly startedAtMs: number;
  readonly session: string;
  readonly state: AnalysisState;
  become(state: AnalysisState): void;
  /** What the state machine makes of it. */
  happen(event: Happening): void;
  /** Told to the service, so that lists show it, and so that a host that nobody uses may stop meanwhile. */
  settle(how: 'running' | 'waiting' | 'paused'): void;
  note(kind: ProgressKind, text: string): void;
};
