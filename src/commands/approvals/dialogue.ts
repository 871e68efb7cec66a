/** Asks whoever follows an analysis on a terminal for the decisions it waits for, one after the other. */
import { isDecidable, type Ask, type Decidable } from '../../analysis/decisions.ts';
import { CommandError } from '../../command-error.ts';
import type { Config } from '../../config.ts';
import { subject } from '../../ui/ask-text.ts';
import { askWords, choose } from '../../ui/question.ts';
import type { Floor } from '../../ui/floor.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { person, send } from '../interrupt.ts';
import type { Service } from '../service.ts';
import { editArguments } from './arguments.ts';
import { decide, sendAnswer } from './decide.ts';
import { pendingOf } from './list.ts';

export type DialogueSetting = {
  readonly config: Config;
  readonly id: string;
  readonly terminal: Terminal;
  readonly floor: Floor;
  /** The present one: it is replaced when the service was lost. */
  readonly service: () => Service;
  /** Nothing is asked any more: the analysis has ended, or the person left. */
  readonly signal: AbortSignal;
};

export type Dialogue = {
  /** There is news of the analysis: perhaps it waits, perhaps somebody else has decided. */
  heed(): void;
};

export function createDialogue(setting: DialogueSetting): Dialogue {
  const { id, service, signal, terminal, floor } = setting;
  const later = new Set<string>();
  let asking: { readonly ask: Ask; readonly gone: AbortController } | undefined;
  let isBusy = false;
  let hasNews = false;

  async function askAll(): Promise<void> {
    while (hasNews && !signal.aborted) {
      hasNews = false;
      for (const ask of await pendingOf(service(), id)) {
        if (later.has(ask.id) || signal.aborted) continue;
        const gone = new AbortController();
        asking = { ask, gone };
        const { isDecided, isAskedAgain } = await floor.take(async (taken) => ({
          isDecided: await askOne(setting, ask, AbortSignal.any([signal, gone.signal, taken])),
          isAskedAgain: taken.aborted,
        }));
        asking = undefined;
        if (isAskedAgain) hasNews = true;
        if (isDecided || isAskedAgain || gone.signal.aborted || signal.aborted) continue;
        later.add(ask.id);
        terminal.notice(`It waits on; decide later: dpa approvals ${id}`);
      }
    }
  }

  /** Somebody else may have decided what is being asked here. */
  async function lookAgain(): Promise<void> {
    const open = await pendingOf(service(), id);
    if (asking !== undefined && !open.some((ask) => ask.id === asking?.ask.id)) asking.gone.abort();
  }

  return {
    heed() {
      hasNews = true;
      if (isBusy) {
        // While the service is away there is nothing to look at; the next news asks again.
        if (asking !== undefined) lookAgain().catch(() => undefined);
        return;
      }
      isBusy = true;
      askAll()
        .catch((error: unknown) => {
          if (!signal.aborted) terminal.notice(error instanceof Error ? error.message : String(error));
        })
        .finally(() => (isBusy = false));
    },
  };
}

/** True when it is decided; a decision that is refused is told, and asked for again. */
async function askOne(setting: DialogueSetting, ask: Ask, signal: AbortSignal): Promise<boolean> {
  const { terminal } = setting;
  terminal.notice(`\n${subject(ask).join('\n')}`);
  while (!signal.aborted) {
    using _held = terminal.hold();
    try {
      return isDecidable(ask) ? await decideIt(setting, ask, signal) : await answerIt(setting, ask, signal);
    } catch (error) {
      if (!(error instanceof CommandError) || signal.aborted) throw error;
      process.stderr.write(`${error.message}\n`);
      if (!(await pendingOf(setting.service(), setting.id)).some(({ id }) => id === ask.id)) return true;
    }
  }
  return false;
}

async function answerIt(
  { service, id }: DialogueSetting,
  ask: Exclude<Ask, Decidable>,
  signal: AbortSignal,
): Promise<boolean> {
  if (ask.kind === 'trouble') return endTrouble({ service, id }, ask, signal);
  const { choices = [] } = ask;
  const chosen =
    choices.length === 0
      ? undefined
      : await choose(
          'Your answer',
          [
            ...choices.map((choice, index) => ({ value: String(index), label: choice })),
            { value: 'words', label: 'Something else' },
          ],
          { signal },
        );
  if (choices.length > 0 && chosen === undefined) return false;
  const text = choices[Number(chosen)] ?? (await askWords('Your answer', { signal }));
  if (text === undefined) return false;
  await sendAnswer(service(), id, { question: ask.id, text, by: person() });
  return true;
}

async function endTrouble(
  { service, id }: Pick<DialogueSetting, 'service' | 'id'>,
  ask: Extract<Ask, { kind: 'trouble' }>,
  signal: AbortSignal,
): Promise<boolean> {
  const ways = ask.ways.map(({ word, does }) => ({ value: word, label: word, hint: does }));
  const word = await choose('How shall it go on?', [...ways, { value: 'later', label: 'later', hint: 'it waits' }], {
    signal,
  });
  const way = ask.ways.find((one) => one.word === word);
  if (way === undefined) return false;
  const rest = way.takes === undefined ? '' : await askWords(`Which ${way.takes}?`, { signal });
  if (rest === undefined) return false;
  await sendAnswer(service(), id, { question: ask.id, text: `${way.word} ${rest}`, by: person() });
  return true;
}

const callChoices = [
  { value: 'approve', label: 'Approve' },
  { value: 'edit', label: 'Edit', hint: 'change the arguments in $EDITOR, then approve' },
  { value: 'deny', label: 'Deny', hint: 'with words that the model sees' },
  { value: 'always', label: 'Always', hint: 'allow this tool for the rest of the analysis' },
  { value: 'later', label: 'Later', hint: 'it waits' },
] as const;

const planChoices = [
  { value: 'approve', label: 'Accept' },
  { value: 'edit', label: 'Edit', hint: 'change the steps in $EDITOR, then accept' },
  { value: 'redirect', label: 'Redirect', hint: 'say in words where it shall turn' },
  { value: 'deny', label: 'Stop', hint: 'nothing is read' },
  { value: 'later', label: 'Later', hint: 'it waits' },
] as const;

async function decideIt(
  { config, service, id }: DialogueSetting,
  ask: Decidable,
  signal: AbortSignal,
): Promise<boolean> {
  const by = person();
  const chosen =
    ask.kind === 'plan'
      ? await choose('Go on with this plan?', planChoices, { signal })
      : await choose(`May ${ask.name} run?`, callChoices, { signal });
  switch (chosen) {
    case 'approve':
      await decide(service(), id, { call: ask.id, decision: 'approve', by });
      return true;
    case 'always':
      await decide(service(), id, { call: ask.id, decision: 'approve', always: true, by });
      return true;
    case 'edit':
      await decide(service(), id, {
        call: ask.id,
        decision: 'approve',
        arguments: await editArguments(config, ask),
        by,
      });
      return true;
    case 'deny': {
      const reason =
        ask.kind === 'plan' ? 'the plan is not wanted' : await askWords('Why? The model sees it.', { signal });
      if (reason === undefined) return false;
      await decide(service(), id, { call: ask.id, decision: 'deny', reason, by });
      return true;
    }
    case 'redirect': {
      const text = await askWords('Where to?', { signal });
      if (text === undefined) return false;
      await send(service(), id, 'redirect', { by, text });
      return true;
    }
    case 'later':
    case undefined:
      return false;
  }
}
