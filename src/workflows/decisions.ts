/** The updates `decide` and `answer` and the query `pending`: what a person says to what waits. */
import { ApplicationFailure, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';
import {
  decisionOn,
  isDecidable,
  notOpen,
  openAsk,
  toldDecision,
  type Ask,
  type Decision,
} from '../analysis/decisions.ts';
import { readPlan } from '../analysis/plan.ts';
import { readAnswer, readDecision, type GivenDecision } from '../analysis/read-decision.ts';
import { readWayOut } from '../analysis/ways-out.ts';
import { namePatternFits } from '../policy/tool-access.ts';
import { catalogOptions } from './activity-options.ts';
import { applicationFailureIn } from './failure-in.ts';
import type { Loop } from './loop.ts';
import { answerUpdate, decideUpdate, pendingQuery, type Taken } from './messages.ts';

const { editCall } = proxyActivities<Activities>(catalogOptions);

export function handleDecisions(loop: Loop): void {
  setHandler(pendingQuery, () => loop.state.asks ?? []);
  setHandler(decideUpdate, (payload) => decide(loop, read(payload, readDecision)), {
    validator: (payload) => checkDecision(loop, read(payload, readDecision)),
  });
  setHandler(
    answerUpdate,
    (payload) => {
      const { question, text, by } = read(payload, readAnswer);
      return take(loop, stillOpen(loop, question), { kind: 'answered', text, by });
    },
    {
      validator(payload) {
        const { question, text } = read(payload, readAnswer);
        const ask = stillOpen(loop, question);
        if (isDecidable(ask))
          throw new Error(`Expected a question, found ${ask.id}, which waits for a yes or no: approve or deny it.`);
        const way = ask.kind === 'trouble' ? readWayOut(ask.ways, text) : undefined;
        if (typeof way === 'string') throw new Error(way);
      },
    },
  );
}

/** Rejected before anything of it stands in history. */
function checkDecision(loop: Loop, given: GivenDecision): void {
  const ask = stillOpen(loop, given.call);
  if (!isDecidable(ask))
    throw new Error(`Expected something to approve or deny, found the ${ask.kind} ${ask.id}: answer it.`);
  if (given.always !== undefined && ask.kind !== 'call')
    throw new Error('"always": expected only with the approval of a tool call.');
  if (ask.kind === 'plan' && given.arguments !== undefined && editedPlan(given) === undefined)
    throw new Error('"arguments": expected the changed plan as {"steps": [{"title": "…"}]} with at least one step.');
}

async function decide(loop: Loop, given: GivenDecision): Promise<Taken> {
  const ask = stillOpen(loop, given.call);
  if (given.decision === 'deny')
    return take(loop, ask, { kind: 'denied', by: given.by, reason: given.reason ?? 'no reason was given' });
  const plan = ask.kind === 'plan' ? editedPlan(given) : undefined;
  const edited = ask.kind === 'call' && given.arguments !== undefined ? await edit(loop, ask, given) : undefined;
  // Another person may have decided while the arguments were checked.
  const taken = take(loop, stillOpen(loop, given.call), {
    kind: 'approved',
    by: given.by,
    ...(edited === undefined ? {} : { edited }),
    ...(plan === undefined ? {} : { plan }),
  });
  if (given.always !== undefined && ask.kind === 'call')
    alwaysAllow(loop, given.always === true ? ask.name : given.always, given.by);
  return taken;
}

function take(loop: Loop, ask: Ask, decision: Decision): Taken {
  loop.happen({ kind: 'decided', id: ask.id, decision });
  loop.note('decided', `${subjectOf(ask)} was ${toldDecision(decision)}.`);
  return { call: ask.id, decision: toldDecision(decision) };
}

function alwaysAllow(loop: Loop, pattern: string, by: string): void {
  loop.happen({ kind: 'allowed', pattern });
  loop.note('decided', `${pattern} is allowed for the rest of the analysis, by ${by}.`);
  for (const ask of loop.state.asks ?? [])
    if (ask.kind === 'call' && namePatternFits(pattern, ask.name)) take(loop, ask, { kind: 'approved', by });
}

async function edit(loop: Loop, ask: Extract<Ask, { kind: 'call' }>, given: GivenDecision) {
  try {
    return await editCall.executeWithOptions({ summary: `changed arguments of ${ask.name}` }, [
      { session: loop.session, catalog: loop.state.catalog!, name: ask.name, arguments: given.arguments ?? {} },
    ]);
  } catch (error) {
    const failure = applicationFailureIn(error);
    // A failure of the update, told to whoever sent it; the call waits on.
    throw ApplicationFailure.nonRetryable(failure?.message ?? String(error), failure?.type ?? 'Bug');
  }
}

function editedPlan(given: GivenDecision) {
  const plan = given.arguments === undefined ? undefined : readPlan(given.arguments['steps']);
  return plan === undefined || plan.steps.length === 0 ? undefined : plan;
}

function stillOpen(loop: Loop, named: string): Ask {
  const ask = openAsk(loop.state, named);
  if (ask === undefined || decisionOn(loop.state, ask.id) !== undefined)
    throw ApplicationFailure.nonRetryable(notOpen(loop.state, named), 'Decision.NotOpen');
  return ask;
}

function read<Given>(payload: unknown, reader: (payload: unknown) => Given | string): Given {
  const given = reader(payload);
  if (typeof given === 'string') throw new Error(given);
  return given;
}

function subjectOf(ask: Ask): string {
  switch (ask.kind) {
    case 'call':
      return `${ask.name} (${ask.id})`;
    case 'question':
      return `The question ${ask.id}`;
    case 'plan':
      return 'The plan';
    case 'trouble':
      return `The trouble ${ask.id}`;
  }
}
