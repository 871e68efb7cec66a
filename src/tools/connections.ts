/** All tool servers behind one door: what they offer, and a call that is bounded, checked and cancellable. */
import type { Discovery, ToolDefinition, ToolProblem } from './catalog.ts';
import { ToolFailure } from './failures.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import { RequestFailed } from './mcp-client.ts';
import { safeEnvironment } from './mcp-wire.ts';
import { nearest } from '../analysis/nearest.ts';
import { callFailure, wasKilled } from './problem-text.ts';
import { outcomeOf } from './results.ts';
import type { ToolOutcome } from './results.ts';
import type { ServerConfig } from './server-config.ts';
import { createServerConnection } from './server-connection.ts';
import type { ServerConnection } from './server-connection.ts';
import { closedFailure } from './server-session.ts';
import type { Session } from './server-session.ts';
import { withStandIns } from './stand-ins.ts';
import { createGate } from './start-gate.ts';

export type { ToolDefinition } from './catalog.ts';
export type { ToolOutcome } from './results.ts';

export type ToolCatalog = {
  /** Sorted by name, so that a model sees the same list each time. */
  readonly tools: readonly ToolDefinition[];
  readonly problems: readonly ToolProblem[];
};

export type ToolCallInput = {
  /** `server__tool`. */
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The analysis's own data; empty for what the servers' `readPaths` name. */
  readonly dataPaths: readonly string[];
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  onProgress?(): void;
  /** Awaited just before the call goes to the server; what it rejects with, the call rejects with, unsent. */
  beforeSend?(): Promise<void>;
};

export type Connections = {
  /** Never rejects for a server: one that fails is listed with its problem, the others work. */
  catalog(dataPaths: readonly string[]): Promise<ToolCatalog>;
  /** What is wrong with the arguments, none when they fit. Rejects with `ToolFailure`. */
  argumentProblems(
    tool: string,
    input: Readonly<Record<string, unknown>>,
    dataPaths: readonly string[],
  ): Promise<readonly string[]>;
  /** Rejects with `ToolFailure`; an error that the tool itself reports is an outcome with `ok: false`. */
  call(input: ToolCallInput): Promise<ToolOutcome>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type ConnectionsOptions = { readonly limits?: Partial<Limits> };

/** Cheap: no server is started before it is needed. */
export function openConnections(servers: readonly ServerConfig[], options: ConnectionsOptions = {}): Connections {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const pool = createPool(limits);

  function serverOf(tool: string): ServerConfig {
    const server = servers.find(({ name }) => name === tool.slice(0, tool.indexOf('__')));
    if (server !== undefined) return server;
    const prefixes = servers.map(({ name }) => `${name}__`);
    throw unknownTool(tool, prefixes, 'server prefix');
  }

  async function call(input: ToolCallInput): Promise<ToolOutcome> {
    const server = serverOf(input.tool);
    const connection = pool.connectionOf(server, input.dataPaths);
    return connection.use(input.signal, async (session) => {
      const outcome = await callTool(session, server, input, limits);
      connection.isHealthy();
      return outcome;
    });
  }

  return {
    async catalog(dataPaths) {
      const answers = await Promise.all(servers.map((server) => discover(pool, server, dataPaths)));
      return {
        tools: withStandIns(
          answers.flatMap(({ tools }) => tools).sort((a, b) => (a.name < b.name ? -1 : 1)),
          servers,
          dataPaths,
        ),
        problems: answers.flatMap(({ problems }) => problems),
      };
    },
    call,
    argumentProblems: (tool, input, dataPaths) =>
      pool.connectionOf(serverOf(tool), dataPaths).use(NEVER, async (session) => {
        const found = await session.tools();
        const known = found.tools.get(tool);
        if (known === undefined) throw missingTool(tool, found);
        return argumentProblems(input, known.check, limits);
      }),
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

const NEVER = new AbortController().signal;

/** Times a server is asked for its tools when it was killed from outside meanwhile: an analysis keeps what it found. */
const DISCOVERY_ATTEMPTS = 3;

async function discover(pool: Pool, server: ServerConfig, dataPaths: readonly string[]): Promise<ToolCatalog> {
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await pool.connectionOf(server, dataPaths).use(NEVER, (session) => session.tools());
      return { tools: [...found.tools.values()].map(({ definition }) => definition), problems: found.problems };
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error;
      if (attempt < DISCOVERY_ATTEMPTS && wasKilled(error.cause)) continue;
      return { tools: [], problems: [{ server: server.name, problem: error.message }] };
    }
  }
}

async function callTool(
  session: Session,
  server: ServerConfig,
  input: ToolCallInput,
  limits: Limits,
): Promise<ToolOutcome> {
  const found = await session.tools();
  const tool = found.tools.get(input.tool);
  if (tool === undefined) throw missingTool(input.tool, found);
  const problems = argumentProblems(input.arguments, tool.check, limits);
  if (problems.length > 0) {
    const message = `Expected arguments that fit the schema of ${input.tool}: ${problems.join('; ')}. Correct them and call again.`;
    throw new ToolFailure('Tool.InvalidArguments', message, { retryable: false });
  }
  await input.beforeSend?.();
  try {
    const result = await session.client.callTool({
      tool: tool.definition.tool,
      arguments: input.arguments,
      idempotencyKey: input.idempotencyKey,
      timeoutMs: server.timeoutMs,
      signal: input.signal,
      onProgress: input.onProgress?.bind(input),
    });
    return outcomeOf(input.tool, result, limits);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    const { timeoutMs } = server;
    const call = { server: server.name, tool: input.tool, timeoutMs, repeatable: tool.definition.idempotent };
    throw callFailure(call, error.problem, limits);
  }
}

function argumentProblems(
  input: Readonly<Record<string, unknown>>,
  check: (input: Readonly<Record<string, unknown>>) => readonly string[],
  limits: Limits,
): readonly string[] {
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > limits.argumentBytes) return [`they have ${bytes} bytes, at most ${limits.argumentBytes} are sent`];
  return check(input);
}

function missingTool(name: string, found: Discovery): ToolFailure {
  if (found.denied.has(name)) {
    const message = `${name} is denied by "effects" in mcp_servers_config.json. Go on without it, or have the user allow it there.`;
    return new ToolFailure('Tool.Denied', message, { retryable: false });
  }
  const broken = found.problems.find(({ server, tool }) => `${server}__${tool}` === name);
  if (broken === undefined) return unknownTool(name, found.tools.keys(), 'tool');
  const message = `Expected a usable tool ${name}, but ${broken.problem}. Use another tool.`;
  return new ToolFailure('Tool.Unknown', message, { retryable: false });
}

const NAMES_SHOWN = 5;

function unknownTool(name: string, known: Iterable<string>, what: string): ToolFailure {
  const names = [...known];
  const near = nearest(name, names, NAMES_SHOWN);
  const shown = near.length > 0 ? `nearest: ${near.join(', ')}` : `known: ${names.slice(0, NAMES_SHOWN).join(', ')}`;
  const message = `Expected the name of a known ${what} ("server__tool"), found "${name.slice(0, 100)}"; ${shown}.`;
  return new ToolFailure('Tool.Unknown', message, { retryable: false });
}

type Pool = {
  connectionOf(server: ServerConfig, dataPaths: readonly string[]): ServerConnection;
  close(): Promise<void>;
};

/** One process per server and data: a server without `readPaths` does not see the data, so all analyses share it. */
function createPool(limits: Limits): Pool {
  const startGate = createGate(limits.concurrentStarts);
  const searchPath = safeEnvironment()['PATH'] ?? '';
  const connections = new Map<string, ServerConnection>();
  let closed = false;

  function makeRoom(): void {
    if (connections.size < limits.connections) return;
    const idle = [...connections].flatMap(([key, connection]) => {
      const since = connection.idleSince();
      return since === 'inUse' ? [] : [{ key, connection, since }];
    });
    const longest = idle.sort((a, b) => a.since - b.since)[0];
    if (longest === undefined) {
      const message = `Expected at most ${limits.connections} tool servers in use at the same time, found one more. Try again when an analysis has ended.`;
      throw new ToolFailure('Tool.Unavailable', message, { retryable: true });
    }
    connections.delete(longest.key);
    void longest.connection.close();
  }

  return {
    connectionOf(server, dataPaths) {
      if (closed) throw closedFailure(server.name);
      const own = server.readPaths.length > 0 ? dataPaths : [];
      const key = JSON.stringify([server.name, own]);
      const known = connections.get(key);
      if (known !== undefined) return known;
      makeRoom();
      const startMs = server.startMs ?? limits.startMs;
      const created = createServerConnection({
        server,
        dataPaths: own,
        searchPath,
        limits: { ...limits, startMs },
        startGate,
      });
      connections.set(key, created);
      return created;
    },
    async close() {
      closed = true;
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}
