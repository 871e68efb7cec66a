/** What the Temporal UI shows of a running analysis: task, plan and progress as Markdown. */
import type { AnalysisState } from '../analysis/state.ts';
import type { Ask } from '../analysis/decisions.ts';
import { shorten } from '../analysis/progress.ts';
import type { PlanStep } from '../analysis/plan.ts';
import { wayText } from '../analysis/ways-out.ts';

const marks: Record<PlanStep['state'], string> = { open: '☐', doing: '▶', done: '☑', dropped: '☒' };

/** Arguments and words shown of what waits. */
const shownCharacters = 300;

function waitText(ask: Ask): string {
  const until = `until ${new Date(ask.untilMs).toISOString()}, then no`;
  switch (ask.kind) {
    case 'call':
      return `a yes to \`${ask.name}\` (${ask.id}), because ${ask.why}; ${until}: \`${shorten(ask.arguments, shownCharacters)}\``;
    case 'question':
      return `an answer (${ask.id}), ${until}: ${shorten(ask.text, shownCharacters)}`;
    case 'trouble':
      return `help (${ask.id}), until ${new Date(ask.untilMs).toISOString()}. ${shorten(ask.text, shownCharacters)} Answers: ${ask.ways.map(wayText).join(', ')}`;
    case 'plan':
      return `a yes to the plan (${ask.id}), ${until}. ${ask.cost}`;
  }
}

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
    ...(state.asks ?? []).map((ask) => `**Waits for a person**: ${waitText(ask)}`),
    `${state.phase.kind} · step ${budget.steps} of at most ${budget.maxSteps} · ${budget.toolCalls} tool calls`,
    ...(steps.length > 0 ? ['### Plan', ...steps] : []),
    '### Latest',
    ...events,
  ].join('\n');
}
