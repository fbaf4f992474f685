import { createServer, type Server } from 'node:http';
import { allowedHosts, refusal, refuseConnection, setHeaders } from '@/bin/guard.mjs';
import type { Context } from '@/lib/context/context';
import { storeErrorOf } from '@/lib/store-errors';
import { registry } from './metrics';
import type { RunningWorker } from './runtime';

/**
 * `/healthz` (the process runs), `/readyz` (its store answers, the intake has room and no worker fails) and `/metrics` of
 * the worker.
 */
export function createHealthServer(
  context: Context,
  workers: readonly RunningWorker[],
  intake: { problem(): string | null },
): Server {
  const isAllowed = allowedHosts(process.env);
  const server = createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
      setHeaders(request, response, process.env);
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    };
    const path = (request.url ?? '/').split('?')[0];
    const refused = path === '/readyz' ? null : refusal(request, isAllowed);
    if (refused) answer(refused.status, `${refused.message}\n`);
    else if (path === '/healthz') answer(200, 'ok\n');
    else if (path === '/metrics') {
      registry.metrics().then(
        (text) => answer(200, text, registry.contentType),
        () => answer(500, 'the metrics could not be read\n'),
      );
    } else if (path === '/readyz') {
      const failing = workers.filter((worker) => worker.state === 'failing' || worker.state === 'starting');
      context.store.query('SELECT 1').then(
        () => {
          const stuck = intake.problem();
          const lines = [...(stuck === null ? [] : [stuck]), ...failing.map((worker) => stateOf(worker))];
          answer(lines.length > 0 ? 503 : 200, `${lines.join('\n') || 'ready'}\n`);
        },
        (error: unknown) =>
          answer(503, `${storeErrorOf(error)?.message ?? 'The tracking store does not answer.'}\n`),
      );
    } else answer(404, '/healthz, /readyz, /metrics\n');
  });
  server.on('clientError', refuseConnection);
  return server;
}

/** A worker and how it is, with the reason where the store is it. Others may name what only signed-in people may see. */
function stateOf({ cluster, name, state, detail }: RunningWorker): string {
  const reason =
    typeof detail.code === 'string' && detail.code.startsWith('store_') ? String(detail.error) : null;
  return `${cluster} ${name}: ${state}${reason === null ? '' : ` (${reason})`}`;
}
