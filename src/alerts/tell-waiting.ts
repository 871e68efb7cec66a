/** Posts that an analysis waits for a person: to those who decide, and after some time to those who are above them. */
import type { Ask } from '../analysis/decisions.ts';
import { wayText } from '../analysis/ways-out.ts';
import { post, type AlertTarget } from './post.ts';

export type WaitingWord = {
  readonly session: string;
  readonly task: string;
  readonly ask: Ask;
  /** The first word, one of the later ones, or the word to others. */
  readonly stage: 'asked' | 'reminder' | 'escalation';
  /** The page of the run in the Temporal UI. */
  readonly url?: string;
};

export type WaitingReceivers = {
  readonly first: readonly AlertTarget[];
  /** Told together with the first ones when it is escalated. */
  readonly escalation: readonly AlertTarget[];
};

/** Resolves with what could not be sent, a sentence each. */
export function createTellWaiting({ first, escalation }: WaitingReceivers) {
  return async (word: WaitingWord): Promise<readonly string[]> => {
    const receivers = word.stage === 'escalation' ? [...first, ...escalation] : first;
    const problems = await Promise.all(
      receivers.map((receiver) =>
        post(receiver, {
          about: 'approvals',
          key: `${word.session}/${word.ask.id}/${word.stage}/${word.ask.told ?? 0}`,
          body: receiver.kind === 'slack' ? slackMessage(word) : document(word),
        }),
      ),
    );
    return problems.flatMap((problem) => (problem === undefined ? [] : [problem.text]));
  };
}

function document({ session, task, ask, stage, url }: WaitingWord): object {
  const until = new Date(ask.untilMs).toISOString();
  const { told: _told, sinceMs, untilMs: _untilMs, ...what } = ask;
  return {
    schema: 'dpa.waiting/1',
    stage,
    id: session,
    task,
    waitsFor: { ...what, since: new Date(sinceMs).toISOString(), until },
    commands: commandsFor(session, ask),
    ...(url === undefined ? {} : { uiUrl: url }),
  };
}

const titles = { asked: 'waits for a decision', reminder: 'still waits', escalation: 'waits, and nobody decided' };

/** For Slack's incoming webhooks, and for those that take the same. */
function slackMessage({ session, task, ask, stage, url }: WaitingWord): object {
  const title = `Analysis ${titles[stage]}: ${task}`;
  const link = url === undefined ? session : `<${url}|${escaped(session)}>`;
  const lines = [
    `*${escaped(subjectOf(ask))}*`,
    ...commandsFor(session, ask).map((command) => `\`${escaped(command)}\``),
    `run ${link}, until ${new Date(ask.untilMs).toISOString()}`,
  ];
  return { text: escaped(title), blocks: lines.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })) };
}

function subjectOf(ask: Ask): string {
  switch (ask.kind) {
    case 'call':
      return `${ask.name}, because ${ask.why}: ${ask.arguments}`;
    case 'question':
      return ask.text;
    case 'trouble':
      return ask.text;
    case 'plan':
      return `The plan: ${ask.plan.steps.map(({ title }) => title).join(' · ')}. ${ask.cost}`;
  }
}

function commandsFor(session: string, ask: Ask): string[] {
  if (ask.kind === 'trouble') return ask.ways.map((way) => `dpa answer ${session} ${ask.id} "${wayText(way)}"`);
  return ask.kind === 'question'
    ? [`dpa answer ${session} ${ask.id} "…"`]
    : [`dpa approve ${session} ${ask.id}`, `dpa deny ${session} ${ask.id} --why "…"`];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
