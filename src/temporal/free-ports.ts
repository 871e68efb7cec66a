/** Finds loopback TCP ports that nobody listens on. */
import { createServer, type Server } from 'node:net';

export const loopback = '127.0.0.1';

/** As many different free ports as `wanted` has entries; an entry that is a free port is kept. */
export async function freePorts(wanted: readonly (number | undefined)[]): Promise<number[]> {
  const servers: Server[] = [];
  try {
    // All are held until the last is found, so that none is given twice.
    for (const port of wanted) {
      const server = (port === undefined ? undefined : await listenOn(port)) ?? (await listenOn(0));
      if (!server) throw new Error(`Expected a free TCP port on ${loopback}; found none. Close programs and try again.`);
      servers.push(server);
    }
    return servers.map(portOf);
  } finally {
    await Promise.all(servers.map(closed));
  }
}

async function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: loopback, port, exclusive: true }, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address of a listening server.');
  return address.port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
