/** The data-lake MCP server on standard input and output: speaks MCP on stdin and stdout, logs to stderr, ends when stdin ends. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { pathsFrom } from './configuration.ts';
import { messageOf } from './json.ts';
import { createLake } from './lake.ts';
import { watchMemory } from './memory-watch.ts';
import { createServer } from './server.ts';

try {
  const lake = createLake(pathsFrom(process.env['DPA_DATA_PATHS'], process.argv.slice(2)));
  const server = createServer(lake);
  // A client that goes away leaves no other trace than the end of our input; DuckDB threads would keep us alive.
  process.stdin.once('end', () => process.exit(0));
  process.stdin.once('close', () => process.exit(0));
  process.stdout.once('error', () => process.exit(0));
  watchMemory();
  await server.connect(new StdioServerTransport());
} catch (error) {
  process.stderr.write(`data-lake: ${messageOf(error)}\n`);
  process.exitCode = 64;
}
