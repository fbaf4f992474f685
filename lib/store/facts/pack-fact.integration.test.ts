import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Fact } from '@/lib/protocol/fact';
import { reportedFact } from '@/lib/protocol/fact-schema';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { Catalog } from '../names/catalog';
import { readFacts } from '../messages/read-facts';
import { mergeFacts } from './merge';

const position = { topic: 'orders', partition: 3, offset: '51204' };
const message = {
  topic: 'orders',
  type: 'OrderPaid',
  version: '2',
  service: 'shop',
  kind: 'ordered',
  key: 'order-4711 支付',
  sentAt: '2026-11-21T13:59:59.123Z',
  size: 12,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  producerId: 'p-1',
} as const;

/** One fact with everything, and what columns could lose. */
const CASES: Record<string, Partial<Fact>> = {
  everything: {
    message,
    position,
    group: 'payment',
    generation: 2,
    attempt: 3,
    startedAt: '2026-11-21T14:00:00.001Z',
    durationMs: 1_234,
    service: 'billing',
    release: '1.4.0',
    host: 'billing-1',
    process: '17-a1',
    member: 'm-1',
    error: {
      type: 'TimeoutError',
      message: 'in 3 s\n',
      stack: 'TimeoutError: in 3 s\n    at charge (a.js:1:2)',
    },
    nextTryAt: '2026-11-21T14:00:05.000Z',
    gaveUp: { to: { topic: 'courier.dlq.payment', partition: 0, offset: '7' } },
    retryId: 'r-1',
    idHeaders: [{ name: 'x-request-id', value: 'req-1' }],
    reason: 'because',
  },
  'nothing but its message': {},
  'zeros, which are not nothing': {
    attempt: 0,
    generation: 0,
    durationMs: 0,
    message: { topic: 'orders', size: 0 },
  },
  'empty texts, which are not nothing': {
    message: { topic: 'orders', type: '', version: '', service: '', key: '', traceId: '', producerId: '' },
    service: '',
    host: '',
    member: '',
    error: { type: '', message: '' },
  },
  'an offset with zeros before it': { position: { ...position, offset: '007' } },
  'a trace id of another form': { message: { ...message, traceId: 'ABC-1' } },
  'that it gave up nowhere': { group: 'g', gaveUp: { to: null }, held: true, mayBeStored: false },
};

describe('a stored fact', () => {
  let database: TestDatabase;
  let catalog: Catalog;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    await database.pool.query("INSERT INTO cluster (name, kind, address) VALUES ('test', 'kafka', 'none')");
    catalog = new Catalog(database.pool, 1);
  });
  afterAll(() => database.drop());

  it.each(Object.entries(CASES))('comes back byte for byte as it was reported: %s', async (_, more) => {
    const kind = more.group === undefined ? 'committed' : 'handle_failed';
    const reported = reportedFact.parse(makeFact(kind, newId(), 0, more));
    const fact = { ...reported, messageId: reported.messageId ?? '' } as Fact;
    await mergeFacts(database.pool, catalog, { source: 'intake', facts: [fact], receivedAt: new Date() });
    const [stored] = await readFacts(database.pool, 'fact_read', fact.messageId);
    expect(JSON.stringify(stored?.fact)).toBe(JSON.stringify(fact));
    expect(stored?.source).toBe('intake');
  });
});
