/** Row 11: a call of a tool through our connections, against the MCP SDK's own client on the same server. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { openConnections } from '../src/tools/connections.ts';
import { toolServer } from '../test/support/tool-servers.ts';
import { atMost, elapsedMs, median, type Measure } from './measure.ts';

const calls = 600;
const warmUps = 50;
const input = { text: 'how many sales were there', times: 3 };

export const mcpCall: Measure = {
  name: 'mcp-call',
  about: 'ms per tool call through Connections, against a pooled client of the SDK on the same server',
  async run() {
    const server = toolServer('ordinary');
    const raw = new Client({ name: 'raw', version: '1' });
    await raw.connect(
      new StdioClientTransport({ command: server.command, args: [...server.args], cwd: server.cwd, stderr: 'ignore' }),
    );
    await using connections = openConnections([server]);
    const { signal } = new AbortController();
    const callRaw = () => raw.callTool({ name: 'echo', arguments: input });
    const callOurs = () =>
      connections.call({ tool: 'ordinary__echo', arguments: input, dataPaths: [], idempotencyKey: 'k', signal });
    const baseline: number[] = [];
    const ours: number[] = [];
    try {
      for (let call = 0; call < warmUps + calls; call += 1) {
        const [rawMs, oursMs] = [await elapsedMs(callRaw), await elapsedMs(callOurs)];
        if (call < warmUps) continue;
        baseline.push(rawMs);
        ours.push(oursMs);
      }
    } finally {
      await raw.close();
    }
    const [baselineMs, oursMs] = [median(baseline), median(ours)];
    return [
      {
        metric: '11 MCP call',
        unit: 'ms',
        baseline: baselineMs,
        against: 'pooled SDK client',
        ours: oursMs,
        ratio: oursMs / baselineMs,
        target: atMost(5, 2),
      },
    ];
  },
};
