/** The transitions of the state machine as a table of Markdown, gathered from drawn runs of the code itself. */
import type { Happening, StateName } from '../../src/analysis/machine.ts';
import { generator } from './drawn-numbers.ts';
import { openDrawnRun, type Move } from './drawn-run.ts';

type EventName = Happening['kind'] | 'reported';

/** Every event has to be here: the compiler says so. */
const meanings: Readonly<Record<EventName, string>> = {
  spoken: 'a person paused, resumed, redirected or stopped',
  safePoint: 'nothing is under way: what was said has its effect',
  discovered: 'tools and datasets are known',
  turnDue: 'the limits are looked at, the call of the model is reserved',
  turnCompleted: 'the model answered',
  cutOff: 'the model was interrupted; what it had said is kept',
  modelFailed: 'a model failed for good, the next one is asked',
  brokenOff: 'calls broke off, and no budget is left for another one',
  compacted: 'the conversation was shortened',
  asked: 'a call, a question or a plan waits for a person',
  reminded: 'people were told of it again',
  decided: 'a person, or nobody in time, decided',
  allowed: 'a tool is allowed for the rest of the analysis',
  refused: 'a call was not allowed; the report will say so',
  planShown: 'the plan was shown and not asked about',
  planDecided: 'the plan was accepted, changed or refused',
  timeOver: 'the time was over while a plan waited',
  limitsSet: 'a person set other limits',
  callsAnswered: 'each call of the turn has its result',
  reportRefused: 'the check of the report sends it back',
  blobLost: 'something stored was damaged: back before it',
  reported: 'the report is written, and nobody has said anything',
};

const columns: readonly StateName[] = [
  'discovering',
  'thinking',
  'calling',
  'waiting',
  'turning',
  'paused',
  'reporting',
];

/** Seen only where a service or a clock is part of it; what they do is in the tests of the workflow. */
const unseen: readonly EventName[] = ['compacted', 'reminded', 'planShown', 'timeOver'];

const runs = 3_000;
const movesPerRun = 80;

export function transitionTable(): string {
  const seen = new Map<string, Set<string>>();
  const random = generator(20_261_127);
  for (let run = 0; run < runs; run += 1) {
    const drawn = openDrawnRun({
      plan: run % 2 === 0,
      maxSteps: 2 + (run % 20),
      ...(run % 7 === 0 ? { untilMs: 130 } : {}),
    });
    for (let count = 0; count < movesPerRun; count += 1) drawn.move(drawnMove(random));
    for (const { from, event, to } of drawn.transitions) {
      const key = `${event} ${from}`;
      seen.set(key, (seen.get(key) ?? new Set()).add(to));
    }
  }
  const order: readonly string[] = [...columns, 'ended'];
  const cell = (event: EventName, from: StateName): string =>
    order.filter((name) => seen.get(`${event} ${from}`)?.has(name)).join(', ');
  const rows = Object.entries(meanings).flatMap(([event, meaning]) =>
    unseen.includes(event as EventName)
      ? []
      : [`| \`${event}\`: ${meaning} | ${columns.map((from) => cell(event as EventName, from)).join(' | ')} |`],
  );
  return [`| event | ${columns.join(' | ')} |`, `| --- |${' --- |'.repeat(columns.length)}`, ...rows].join('\n');
}

function drawnMove(random: (below: number) => number): Move {
  const luck = random(1_000);
  const interrupts = [
    { kind: 'pause' },
    { kind: 'resume' },
    { kind: 'redirect', text: 'words' },
    { kind: 'resume' },
  ] as const;
  switch (random(12)) {
    case 0:
    case 1:
      return { kind: 'say', interrupt: luck < 40 ? { kind: 'stop' } : interrupts[luck % 4]! };
    case 2:
    case 3:
      return { kind: 'decide', decision: (['approve', 'deny', 'change', 'always'] as const)[luck % 4]! };
    case 4:
      return luck % 4 === 0 ? { kind: 'lose' } : { kind: 'limits', steps: 1 + (luck % 30) };
    default:
      return { kind: 'work', luck };
  }
}
