/** Which tools can answer in the place of another one: of the servers configured for that, and of those that see the same data. */
import { canonicalJson } from '../analysis/canonical-json.ts';
import type { ToolDefinition } from './catalog.ts';
import type { ServerConfig } from './server-config.ts';

/** Only for tools that read: what changes something is never done elsewhere without a word. */
export function withStandIns(
  tools: readonly ToolDefinition[],
  servers: readonly ServerConfig[],
  dataPaths: readonly string[],
): readonly ToolDefinition[] {
  const byName = new Map(servers.map((server) => [server.name, server]));
  return tools.map((tool) => {
    const failing = byName.get(tool.server);
    if (tool.effect !== 'read' || failing === undefined) return tool;
    const alike = tools.filter((other) => isAlike(tool, other));
    const configured = alike.filter(({ server }) => byName.get(server)?.fallbackFor?.includes(tool.server));
    const same = alike.filter(({ server }) => seesTheSame(failing, byName.get(server), dataPaths));
    const standIns = [...new Set([...configured, ...same].map(({ name }) => name))];
    return standIns.length === 0 ? tool : { ...tool, standIns };
  });
}

/** The same name and the same arguments, and nothing more sensitive. */
function isAlike(tool: ToolDefinition, other: ToolDefinition): boolean {
  return (
    other.server !== tool.server &&
    other.tool === tool.tool &&
    other.effect === 'read' &&
    (other.securityLevel ?? 0) <= (tool.securityLevel ?? 0) &&
    shapeOf(other) === shapeOf(tool)
  );
}

/** Names, types and which are required; words and limits may differ. */
function shapeOf({ inputSchema }: ToolDefinition): string {
  const { properties, required } = inputSchema as { properties?: object; required?: readonly string[] };
  const types = Object.entries(properties ?? {}).map(([name, schema]: [string, unknown]) => [
    name,
    typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : null,
  ]);
  return canonicalJson([Object.fromEntries(types), sorted(required ?? [])]);
}

/** The data of the analysis reaches every server that has paths to read; else they have to read the same. */
function seesTheSame(one: ServerConfig, other: ServerConfig | undefined, dataPaths: readonly string[]): boolean {
  if (other === undefined || one.readPaths.length === 0 || other.readPaths.length === 0) return false;
  return dataPaths.length > 0 || canonicalJson(sorted(one.readPaths)) === canonicalJson(sorted(other.readPaths));
}

function sorted(words: readonly string[]): readonly string[] {
  return words.toSorted((a, b) => a.localeCompare(b));
}
