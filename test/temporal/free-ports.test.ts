/** Ports are free, different, and kept where wanted and possible. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { freePorts, loopback } from '../../src/temporal/free-ports.ts';

test('gives as many different ports as wanted, on which one can listen', async () => {
  const ports = await freePorts([undefined, undefined, undefined]);
  expect(new Set(ports).size).toBe(3);
  for (const port of ports) {
    const server = createServer().listen(port, loopback);
    await once(server, 'listening');
    server.close();
  }
});

test('keeps a wanted port that is free and replaces one that is taken', async () => {
  const server = createServer().listen(0, loopback);
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' && address ? address.port : 0;
  const [free = 0] = await freePorts([undefined]);
  const [kept, replaced] = await freePorts([free, taken]);
  server.close();
  expect(kept).toBe(free);
  expect(replaced).not.toBe(taken);
});

test('a client of the service that was on the port before, which comes, talks and stays, holds nobody up', async () => {
  const [port = 0] = await freePorts([undefined]);
  const strangers: Socket[] = [];
  // Told when the port is tried, which is the moment at which somebody listens on it.
  const come = (): void => {
    unsubscribe('net.client.socket', come);
    const stranger = connect({ host: loopback, port, allowHalfOpen: true });
    stranger.on('error', () => undefined).write('PRI * HTTP/2.0');
    strangers.push(stranger);
  };
  subscribe('net.client.socket', come);
  expect(await freePorts([port])).toEqual([port]);
  expect(strangers).toHaveLength(1);
  for (const stranger of strangers) stranger.destroy();
});
