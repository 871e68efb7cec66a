/** `dpa sessions`: lists the analyses, from the service where they run and from the session files of those that ended. */
import type { Config } from '../config.ts';
import { createFolderStore } from '../store/folder.ts';
import { createSessionFiles, type Session, type SessionFiles } from '../store/session-files.ts';
import { createTranscript } from '../store/transcript.ts';
import type { Terminal } from '../ui/terminal.ts';
import { transcriptQuery, type AnalysisWorkflow } from '../workflows/messages.ts';
import { followed } from './follow-up.ts';
import { openService, type Service } from './service.ts';
import { statusAttribute } from './start.ts';

export type SessionRow = {
  readonly id: string;
  readonly status: string;
  readonly startedAt: string;
  readonly steps: number;
  /** Null: `dpa show ID --cost` adds it up. */
  readonly costUsd: number | null;
  readonly task: string;
  /** The analysis that this one follows. */
  readonly follows?: string;
};

/** Finished analyses listed without --all. */
const recentCount = 10;

/** Most analyses listed. */
const mostListed = 1_000;

export async function sessions(
  config: Config,
  options: { all: boolean; json: boolean },
  terminal: Terminal,
): Promise<number> {
  await using service = await openService(config, terminal);
  const files = openSessionFiles(config);
  const rows = new Map<string, SessionRow>();
  for await (const { workflowId, status, startTime, memo, typedSearchAttributes } of service.client.workflow.list({
    query: "WorkflowType = 'analysisWorkflow'",
  })) {
    // Runs that continued as new have the id of their successor, which was listed first.
    if (rows.has(workflowId) || rows.size >= mostListed) continue;
    const session = await readOrRebuild(files, service, workflowId, terminal);
    rows.set(workflowId, {
      id: workflowId,
      status: statusOf(status.name, typedSearchAttributes.get(statusAttribute)),
      startedAt: startTime.toISOString(),
      steps: session?.agent_state.turn ?? 0,
      costUsd: null,
      task: typeof memo?.['task'] === 'string' ? memo['task'] : (session?.metadata.task ?? ''),
      ...followed(memo),
    });
  }
  for (const id of await files.list()) if (!rows.has(id)) await addFromFile(rows, files, id, terminal);
  const listed = [...rows.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const shown = options.all ? listed : listed.filter((row, index) => isOpen(row) || index < recentCount);
  if (options.json) terminal.answer(JSON.stringify(shown));
  else terminal.answer(shown.length === 0 ? 'No analyses yet. Try: dpa demo' : shown.map(line).join('\n'));
  return 0;
}

/** A workflow that runs may be waiting for a person, or be paused. */
function statusOf(name: string, ours: string | undefined): string {
  const isTold = name === 'RUNNING' && (ours === 'waiting' || ours === 'paused');
  return isTold ? ours : name.toLowerCase();
}

function isOpen({ status }: SessionRow): boolean {
  return status === 'running' || status === 'waiting' || status === 'paused';
}

export function openSessionFiles(config: Config): SessionFiles {
  return createSessionFiles(config.sessionsFolder, createTranscript(createFolderStore(config.storeFolder)));
}

/** A damaged file is named and made anew from the conversation; undefined when there is neither. */
export async function readOrRebuild(
  files: SessionFiles,
  service: Service,
  id: string,
  terminal: Terminal,
): Promise<Session | undefined> {
  try {
    return await files.read(id);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Store.Corrupt') return undefined;
    terminal.notice(error.message);
    const { head } = await service.client.workflow.getHandle<AnalysisWorkflow>(id).query(transcriptQuery);
    return head === null ? undefined : files.rebuild(id, head, []);
  }
}

/** An analysis the service has forgotten (its retention is over) is still known from its file. */
async function addFromFile(
  rows: Map<string, SessionRow>,
  files: SessionFiles,
  id: string,
  terminal: Terminal,
): Promise<void> {
  try {
    const { agent_state: state, metadata, timestamp } = await files.read(id);
    rows.set(id, {
      id,
      status: state.status,
      startedAt: timestamp,
      steps: state.turn,
      costUsd: null,
      task: metadata.task,
    });
  } catch (error) {
    terminal.notice(error instanceof Error ? error.message : String(error));
  }
}

function line({ id, status, startedAt, steps, task, follows }: SessionRow): string {
  const after = follows === undefined ? '' : `  (follows ${follows})`;
  return `${id}  ${status.padEnd(9)}  ${startedAt.slice(0, 16).replace('T', ' ')}  ${String(steps).padStart(4)} steps  ${task.slice(0, 70)}${after}`;
}
