/** Discovery: what tools a server offers, each definition checked by itself so that a bad one does not hide the others. */
import { cleanText, capText } from './clean-text.ts';
import { createArgumentCheck } from './argument-check.ts';
import type { ArgumentCheck } from './argument-check.ts';
import type { Limits } from './limits.ts';
import type { McpClient } from './mcp-client.ts';
import type { ServerConfig, ToolEffect } from './server-config.ts';
import { nearest } from '../analysis/nearest.ts';
import { readToolSchema } from './tool-schema.ts';

export type ToolDefinition = {
  /** `server__tool`, as the model sees it. */
  readonly name: string;
  readonly server: string;
  readonly tool: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly effect: ToolEffect;
  /** A second call with the same arguments changes nothing more. */
  readonly idempotent: boolean;
  /** 0 public … 3 restricted, where the configuration or the server says so. */
  readonly securityLevel?: number;
  /** Tells about data and reads none of it. */
  readonly metadata?: true;
  /** Reading tools of other servers that can answer in its place, the configured ones first. */
  readonly standIns?: readonly string[];
};

export type ToolProblem = { readonly server: string; readonly tool?: string; readonly problem: string };

type DiscoveredTool = { readonly definition: ToolDefinition; readonly check: ArgumentCheck };

export type Discovery = {
  readonly tools: ReadonlyMap<string, DiscoveredTool>;
  /** Tools that the configuration denies: they exist, but are offered to nobody. */
  readonly denied: ReadonlySet<string>;
  readonly problems: readonly ToolProblem[];
};

/** Rejects with `RequestFailed` when the server does not answer. */
export async function discoverTools(client: McpClient, server: ServerConfig, limits: Limits): Promise<Discovery> {
  const problems: ToolProblem[] = [];
  const raw = await listAll(client, limits, (problem) => problems.push({ server: server.name, problem }));
  const tools = new Map<string, DiscoveredTool>();
  const denied = new Set<string>();
  const twice = namesThatRepeat(raw);
  for (const name of twice) {
    problems.push({
      server: server.name,
      tool: cleanText(name),
      problem: 'is defined more than once; none of them is used',
    });
  }
  for (const item of raw) {
    const read = readTool(item, server, limits);
    if (read.kind === 'problem') problems.push(problemOf(server.name, read.tool, read.problem));
    else if (twice.has(read.tool.definition.tool)) continue;
    else if (server.effects[read.tool.definition.tool] === 'deny') denied.add(read.tool.definition.name);
    else tools.set(read.tool.definition.name, read.tool);
  }
  problems.push(...effectsWithoutTool(raw, server));
  return { tools, denied, problems };
}

/** A "deny" for a misspelt tool would protect nothing, so it is said. */
function effectsWithoutTool(raw: readonly unknown[], server: ServerConfig): readonly ToolProblem[] {
  const names = raw.flatMap((item) => (isRecord(item) && typeof item['name'] === 'string' ? [item['name']] : []));
  return Object.keys(server.effects)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const [near] = nearest(name, names);
      const word = near === undefined ? '' : `; did you mean "${near}"?`;
      return {
        server: server.name,
        tool: name,
        problem: `is named in "effects", but the server has no such tool${word}`,
      };
    });
}

async function listAll(
  client: McpClient,
  limits: Limits,
  onProblem: (problem: string) => void,
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < limits.listPages; page++) {
    const { tools, nextCursor } = await client.listTools(cursor);
    if (Array.isArray(tools)) found.push(...tools.slice(0, limits.toolsPerServer + 1 - found.length));
    else onProblem('answered tools/list without a list of tools');
    if (found.length > limits.toolsPerServer) {
      onProblem(`offers more than ${limits.toolsPerServer} tools; the rest is left out`);
      return found.slice(0, limits.toolsPerServer);
    }
    if (typeof nextCursor !== 'string' || nextCursor === '') return found;
    if (seen.has(nextCursor)) {
      onProblem('repeats a cursor of tools/list; what follows is left out');
      return found;
    }
    seen.add(nextCursor);
    cursor = nextCursor;
  }
  onProblem(`lists its tools on more than ${limits.listPages} pages; the rest is left out`);
  return found;
}

type ReadTool =
  | { readonly kind: 'tool'; readonly tool: DiscoveredTool }
  | { readonly kind: 'problem'; readonly tool: string | undefined; readonly problem: string };

const NAME = /^[A-Za-z0-9_-]{1,64}$/;

function readTool(item: unknown, server: ServerConfig, limits: Limits): ReadTool {
  if (!isRecord(item) || typeof item['name'] !== 'string') {
    return { kind: 'problem', tool: undefined, problem: 'offers a tool without a name' };
  }
  const tool = item['name'];
  const shown = cleanText(tool).slice(0, 80);
  const name = `${server.name}__${tool}`;
  if (tool === '' || !NAME.test(name)) {
    const problem = 'its name and the server\'s, joined by "__", must be 1 to 64 letters, digits, "_" or "-"';
    return { kind: 'problem', tool: shown, problem };
  }
  const schema = readToolSchema(item['inputSchema'], limits);
  if (schema.kind === 'problem') return { kind: 'problem', tool: shown, problem: schema.problem };
  const check = createArgumentCheck(schema.checked, limits);
  if (check.kind === 'problem') return { kind: 'problem', tool: shown, problem: check.problem };
  const description = typeof item['description'] === 'string' ? item['description'] : '';
  const effect = effectOf(item, server.effects[tool]);
  const definition: ToolDefinition = {
    name,
    server: server.name,
    tool,
    description: capText(cleanText(description), limits.descriptionBytes),
    inputSchema: schema.shown,
    effect,
    idempotent: effect === 'read' || hint(item, 'idempotentHint') === true,
    ...sensitivityOf(item, server),
  };
  return { kind: 'tool', tool: { definition, check: check.check } };
}

/** The configuration is the user's word and wins; a server's own word counts only where the user said nothing. */
function effectOf(item: Record<string, unknown>, configured: ServerConfig['effects'][string] | undefined): ToolEffect {
  if (configured !== undefined && configured !== 'deny') return configured;
  const said = isRecord(item['_meta']) ? item['_meta']['dpa/effect'] : undefined;
  if (said === 'read' || said === 'write' || said === 'admin') return said;
  return hint(item, 'readOnlyHint') === true ? 'read' : 'write';
}

function sensitivityOf(
  item: Record<string, unknown>,
  server: ServerConfig,
): Pick<ToolDefinition, 'securityLevel' | 'metadata'> {
  const meta = isRecord(item['_meta']) ? item['_meta'] : {};
  const said = meta['dpa/securityLevel'];
  const level = server.securityLevel ?? (typeof said === 'number' ? said : undefined);
  return {
    ...(level === undefined ? {} : { securityLevel: level }),
    ...(meta['dpa/dataType'] === 'metadata' ? { metadata: true } : {}),
  };
}

function hint(item: Record<string, unknown>, name: string): unknown {
  return isRecord(item['annotations']) ? item['annotations'][name] : undefined;
}

function namesThatRepeat(items: readonly unknown[]): ReadonlySet<string> {
  const names = items.flatMap((item) => (isRecord(item) && typeof item['name'] === 'string' ? [item['name']] : []));
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.has(name) || !seen.add(name)));
}

function problemOf(server: string, tool: string | undefined, problem: string): ToolProblem {
  return tool === undefined ? { server, problem } : { server, tool, problem };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
