/** What the Temporal UI shows of a running analysis: task, plan and progress as Markdown. */
import type { AnalysisState } from '../analysis/state.ts';
import type { PlanStep } from '../analysis/plan.ts';

const marks: Record<PlanStep['state'], string> = { open: '☐', doing: '▶', done: '☑', dropped: '☒' };

/** Latest events shown. */
const shownEvents = 8;

export function currentDetails(task: string, state: AnalysisState): string {
  const { budget, plan, progress, paused } = state;
  const steps = plan?.steps.map((step) => `- ${marks[step.state]} ${step.title}`) ?? [];
  const events = progress.events.slice(-shownEvents).map((event) => `- ${event.text}`);
  return [
    `**${task}**`,
    ...(paused === undefined
      ? []
      : [
          `**Paused${paused.by === undefined ? '' : ` by ${paused.by}`}** since ${new Date(paused.sinceMs).toISOString()}`,
        ]),
    `${state.phase.kind} · step ${budget.steps} of at most ${budget.maxSteps} · ${budget.toolCalls} tool calls`,
    ...(steps.length > 0 ? ['### Plan', ...steps] : []),
    '### Latest',
    ...events,
  ].join('\n');
}
