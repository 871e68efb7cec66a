/** What the Temporal UI shows of a running analysis: task, plan and progress as Markdown. */
import { tokensUsed } from '../analysis/budget.ts';
import { totalOf } from '../analysis/cost.ts';
import type { AnalysisState } from '../analysis/state.ts';
import type { Ask } from '../analysis/decisions.ts';
import { shorten } from '../analysis/progress.ts';
import { stepMarks } from '../analysis/plan.ts';
import { spentWords } from '../analysis/spent-words.ts';
import { wayText } from '../analysis/ways-out.ts';

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
  const { plan, progress, paused } = state;
  const steps = plan?.steps.map((step) => `- ${stepMarks[step.state]} ${step.title}`) ?? [];
  const events = progress.events.slice(-shownEvents).map((event) => `- ${event.text}`);
  const by = paused?.by === undefined ? '' : ` by ${paused.by}`;
  // A blank line between them: else Markdown makes one paragraph, or one list, of all.
  return [
    `**${task}**`,
    ...(paused === undefined
      ? []
      : [`**Paused${by}** since ${new Date(paused.sinceMs).toISOString()}; it goes on with the signal \`resume\`.`]),
    ...(state.asks ?? []).map((ask) => `**Waits for a person**: ${waitText(ask)}`),
    `${state.phase.kind} · ${spentOf(state)}`,
    ...(steps.length > 0 ? ['### Plan', steps.join('\n')] : []),
    '### Latest',
    events.join('\n'),
  ].join('\n\n');
}

function spentOf({ budget, spending = {} }: AnalysisState): string {
  const { bytesScanned = 0 } = budget;
  const spent = { usd: totalOf(spending).costUsd, tokens: tokensUsed(budget), bytesScanned };
  return spentWords({ ...budget, spent });
}
