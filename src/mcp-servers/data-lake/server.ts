/** Makes the MCP server over a lake; it does not know on which transport it will speak. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { serverName } from './envelope.ts';
import { unknownName } from './errors.ts';
import type { Lake } from './lake.ts';
import { describeDataset } from './tools/describe-dataset.ts';
import { listDatasets } from './tools/list-datasets.ts';
import { listFiles } from './tools/list-files.ts';
import { profileDataset } from './tools/profile-dataset.ts';
import { query } from './tools/query.ts';
import { sampleRows } from './tools/sample-rows.ts';
import type { Tool } from './tool.ts';

const tools: readonly Tool[] = [listDatasets, describeDataset, listFiles, sampleRows, profileDataset, query];

/** The tools answer in our own envelope for bad arguments too, so the requests are handled here and not by McpServer. */
export function createServer(lake: Lake): McpServer {
  const server = new McpServer(
    { name: serverName, version: '0.1.0', title: 'Data lake' },
    { capabilities: { tools: {} }, instructions },
  );
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  server.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map((tool) => tool.definition) }));
  server.server.setRequestHandler(CallToolRequestSchema, async (request, { signal }): Promise<CallToolResult> => {
    const tool = byName.get(request.params.name);
    const answer = tool
      ? await tool.call(request.params.arguments, { lake, signal })
      : { ok: false as const, error: unknownName('tool', request.params.name, [...byName.keys()]).body };
    return {
      content: [{ type: 'text', text: JSON.stringify(answer) }],
      structuredContent: answer,
      isError: !answer.ok,
    };
  });
  return server;
}

const instructions =
  'Read-only access to data files (CSV, JSON, Parquet) through DuckDB. Start with list_datasets, then profile_dataset or describe_dataset, then query with aggregates. Numbers in an answer should come from aggregates, never from a truncated result.';
