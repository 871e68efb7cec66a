/** A real HTTP receiver on this machine that keeps what it is sent; its answer can be chosen. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Receiver = AsyncDisposable & {
  readonly url: string;
  readonly received: { path: string; authorization: string | undefined; body: unknown }[];
  status: number;
};

export async function openReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, authorization: headers.authorization, body: JSON.parse(text) as unknown });
      response.writeHead(receiver.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    status: 201,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
