/** What waits for a person, as text: what it is, why it asks, the exact arguments, until when, and how to decide. */
import type { Ask } from '../analysis/decisions.ts';
import { stepMarks, type Plan } from '../analysis/plan.ts';
import { writtenTime } from '../analysis/time-words.ts';
import { wayText } from '../analysis/ways-out.ts';

export function askText(
  ask: Ask,
  { analysis, nowMs }: { readonly analysis: string; readonly nowMs: number },
): string[] {
  return [
    `${analysis} · waits for ${writtenTime(nowMs - ask.sinceMs)}, ${writtenTime(ask.untilMs - nowMs)} left`,
    ...subject(ask).map((line) => `  ${line}`),
    ...commands(ask, analysis).map((line) => `  ${line}`),
  ];
}

/** Without the commands: for a dialogue that asks at once. */
export function subject(ask: Ask): string[] {
  switch (ask.kind) {
    case 'call':
      return [
        `${ask.name}, because ${ask.why}`,
        ...(ask.touches === undefined ? [] : [ask.touches]),
        ...argumentLines(ask.arguments),
      ];
    case 'question':
      return [ask.text, ...(ask.choices ?? []).map((choice) => `- ${choice}`)];
    case 'trouble':
      return [ask.text, ...ask.ways.map((way) => `- ${wayText(way)}: ${way.does}`)];
    case 'plan':
      return ['The plan:', ...planLines(ask.plan), ask.cost];
  }
}

function commands(ask: Ask, analysis: string): string[] {
  switch (ask.kind) {
    case 'question':
      return [`dpa answer ${analysis} ${ask.id} "…"`];
    case 'trouble':
      return ask.ways.map((way) => `dpa answer ${analysis} ${ask.id} "${wayText(way)}"`);
    case 'call':
    case 'plan':
      return [`dpa approve ${analysis} ${ask.id}`, `dpa deny ${analysis} ${ask.id} --why "…"`];
  }
}

/** Exactly what would be sent; SQL and other long texts with their own line breaks. */
function argumentLines(text: string): string[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    // Cut off: shown as it is.
    return [`  ${text}`];
  }
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0) return ['  (no arguments)'];
  return Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    const words = typeof value === 'string' ? value : JSON.stringify(value);
    return [`  ${name}: ${words.split('\n').join(`\n${' '.repeat(name.length + 6)}`)}`];
  });
}

/** Each step, marked where the work on the plan has begun. */
export function planLines({ steps }: Plan): string[] {
  const hasBegun = steps.some(({ state }) => state !== 'open');
  return steps.map(({ title, state, datasets = [] }, index) => {
    const touched = datasets.length === 0 ? '' : `  (${datasets.join(', ')})`;
    return `  ${hasBegun ? `${stepMarks[state]} ` : ''}${index + 1}. ${title}${touched}`;
  });
}
