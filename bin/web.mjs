#!/usr/bin/env node
// The console's server. Next tells a route nothing of who is connected but what the client wrote into its own headers, so
// the address is put there by the one who knows it.
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import next from 'next';

const dir = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const hostname = process.env.COURIER_HOST ?? '127.0.0.1';
const port = Number(process.env.COURIER_PORT ?? 3000);
const DRAIN_MS = 10_000;

const app = next({ dev: false, dir, hostname, port });
await app.prepare();
const handle = app.getRequestHandler();

const server = createServer((request, response) => {
  // As lib/http/address.ts reads it.
  request.headers['x-courier-peer'] = request.socket.remoteAddress ?? 'unknown';
  void handle(request, response);
});
// Longer than a proxy keeps a connection that it does not use, so that it is the proxy who ends it.
server.keepAliveTimeout = 65_000;
server.once('error', (error) => {
  console.error(`The console can't listen on ${hostname}:${port}: ${error.message}`);
  process.exit(1);
});
server.listen(port, hostname);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    // What is being answered is answered to its end.
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
  });
}
