/** `dpa tools`: the configured tool servers, whether they answer, and what they offer. */
import type { Config } from '../config.ts';
import { CommandError, exitCode } from '../command-error.ts';
import { openConnections, type ToolCatalog } from '../tools/connections.ts';
import { readServerConfig } from '../tools/server-config-file.ts';
import type { Terminal } from '../ui/terminal.ts';

export async function tools(config: Config, options: { json: boolean }, terminal: Terminal): Promise<number> {
  const catalog = await discoverTools(config);
  if (options.json) terminal.answer(JSON.stringify(catalog));
  else
    terminal.answer(
      catalog.tools
        .map(({ name, effect, description }) => `${name}  (${effect})  ${firstSentence(description)}`)
        .join('\n'),
    );
  for (const { server, problem } of catalog.problems) terminal.notice(`${server}: ${problem}`);
  return catalog.tools.length === 0 ? exitCode.unreachable : 0;
}

/** Starts every configured server once and asks what it offers. Rejects with a `CommandError` for a wrong configuration. */
export async function discoverTools(config: Config): Promise<ToolCatalog> {
  const servers = await readServerConfig(config.mcpConfigFile, config.environment, config.workingFolder).catch(
    (cause: unknown) => {
      throw new CommandError(cause instanceof Error ? cause.message : String(cause), exitCode.usage, { cause });
    },
  );
  await using connections = openConnections(servers);
  return await connections.catalog([]);
}

function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s/)[0] ?? text;
}
