/** `dpa show ID --transcript`: the conversation as the model is given it, or with --raw all of it. */
import { textOf, type Message } from '../analysis/conversation.ts';
import type { View } from '../analysis/view.ts';
import type { Config } from '../config.ts';
import type { ContentStore } from '../store/content-store.ts';
import { createFolderStore } from '../store/folder.ts';
import { createTranscript } from '../store/transcript.ts';
import type { Terminal } from '../ui/terminal.ts';
import { transcriptQuery, type AnalysisWorkflow } from '../workflows/messages.ts';
import type { Service } from './service.ts';

/** Characters of a tool result shown without --raw. */
const shownResultCharacters = 600;

/** Message by message, so that a conversation without end can be shown too. */
export async function showTranscript(
  config: Config,
  service: Service,
  id: string,
  { json, raw }: { readonly json: boolean; readonly raw: boolean },
  terminal: Terminal,
): Promise<number> {
  const { head, view } = await service.client.workflow.getHandle<AnalysisWorkflow>(id).query(transcriptQuery);
  const store = createFolderStore(config.storeFolder);
  const transcript = createTranscript(store);
  if (json) {
    terminal.answer(JSON.stringify(await (raw ? transcript.load(head) : transcript.viewed(head, view))));
    return 0;
  }
  if (raw) {
    for await (const message of transcript.walk(head)) terminal.answer(`${messageText(await whole(message, store))}\n`);
    return 0;
  }
  const messages = await transcript.viewed(head, view);
  terminal.answer(messages.map((message) => messageText(message, shownResultCharacters)).join('\n\n'));
  if (view !== undefined) terminal.notice(remarkOn(id, JSON.parse(await store.get(view)) as View));
  return 0;
}

/** Also what the model was only shown the beginning of. */
async function whole(message: Message, store: ContentStore): Promise<Message> {
  if (message.role !== 'tool') return message;
  const parts = message.parts.map(async (part) =>
    part.ref === undefined ? part : { ...part, text: await store.get(part.ref) },
  );
  return { ...message, parts: await Promise.all(parts) };
}

/** What was shortened, and how to see it all. */
function remarkOn(id: string, { summary }: View): string {
  const told = summary === undefined ? '' : `the first ${summary.of.messages} messages are told by a summary, and `;
  return `This is what the model is given: ${told}older results are shown by their beginning. Nothing is lost: dpa show ${id} --transcript --raw`;
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

function messageText(message: Message, most = Infinity): string {
  switch (message.role) {
    case 'user':
      return `PERSON\n${textOf(message)}`;
    case 'assistant':
      return ['ASSISTANT', ...message.parts.map((part) => assistantPart(part))].join('\n');
    case 'tool':
      return ['TOOLS', ...message.parts.map((part) => `← ${part.callId} ${part.text.slice(0, most)}`)].join('\n');
  }
}
