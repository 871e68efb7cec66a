/** Finds loopback TCP ports that nobody listens on. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export const loopback = '127.0.0.1';

/** As many different free ports as `wanted` has entries; an entry that is a free port is kept. */
export async function freePorts(wanted: readonly (number | undefined)[]): Promise<number[]> {
  const servers: Server[] = [];
  const accepted: Socket[] = [];
  try {
    // All are held until the last is found, so that none is given twice.
    for (const port of wanted) {
      const server = (port === undefined ? undefined : await listenOn(port)) ?? (await listenOn(0));
      if (!server)
        throw new Error(`Expected a free TCP port on ${loopback}; found none. Close programs and try again.`);
      servers.push(server);
    }
    await Promise.all(servers.map((server) => reserve(server, accepted)));
    return servers.map(portOf);
  } finally {
    for (const socket of accepted) socket.destroy();
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

/**
 * One connection, closed from the listening side first, leaves the port in TIME_WAIT: Linux then gives it to nobody who
 * asks for any port (the Temporal program itself asks for several), yet who names it may listen on it. Strangers may
 * come as well: clients of the service that was on the port before. What they say is dropped and their connection is
 * ended with the server, which would never close otherwise.
 */
async function reserve(server: Server, accepted: Socket[]): Promise<void> {
  server.on('connection', (socket) => {
    accepted.push(socket);
    socket.on('error', () => socket.destroy()).resume();
    socket.end();
  });
  await new Promise<void>((resolve) => {
    const socket = connect({ host: loopback, port: portOf(server) });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
    socket.resume();
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
