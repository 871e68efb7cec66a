/** Ctrl+C while an analysis is followed: on a terminal it pauses and asks how to go on, twice it detaches; elsewhere it detaches. */
import { setTimeout as delay } from 'node:timers/promises';
import { askHowToGoOn, goOn } from './go-on.ts';
import type { Floor } from '../ui/floor.ts';
import type { Terminal } from '../ui/terminal.ts';
import { statusQuery, type AnalysisWorkflow } from '../workflows/messages.ts';
import { person, send } from './interrupt.ts';
import type { Service } from './service.ts';

export type Followed = {
  /** The present one: it is replaced when the service was lost. */
  readonly service: Service;
};

/** How often it is asked whether the pause is in force, and for how long. */
const askEveryMs = 100;
const askForMs = 10_000;

/** Until whoever follows has shown that it is paused: the question comes below it. */
const settleMs = 400;

/** Until it is disposed; `leave` is called when the person wants to go. */
export function listenForCtrlC(
  followed: Followed,
  id: string,
  { terminal, floor }: { readonly terminal: Terminal; readonly floor: Floor },
  leave: () => void,
): Disposable {
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY;
  let asking: Promise<void> | undefined;
  const onInterrupt = (): void => {
    if (!isInteractive) return leave();
    if (asking !== undefined) {
      // Before the question could be asked: whoever detaches wants it to go on.
      void asking.then(() => send(followed.service, id, 'resume', { by: person() })).then(leave, leave);
      return;
    }
    const pausing = pause(followed, id, terminal);
    asking = pausing;
    pausing
      .then(() => floor.takeAtOnce(() => dialogue(followed, id, terminal, leave)))
      // The service is away: there is nobody to talk to, and the analysis does not depend on us.
      .catch(leave)
      .finally(() => (asking = undefined));
  };
  process.on('SIGINT', onInterrupt);
  process.once('SIGTERM', leave);
  return {
    [Symbol.dispose]() {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', leave);
    },
  };
}

function pause({ service }: Followed, id: string, terminal: Terminal): Promise<void> {
  terminal.notice('\nPausing at the next safe point… (Ctrl+C again: detach)');
  return send(service, id, 'pause', { by: person() });
}

async function dialogue(followed: Followed, id: string, terminal: Terminal, leave: () => void): Promise<void> {
  if (!(await isPaused(followed, id))) return;
  await delay(settleMs);
  terminal.live('');
  using _held = terminal.hold();
  const go = await askHowToGoOn('Paused. How shall it go on?');
  await goOn(followed.service, id, go, leave);
}

/** False when it has ended meanwhile: its answer follows by itself. */
async function isPaused({ service }: Followed, id: string): Promise<boolean> {
  const handle = service.client.workflow.getHandle<AnalysisWorkflow>(id);
  for (const endMs = Date.now() + askForMs; Date.now() < endMs; await delay(askEveryMs)) {
    const { status } = await handle.query(statusQuery);
    if (status === 'paused') return true;
    if (status !== 'running' && status !== 'waiting') return false;
  }
  return true;
}
