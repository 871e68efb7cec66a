/** `dpa show`: one analysis with its answer, where its report is, and its conversation when asked for. */
import type { Config } from '../config.ts';
import { spentWords } from '../analysis/spent-words.ts';
import { planLines } from '../ui/ask-text.ts';
import type { Terminal } from '../ui/terminal.ts';
import { statusQuery, type AnalysisStatus, type AnalysisWorkflow } from '../workflows/messages.ts';
import { showCost } from './cost.ts';
import { followed } from './follow-up.ts';
import { unknownAnalysis } from './follow.ts';
import { openService } from './service.ts';
import { showTranscript } from './transcript.ts';
import { checkedId, runUrl } from './start.ts';
import { documentOf, giveAnswer } from './watch.ts';
import { openSessionFiles, readOrRebuild } from './sessions.ts';

export async function show(
  config: Config,
  givenId: string,
  options: { json: boolean; transcript: boolean; raw: boolean; cost: boolean },
  terminal: Terminal,
): Promise<number> {
  const id = checkedId(givenId);
  await using service = await openService(config, terminal);
  const description = await service.client.workflow
    .getHandle(id)
    .describe()
    .catch(() => undefined);
  if (description === undefined) throw unknownAnalysis(id);
  await readOrRebuild(openSessionFiles(config), service, id, terminal);
  if (options.transcript) return await showTranscript(config, service, id, options, terminal);
  if (options.cost) return await showCost(config, service, id, options.json, terminal);
  const follows = followed(description.memo);
  if (follows.follows !== undefined && !options.json) terminal.notice(`It follows ${follows.follows}.`);
  if (description.status.name === 'COMPLETED') {
    const document = await documentOf(config, await service.client.workflow.getHandle<AnalysisWorkflow>(id).result());
    if (options.json) terminal.answer(JSON.stringify({ ...document, ...follows }));
    else giveAnswer(document, terminal, runUrl(service, id), config);
    return 0;
  }
  const status = await service.client.workflow.getHandle<AnalysisWorkflow>(id).query(statusQuery);
  const isRunning = description.status.name === 'RUNNING';
  const now = { id, ...follows, ...status, status: isRunning ? status.status : description.status.name.toLowerCase() };
  if (options.json) terminal.answer(JSON.stringify(now));
  else
    terminal.answer(
      [
        `${id}: ${now.status}, ${status.phase}`,
        status.task,
        ...(status.plan === null ? [] : planLines(status.plan)),
        spentWords(status),
        ...heldUp(id, status),
        `Follow it: dpa watch ${id}`,
      ].join('\n'),
    );
  return 0;
}

/** Who paused it, or what it waits for. */
function heldUp(id: string, { paused, waitsFor = [] }: AnalysisStatus): string[] {
  const since = paused === undefined ? '' : new Date(paused.sinceMs).toISOString().slice(0, 16).replace('T', ' ');
  return [
    ...(paused === undefined
      ? []
      : [`Paused${paused.by === undefined ? '' : ` by ${paused.by}`} since ${since} UTC: dpa resume ${id}`]),
    ...(waitsFor.length === 0
      ? []
      : [
          ...waitsFor.flatMap(({ text }) => text ?? []),
          `Waits for ${waitsFor.map(({ kind, id: ask }) => `the ${kind} ${ask}`).join(', ')}: dpa approvals ${id}`,
        ]),
  ];
}
