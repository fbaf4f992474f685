// node:http and pg with the same statements and nothing else: no session, no checks of input, no operation, no framework.
// It is the baseline for the routes of the console. bench/api.ts starts it; it prints its port to standard output.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readSettings } from '../lib/config';
import { createLog } from '../lib/log';
import { EMPTY_FILTER } from '../lib/operations/messages/filter';
import { openContexts } from '../lib/context/open-contexts';
import type { Fact } from '../lib/protocol/fact';
import { mergeFacts } from '../lib/store/facts/merge';
import { readReaders } from '../lib/store/lag/read-readers';
import { findByRef } from '../lib/store/messages/find-by-ref';
import { LAST_ID } from '../lib/store/messages/filter';
import { listMessages } from '../lib/store/messages/list';
import { readDeliveries } from '../lib/store/messages/read-deliveries';
import { readFacts } from '../lib/store/messages/read-facts';
import { readMessageAndRetried } from '../lib/store/messages/read-message';
import { readItems } from '../lib/store/retries/items';
import { countIndexed } from '../lib/store/topics/topics';

const [context] = await openContexts(
  readSettings(),
  process.env.COURIER_DATABASE_URL ?? '',
  createLog('error'),
);
const { store, cluster, partitions, catalog } = context;

async function message(id: string) {
  const suffix = (await partitions.of('message', id)).slice('message'.length);
  return Promise.all([
    readMessageAndRetried(store, `message_read${suffix}`, cluster.id, id),
    readDeliveries(store, `delivery_read${suffix}`, [id]),
    readFacts(store, `fact_read${suffix}`, id),
    readItems(store, { messageId: id }),
    readReaders(store, cluster.id, (relation) => `${relation}${suffix}`, id),
  ]);
}

async function list() {
  const messages = await listMessages(
    store,
    partitions,
    { ...EMPTY_FILTER, clusterId: cluster.id },
    LAST_ID,
    51,
  );
  return { messages, deliveries: await deliveriesOf(messages.map(({ id }) => id)) };
}

async function deliveriesOf(ids: string[]) {
  const tables = await partitions.split('delivery_read', ids);
  return Promise.all([...tables].map(([table, some]) => readDeliveries(store, table, some)));
}

async function search(key: string) {
  const kinds = ['key', 'segment', 'alias', 'producer', 'trace'] as const;
  const [found, indexed] = await Promise.all([
    findByRef(store, partitions, cluster.id, kinds, [key], 200),
    countIndexed(store, cluster.id),
  ]);
  const ids = [...found.values()].flat();
  const messages = await listMessages(
    store,
    partitions,
    { ...EMPTY_FILTER, clusterId: cluster.id, ids },
    LAST_ID,
    200,
  );
  return { messages, indexed, deliveries: await deliveriesOf(ids) };
}

async function answer(path: string, query: URLSearchParams, body: string): Promise<unknown> {
  if (path === '/v1/facts') {
    // The bench's own facts all name their message by id.
    const { facts } = JSON.parse(body) as { facts: Fact[] };
    return mergeFacts(store, catalog, { source: 'intake', facts, receivedAt: new Date() });
  }
  if (path === '/api/messages') return list();
  if (path === '/api/search') return search(query.get('q') ?? '');
  return message(path.slice('/api/messages/'.length));
}

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (bytes: Buffer) => (body += bytes.toString()));
  request.on('end', () => {
    const url = new URL(request.url ?? '/', 'http://raw');
    answer(url.pathname, url.searchParams, body).then(
      (result) => response.end(JSON.stringify(result)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
