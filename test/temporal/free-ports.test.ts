/** Ports are free, different, and kept where wanted and possible. */
import { once } from 'node:events';
import { createServer } from 'node:net';
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
