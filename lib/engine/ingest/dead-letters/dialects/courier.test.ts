import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BrokerRecord } from '@/lib/brokers/broker';
import { factsOfReading } from '../facts-of-reading';
import type { DeadLetterReading } from './dialect';
import { isDeadLetterTopic, nameOfDialect, readDeadLetter } from './registry';

interface Sample {
  topic: string;
  partition: number;
  offset: string;
  timestamp: number;
  key: string;
  value: string;
  headers: [string, string][];
}

const sample = JSON.parse(readFileSync(new URL('samples/courier.json', import.meta.url), 'utf8')) as Sample;

/** The recorded sample as a record; a header that is null is left out. */
function record(changed: Record<string, string | null> = {}): BrokerRecord {
  const headers = Object.entries({ ...Object.fromEntries(sample.headers), ...changed });
  return {
    topic: sample.topic,
    partition: sample.partition,
    offset: BigInt(sample.offset),
    timestamp: sample.timestamp,
    key: Buffer.from(sample.key),
    value: Buffer.from(sample.value),
    headers: headers.flatMap(([name, value]): [string, Buffer][] =>
      value === null ? [] : [[name, Buffer.from(value)]],
    ),
  };
}

function readingOf(changed: Record<string, string | null> = {}): DeadLetterReading {
  const understood = readDeadLetter(record(changed));
  expect(understood?.dialect.name).toBe('Courier SDK');
  return understood!.reading;
}

describe('dead letters of the Courier SDK', () => {
  it('are read with everything that their failure reported', () => {
    const { facts, rejected } = factsOfReading(record(), readingOf());
    expect(rejected).toEqual([]);
    expect(facts).toEqual([
      {
        factId: '019ad20f-3bb8-7123-9abc-00112233aabb',
        kind: 'handle_failed',
        messageId: '019ad20f-2800-7abc-8def-0123456789ab',
        at: '2025-11-30T00:00:05.000Z',
        startedAt: '2025-11-30T00:00:02.000Z',
        durationMs: 3_000,
        attempt: 3,
        group: 'billing',
        position: { topic: 'orders', partition: 2, offset: '57' },
        message: {
          topic: 'orders',
          type: 'order.created',
          service: 'shop',
          kind: 'event',
          sentAt: '2025-11-30T00:00:00.000Z',
          key: 'order-7',
          size: 12,
        },
        error: {
          type: 'TimeoutError',
          message: 'the bank did not answer in 3 s',
          stack: 'TimeoutError: the bank did not answer in 3 s\n    at charge (/app/billing.js:12:9)',
        },
        service: 'billing',
        release: '1.4.0',
        host: 'billing-1',
        process: '17-a1b2c3',
        member: 'billing-1-17',
        gaveUp: { to: { topic: 'courier.dlq.billing', partition: 1, offset: '12' } },
      },
      {
        factId: expect.stringMatching(/^019ad20f-/) as string,
        kind: 'dead_lettered',
        at: '2025-11-30T00:00:05.123Z',
        group: 'billing',
        position: { topic: 'courier.dlq.billing', partition: 1, offset: '12' },
      },
    ]);
  });

  it('are named by their record where the id was copied from a message of another topic', () => {
    const reading = readingOf({ 'courier-topic': 'invoices', 'courier-dlq-record-time': '1764460800000' });
    expect(reading).toMatchObject({
      message: { position: { topic: 'orders', partition: 2, offset: '57' }, recordTime: 1_764_460_800_000 },
      isForwarded: true,
      topic: 'orders',
    });
  });

  it('are not understood without the headers that name the failure', () => {
    expect(readDeadLetter(record({ 'courier-dlq-group': null }))).toBeNull();
    expect(readDeadLetter(record({ 'courier-dlq-fact-id': null }))).toBeNull();
    expect(readDeadLetter(record({ 'courier-id': null, 'courier-source': null }))).toBeNull();
  });

  it('keep a malformed fact with its reason, and the fact that does fit', () => {
    const malformed = { 'courier-dlq-attempts': 'many' };
    const { facts, rejected } = factsOfReading(record(malformed), readingOf(malformed));
    expect(facts.map(({ kind }) => kind)).toEqual(['dead_lettered']);
    expect(rejected.map(({ reason }) => reason)).toEqual([expect.stringContaining('attempt')]);
  });

  it('stand in topics that are told by their names', () => {
    expect(isDeadLetterTopic('courier.dlq.billing')).toBe(true);
    expect(isDeadLetterTopic('orders')).toBe(false);
    expect(nameOfDialect('courier')).toBe('Courier SDK');
    expect(nameOfDialect('gone')).toBe('gone');
  });
});

describe('facts of a reading', () => {
  const reading: DeadLetterReading = {
    message: { position: { topic: 'orders', partition: 0, offset: '5' } },
    group: 'shipping',
    topic: 'orders',
    isForwarded: true,
    source: { topic: 'orders', partition: 0, offset: '5' },
    failure: { factId: undefined, kind: 'handle_failed', at: undefined, error: { type: 'E', message: 'm' } },
  };

  it('have an id and a time that follow from the record where the framework writes none', () => {
    const [first] = factsOfReading(record(), reading).facts;
    const [again] = factsOfReading(record(), reading).facts;
    expect(first).toMatchObject({ kind: 'handle_failed', group: 'shipping', at: '2025-11-30T00:00:05.123Z' });
    expect(again?.factId).toBe(first?.factId);
  });

  it('are none where the framework does not name the group', () => {
    expect(factsOfReading(record(), { ...reading, group: null })).toEqual({ facts: [], rejected: [] });
  });
});
