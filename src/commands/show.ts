/** `dpa show`: one analysis with its answer, where its report is, and its conversation when asked for. */
import type { Config } from '../config.ts';
import { textOf, type Message } from '../analysis/conversation.ts';
import { createFolderStore } from '../store/folder.ts';
import { createTranscript } from '../store/transcript.ts';
import type { Terminal } from '../ui/terminal.ts';
import { statusQuery, transcriptQuery, type AnalysisStatus, type AnalysisWorkflow } from '../workflows/messages.ts';
import { showCost } from './cost.ts';
import { unknownAnalysis } from './follow.ts';
import { openService, type Service } from './service.ts';
import { checkedId, runUrl } from './start.ts';
import { documentOf, giveAnswer } from './watch.ts';
import { openSessionFiles, readOrRebuild } from './sessions.ts';

/** Characters of a tool result shown in the transcript. */
const shownResultCharacters = 600;

export async function show(
  config: Config,
  givenId: string,
  options: { json: boolean; transcript: boolean; cost: boolean },
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
  if (options.transcript) return await showTranscript(config, service, id, options.json, terminal);
  if (options.cost) return await showCost(config, service, id, options.json, terminal);
  if (description.status.name === 'COMPLETED') {
    const document = await documentOf(config, await service.client.workflow.getHandle<AnalysisWorkflow>(id).result());
    if (options.json) terminal.answer(JSON.stringify(document));
    else giveAnswer(document, terminal, runUrl(service, id), config);
    return 0;
  }
  const status = await service.client.workflow.getHandle<AnalysisWorkflow>(id).query(statusQuery);
  const isRunning = description.status.name === 'RUNNING';
  const now = { id, ...status, status: isRunning ? status.status : description.status.name.toLowerCase() };
  if (options.json) terminal.answer(JSON.stringify(now));
  else
    terminal.answer(
      [
        `${id}: ${now.status}, ${status.phase}, step ${status.steps} of at most ${status.maxSteps}`,
        status.task,
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

async function showTranscript(
  config: Config,
  service: Service,
  id: string,
  asJson: boolean,
  terminal: Terminal,
): Promise<number> {
  const { head } = await service.client.workflow.getHandle<AnalysisWorkflow>(id).query(transcriptQuery);
  const messages = await createTranscript(createFolderStore(config.storeFolder)).load(head);
  terminal.answer(asJson ? JSON.stringify(messages) : messages.map(messageText).join('\n\n'));
  return 0;
}

function assistantPart(part: Extract<Message, { role: 'assistant' }>['parts'][number]): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'toolCall':
      return `→ ${part.id} ${part.name} ${JSON.stringify(part.arguments)}`;
    case 'opaque':
      return `(reasoning that only ${part.model} can read)`;
  }
}

function messageText(message: Message): string {
  switch (message.role) {
    case 'user':
      return `PERSON\n${textOf(message)}`;
    case 'assistant':
      return ['ASSISTANT', ...message.parts.map((part) => assistantPart(part))].join('\n');
    case 'tool':
      return [
        'TOOLS',
        ...message.parts.map((part) => `← ${part.callId} ${part.text.slice(0, shownResultCharacters)}`),
      ].join('\n');
  }
}
