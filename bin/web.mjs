#!/usr/bin/env node
// The console's server. Next passes a route only the headers that the client wrote, and not the address of the client.
// So this server writes that address into a header.
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import next from 'next';
import { allowedHosts, refusal, refuseConnection, setHeaders } from './guard.mjs';

const dir = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const hostname = process.env.COURIER_HOST ?? '127.0.0.1';
const wanted = Number(process.env.COURIER_PORT ?? 3000);
const DRAIN_MS = 10_000;

// As lib/cli/heartbeat.ts: the supervisor ends a process that is frozen.
if (process.send) {
  setInterval(() => process.connected && process.send({ heartbeat: true }, () => {}), 2_000).unref();
}

// The port is bound first, so that no other process takes it. Requests that arrive before Next is ready wait for it.
const isAllowed = allowedHosts(process.env);
// What Node would refuse by itself is refused here, with the headers that every answer has.
const server = createServer({ requireHostHeader: false }, answer);
server.on('clientError', refuseConnection);
server.on('checkExpectation', answer);

function answer(request, response) {
  setHeaders(request, response, process.env);
  const refused = refusal(request, isAllowed);
  if (refused) {
    const { status, code, message } = refused;
    const body = JSON.stringify({ error: { code, message, details: {} } });
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  // As lib/http/forwarded.ts reads it.
  request.headers['x-courier-peer'] = request.socket.remoteAddress ?? 'unknown';
  void ready.then((handle) => handle(request, response));
}
// Longer than a proxy keeps a connection that it does not use, so that it is the proxy who ends it.
server.keepAliveTimeout = 65_000;
server.on('error', (error) => {
  console.error(`The console can't listen on ${hostname}:${wanted}: ${error.message}`);
  process.exit(1);
});
await new Promise((resolve) => server.listen(wanted, hostname, resolve));
const { port } = server.address();
// Who let the system choose the port learns it here.
process.send?.({ port });

// Next would take requests for another protocol from the server past the guard; it gets them from one that never listens.
const app = next({ dev: false, dir, hostname, port, httpServer: createServer() });
const ready = app.prepare().then(
  () => app.getRequestHandler(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);

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
