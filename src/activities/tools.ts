/** The activities around tools: which there are, and one call of one of them. */
import { readResultTool } from '../agents/data-analysis.ts';
import { shorten } from '../analysis/progress.ts';
import { toolCallsOf, type ToolCall } from '../analysis/conversation.ts';
import type { KnownTool } from '../analysis/state.ts';
import { isLasting } from '../analysis/lessons.ts';
import { redact } from '../policy/redaction.ts';
import { accessOf } from '../policy/tool-access.ts';
import { Failure } from '../analysis/failures.ts';
import type { CallToolInput, CallToolResult, LoadCatalogInput, LoadCatalogResult } from './contract.ts';
import { readCatalog, type ActivityDependencies, type StoredCatalog } from './dependencies.ts';
import { toCallFailure } from './failures.ts';
import { sameCall } from './asked-calls.ts';
import { callOnce, lookUp } from './call-once.ts';
import { withHeartbeat } from './heartbeat.ts';
import { checkModels } from './prices.ts';
import { readResult } from './read-result.ts';
import { bytesScannedIn, nextAttempt } from './scanned-bytes.ts';
import { errorIn, reachable, type ToolError } from './tool-errors.ts';

/** Characters of a result that go into history. */
const maxPreviewCharacters = 300;

/** `attempts`: those of the call, where they were counted. */
type JournalEntry = { readonly ref: string; readonly ok: boolean; readonly attempts?: number };

export function createLoadCatalog(dependencies: ActivityDependencies) {
  const { connections, store, sessions, candidatesFor } = dependencies;
  return (input: LoadCatalogInput): Promise<LoadCatalogResult> =>
    withHeartbeat(async () => {
      const [candidates, found] = await Promise.all([candidatesFor(input.model), connections.catalog(input.data)]);
      if (found.tools.length === 0) throw new Failure('Config.NoTools', noToolsMessage(found.problems));
      const { models, quotes, windows, promptTokens, problems } = await checkModels(
        dependencies,
        input,
        candidates,
        found.tools,
      );
      const rules = dependencies.accessRules?.() ?? [];
      const tools = found.tools.map((tool) => ({ ...tool, ...accessOf(tool, rules) }));
      const servers = [...new Set(tools.map(({ server }) => server))];
      const lessons = (await dependencies.sourceFailures?.lessons(servers)) ?? [];
      const known = lessons.length === 0 ? {} : { lessons };
      const catalog: StoredCatalog = { ...found, tools, data: input.data, ...known };
      const ref = await store.put(JSON.stringify(catalog));
      await sessions.begin(input.session, {
        task: input.task,
        data: input.data,
        tools: found.tools.map((tool) => tool.name),
      });
      return {
        catalog: ref,
        tools: [...tools.map(knownTool), { name: readResultTool, effect: 'read', metadata: true }],
        models,
        quotes,
        windows,
        promptTokens,
        ...(dependencies.tellPeople === undefined ? {} : { tells: true as const }),
        compacts: true as const,
        problems: [...found.problems.map(({ server, problem }) => `${server}: ${problem}`), ...problems].map(
          (problem) => shorten(problem, maxPreviewCharacters),
        ),
      };
    });
}

export function createCallTool(dependencies: ActivityDependencies) {
  const { store, journal, transcript } = dependencies;

  return (input: CallToolInput): Promise<CallToolResult> =>
    withHeartbeat((signal) =>
      resultOf(input, signal).catch(async (error: unknown) => {
        const failure = toCallFailure(error);
        await remember(input, { class: failure.type ?? 'Bug', message: failure.message });
        throw failure;
      }),
    );

  async function resultOf(input: CallToolInput, signal: AbortSignal): Promise<CallToolResult> {
    const call = await requestedCall(input);
    const key = ['call', input.session, input.head, input.callId, ...changesOf(input)];
    const known = (await journal.read(key)) as JournalEntry | undefined;
    // A torn result counts as never received: the call is made again, and the store heals.
    const kept = known === undefined ? undefined : await store.get(known.ref).catch(() => undefined);
    if (known !== undefined && kept !== undefined) return answered(call, known, kept);
    const attempts = input.countsScans ? await nextAttempt(journal, key) : 1;
    const { ok, text } =
      call.name === readResultTool ? await readResult(store, call.arguments) : await ask(input, key, call, signal);
    const entry: JournalEntry = { ref: store.refOf(text), ok, ...(attempts === 1 ? {} : { attempts }) };
    // Side by side, since the disk takes both in the time of one; an entry without its result is a torn one.
    await Promise.all([store.put(text), journal.write(key, entry)]);
    const error = ok ? undefined : errorIn(text);
    if (error !== undefined) await remember(input, error);
    return answered(call, entry, text);
  }

  /** For later analyses. What the person did, or the model mistook in a name, says nothing about the source. */
  async function remember({ name, standIn = name }: CallToolInput, { class: kind, message, hint }: ToolError) {
    if (kind === undefined || unremarkable.includes(kind)) return;
    const server = standIn.slice(0, Math.max(0, standIn.indexOf('__')));
    const remedy = hint === undefined ? {} : { remedy: redact(hint) };
    const failure = { tool: standIn, class: kind, message: redact(message), ...remedy };
    await dependencies.sourceFailures?.remember(server, failure);
  }

  async function requestedCall({ head, callId, name, edited, standIn }: CallToolInput): Promise<ToolCall> {
    const made = toolCallsOf((await transcript.last(head)) as Parameters<typeof toolCallsOf>[0]).find(
      (one) => one.id === callId,
    );
    if (made === undefined)
      throw new Failure('Tool.Unknown', `Expected the call ${callId} of ${name} in the turn at ${head}, found none.`);
    const call = standIn === undefined ? made : { ...made, name: standIn };
    if (edited === undefined) return call;
    return { ...call, arguments: JSON.parse(await store.get(edited)) as ToolCall['arguments'] };
  }

  async function ask(input: CallToolInput, key: readonly string[], call: ToolCall, signal: AbortSignal) {
    const { data, tools } = await readCatalog(store, input.catalog);
    const send = (beforeSend?: () => Promise<void>) =>
      dependencies.connections.call({
        tool: call.name,
        arguments: { ...call.arguments },
        dataPaths: data,
        idempotencyKey: `${input.session}/${input.head.slice(0, 16)}/${input.callId}`,
        signal,
        ...(beforeSend === undefined ? {} : { beforeSend }),
      });
    const tool = tools.find(({ name }) => name === call.name);
    if (tool === undefined || tool.idempotent) return reachable(call.name, await send());
    const mark = ['asked', ...key, String(input.again ?? 0)];
    return input.look === true ? lookUp(journal, mark, call.name) : callOnce(journal, mark, call.name, send);
  }
}

const unremarkable = ['Tool.Cancelled', 'Tool.Unknown', 'Tool.InvalidArguments', 'Tool.Denied', 'not_found', 'policy'];

function changesOf({ edited, standIn }: CallToolInput): string[] {
  return [...(edited === undefined ? [] : [edited]), ...(standIn === undefined ? [] : [standIn])];
}

function knownTool(tool: StoredCatalog['tools'][number]): KnownTool {
  const { name, effect, securityLevel, metadata, access, why, idempotent, standIns = [] } = tool;
  return {
    name,
    effect,
    ...(idempotent ? {} : { once: true as const }),
    ...(standIns.length === 0 ? {} : { standIns }),
    ...(access === 'ask' && securityLevel !== undefined ? { securityLevel } : {}),
    ...(metadata === true ? { metadata } : {}),
    ...(access === undefined || (access === 'allow' && effect === 'read') ? {} : { access }),
    ...(why === undefined ? {} : { why }),
  };
}

function answered(call: ToolCall, { ref, ok, attempts = 1 }: JournalEntry, content: string): CallToolResult {
  const scanned = bytesScannedIn(content);
  const errorClass = ok ? undefined : errorIn(content)?.class;
  return {
    callId: call.id,
    ok,
    ref,
    preview: previewOf(content, ok),
    bytes: Buffer.byteLength(content),
    ...(scanned === undefined ? {} : { bytesScanned: attempts * scanned }),
    ...(isLasting(errorClass) ? { failing: sameCall(call) } : {}),
  };
}

function previewOf(content: string, ok: boolean): string {
  const parsed = JSON.parse(content) as {
    meta?: { returnedRows?: number; elapsedMs?: number };
    error?: { message?: string };
  };
  if (!ok) return shorten(`failed: ${parsed.error?.message ?? content}`, maxPreviewCharacters);
  if (parsed.meta?.returnedRows === undefined) return `${Buffer.byteLength(content)} bytes`;
  return `${parsed.meta.returnedRows} ${parsed.meta.returnedRows === 1 ? 'row' : 'rows'}, ${Math.round(parsed.meta.elapsedMs ?? 0)} ms`;
}

function noToolsMessage(problems: readonly { server: string; problem: string }[]): string {
  const reasons = problems.map(({ server, problem }) => `${server}: ${problem}`).join(' ');
  return `Expected at least one usable tool server in mcp_servers_config.json, found none. ${reasons} See \`dpa doctor\`.`;
}
