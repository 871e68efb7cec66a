/** A bare script that makes one tool call with the SDK's client: the baseline of the time to a first tool call. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [server = '', data = ''] = process.argv.slice(2);
const client = new Client({ name: 'bare', version: '1' });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', server],
    env: { DPA_DATA_PATHS: JSON.stringify([data]) },
    stderr: 'ignore',
  }),
);
await client.listTools();
console.log('calling');
await client.callTool({ name: 'list_datasets', arguments: {} });
await client.close();
