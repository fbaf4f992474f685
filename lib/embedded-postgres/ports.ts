import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that Linux (from 32768) and macOS (from 49152) lend to outgoing connections. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const lent = new Set<number>();

/**
 * Returns a port of 127.0.0.1 that is free now. No outgoing connection can take it before a server listens on it, unlike a
 * port that the system chooses. Returns no port twice in one process.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (lent.has(port)) continue;
    lent.add(port);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
