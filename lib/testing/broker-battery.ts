import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from './fault-proxy';
import { partitionOfKey } from '@/lib/brokers/key-hash';
import type { Broker, OutgoingRecord, RecordHeader, SendAnswer } from '@/lib/brokers/broker';

/** What an adapter's test provides so that the battery can break its connection. */
export interface BatteryBench {
  /** Reaches the broker directly. */
  broker: Broker;
  /** Reaches it through a proxy. */
  proxied: Broker;
  arm(fault: Fault): void;
  /** Accepts connections again after `refuse`. */
  mend(): Promise<void>;
  /** Deletes the records of a partition below an offset. */
  deleteBefore(topic: string, partition: number, offset: bigint): Promise<void>;
  /** Leaves a committed position of a group that has no members. */
  commit(group: string, topic: string, partition: number, offset: bigint): Promise<void>;
  /** A broker at an address where nothing listens. */
  nowhere: { broker: Broker; address: string };
  close(): Promise<void>;
}

const HEADERS: RecordHeader[] = [
  ['a', Buffer.from('1')],
  ['b', Buffer.from('2')],
  ['a', Buffer.from('3')],
  ['nothing', null],
  ['10', Buffer.from('ten')],
  ['2', Buffer.from('two')],
  ['__proto__', Buffer.from('p')],
  ['', Buffer.alloc(0)],
  ['bytes', Buffer.from([0, 255, 0, 254, 128])],
];

/** The one battery that every adapter passes. @param open makes the bench; called once */
export function runBattery(name: string, open: () => Promise<BatteryBench>): void {
  describe(`broker battery: ${name}`, () => {
    let bench: BatteryBench;
    const prefix = `battery-${randomBytes(4).toString('hex')}`;
    let made = 0;

    beforeAll(async () => {
      bench = await open();
    });
    afterAll(() => bench.close());

    async function newTopic(partitions = 1): Promise<string> {
      made += 1;
      const topic = `${prefix}-${made}`;
      expect(await bench.broker.createTopics([{ name: topic, partitions }])).toEqual([topic]);
      return topic;
    }
    const record = (topic: string, more: Partial<OutgoingRecord> = {}): OutgoingRecord => ({
      topic,
      partition: 0,
      key: Buffer.from('k'),
      value: Buffer.from('v'),
      headers: [],
      ...more,
    });
    const read = async (topic: string, offset: bigint, partition = 0) => {
      const [answer] = await bench.broker.fetch([{ topic, partition, offset }], {
        maxBytes: 1_000_000,
        waitMs: 500,
      });
      if (!answer) throw new Error('no answer');
      return answer;
    };
    const endOf = async (topic: string) => (await bench.broker.logEnds([topic])).known[0]?.end;
    const send = async (broker: Broker, item: OutgoingRecord): Promise<SendAnswer> => {
      const [answer] = await broker.publish([item]);
      if (!answer) throw new Error('no answer');
      return answer;
    };

    it('reads back byte for byte what was sent: keys, values, headers in order, repeated, null, binary, odd names', async () => {
      const topic = await newTopic();
      const binary = Buffer.from([0, 1, 255, 254, 0]);
      const sent = [
        record(topic, { headers: HEADERS }),
        record(topic, { key: null, value: Buffer.alloc(0) }),
        record(topic, { key: Buffer.alloc(0), value: null }),
        record(topic, { key: binary, value: binary }),
      ];
      const answers = await bench.broker.publish(sent);
      expect(answers).toEqual(
        [0n, 1n, 2n, 3n].map((offset) => ({ outcome: 'acknowledged', partition: 0, offset })),
      );
      const { records, next, end, start, gap, problem } = await read(topic, 0n);
      expect(records.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(
        sent.map(({ key, value, headers }) => ({ key, value, headers })),
      );
      expect({ next, end, start, gap, problem }).toEqual({
        next: 4n,
        end: 4n,
        start: 0n,
        gap: null,
        problem: null,
      });
      expect(Math.abs((records[0]?.timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('answers for each record where several go to several partitions and one of them does not exist', async () => {
      const topic = await newTopic(2);
      const answers = await bench.broker.publish([
        record(topic),
        record(topic, { partition: 1 }),
        record(topic, { partition: 7 }),
        record(topic),
      ]);
      expect(answers.map((answer) => answer.outcome)).toEqual([
        'acknowledged',
        'acknowledged',
        'refused',
        'acknowledged',
      ]);
      expect((await bench.broker.logEnds([topic])).known.map((item) => item.end)).toEqual([2n, 1n]);
    });

    it('refuses an unknown topic and too large a record', async () => {
      const topic = await newTopic();
      expect(await send(bench.broker, record(`${prefix}-none`))).toMatchObject({ outcome: 'refused' });
      const large = await send(bench.broker, record(topic, { value: Buffer.alloc(3_000_000) }));
      expect(large).toMatchObject({ outcome: 'refused' });
      expect('reason' in large && large.reason).toContain('MESSAGE_TOO_LARGE');
      expect(await endOf(topic)).toBe(0n);
    });

    const faults: [Fault, SendAnswer['outcome'], bigint][] = [
      ['cut_before', 'unknown', 0n],
      ['cut_during', 'unknown', 0n],
      ['cut_after', 'unknown', 1n],
      ['swallow', 'unknown', 1n],
    ];
    it.each(faults)('says unknown when the connection breaks: %s', async (fault, outcome, landed) => {
      const topic = await newTopic();
      expect(await send(bench.proxied, record(topic))).toMatchObject({ outcome: 'acknowledged' });
      bench.arm(fault);
      const answer = await send(bench.proxied, record(topic));
      expect(answer.outcome).toBe(outcome);
      await expect.poll(() => endOf(topic)).toBe(1n + landed);
      // On a busy machine a new connection may exceed the request timeout. The answer is then `not_written`, which is true.
      let again = await send(bench.proxied, record(topic));
      while (again.outcome === 'not_written') again = await send(bench.proxied, record(topic));
      expect(again).toMatchObject({ outcome: 'acknowledged', offset: 1n + landed });
    });

    it('says unknown when an answer is lost while another topic is deleted, and the record is there', async () => {
      const other = await newTopic();
      const topic = await newTopic();
      await send(bench.proxied, record(other));
      await send(bench.proxied, record(topic));
      await bench.broker.deleteTopic(other);
      bench.arm('cut_after');
      expect(await send(bench.proxied, record(topic))).toMatchObject({ outcome: 'unknown' });
      await expect.poll(() => endOf(topic)).toBe(2n);
    });

    it('says not written when the connection is refused, and sends again once it is accepted', async () => {
      const topic = await newTopic();
      await send(bench.proxied, record(topic));
      bench.arm('refuse');
      expect(await send(bench.proxied, record(topic))).toMatchObject({ outcome: 'unknown' });
      expect(await send(bench.proxied, record(topic))).toMatchObject({ outcome: 'not_written' });
      expect(await endOf(topic)).toBe(1n);
      await bench.mend();
      expect(await send(bench.proxied, record(topic))).toMatchObject({ outcome: 'acknowledged', offset: 1n });
    });

    it('divides keys as Kafka does, and says that there is no topic', async () => {
      const topic = await newTopic(5);
      for (const key of ['order-1148', '订单', 'x'].map((text) => Buffer.from(text)))
        expect(await bench.broker.partitionFor(topic, key)).toBe(partitionOfKey(key, 5));
      expect(await bench.broker.partitionFor(`${prefix}-nowhere`, Buffer.from('x'))).toBeNull();
    });

    it('finds offsets by time', async () => {
      const topic = await newTopic();
      await send(bench.broker, record(topic));
      const first = (await read(topic, 0n)).records[0]?.timestamp ?? 0;
      expect(await bench.broker.offsetAt(topic, 0, first)).toBe(0n);
      expect(await bench.broker.offsetAt(topic, 0, first + 3_600_000)).toBe(1n);
    });

    it('names a position before the begin as a gap and reads what is still there', async () => {
      const topic = await newTopic();
      await bench.broker.publish(
        [0, 1, 2, 3, 4].map((n) => record(topic, { value: Buffer.from(String(n)) })),
      );
      await bench.deleteBefore(topic, 0, 3n);
      const answer = await read(topic, 1n);
      expect(answer.gap).toEqual({ from: 1n, to: 3n });
      expect(answer.records.map((record) => record.value?.toString())).toEqual(['3', '4']);
      expect(answer.next).toBe(5n);
    });

    it('answers the first positions first where the answer is limited, and names the ends of all', async () => {
      const [large, small] = [await newTopic(3), await newTopic(1)];
      const value = Buffer.from('v'.repeat(130));
      await bench.broker.publish([record(large), record(small)]);
      // One batch each, so that a broker can answer a part of them.
      for (let sent = 0; sent < 10; sent += 1)
        await bench.broker.publish([1, 2].map((partition) => record(large, { partition, value })));
      const first = [
        { topic: large, partition: 0, offset: 0n },
        { topic: small, partition: 0, offset: 0n },
      ];
      const backlog = [1, 2].map((partition) => ({ topic: large, partition, offset: 0n }));
      const limits = { maxBytes: 300, maxTotalBytes: 600, waitMs: 500 };
      const answers = await bench.broker.fetch([...first, ...backlog], limits);
      expect(answers.map(({ records, end }) => [records.length, end])).toEqual([
        [1, 1n],
        [1, 1n],
        [expect.any(Number), 10n],
        [expect.any(Number), 10n],
      ]);
      const [of] = await bench.broker.fetch([...backlog, ...first], limits);
      expect(of?.records.length).toBeGreaterThan(0);
    });

    it('says of a position beyond the end and of a topic that is not there what they are', async () => {
      const topic = await newTopic();
      expect((await read(topic, 9n)).problem).toBe('beyond_end');
      expect((await read(`${prefix}-none`, 0n)).problem).toBe('unknown_topic');
      expect(await bench.broker.logEnds([`${prefix}-none`])).toEqual({ known: [], unknown: [] });
    });

    it('tells how long a topic keeps its records, and that there is no topic', async () => {
      const settings = await bench.broker.topicSettings(await newTopic());
      expect(settings).toMatchObject({ compacted: false });
      expect(settings?.retentionMs).toBeGreaterThan(0);
      expect(await bench.broker.topicSettings(`${prefix}-none`)).toBeNull();
      const topic = await newTopic();
      const found = await bench.broker.settingsOf([topic, `${prefix}-none`]);
      expect([...found]).toEqual([[topic, settings]]);
    });

    it('gives a topic that is made anew another incarnation', async () => {
      const topic = await newTopic();
      const find = async () => (await bench.broker.topics()).find((item) => item.name === topic);
      const before = await find();
      expect(before?.partitions).toBe(1);
      await bench.broker.deleteTopic(topic);
      await expect.poll(find).toBeUndefined();
      await expect.poll(() => bench.broker.createTopics([{ name: topic, partitions: 1 }])).toEqual([topic]);
      expect((await find())?.incarnation).not.toBe(before?.incarnation);
    });

    it('tells positions of groups, and a group without members from one with', async () => {
      const topic = await newTopic();
      const group = `${prefix}-group`;
      await bench.broker.publish([record(topic), record(topic), record(topic)]);
      await bench.commit(group, topic, 0, 2n);
      const listed = (await bench.broker.groups()).groups.filter((item) => item.name === group);
      expect(listed).toEqual([expect.objectContaining({ name: group, type: 'classic', state: 'Empty' })]);
      expect(await bench.broker.positions(listed)).toEqual({
        positions: [expect.objectContaining({ group, topic, partition: 0, offset: 2n })],
        unknown: [],
      });
      expect(await bench.broker.describeGroups(listed)).toEqual([
        expect.objectContaining({ name: group, state: 'Empty', members: [] }),
      ]);
      // A group that is there is not dead; one that never was is.
      const unknown = { name: `${group}-unknown`, type: 'classic' as const };
      expect(await bench.broker.deadGroups([...listed, unknown])).toEqual([unknown.name]);
    });

    it('moves positions of a group that has no members, and names what it does not have', async () => {
      const topic = await newTopic(2);
      const group = { name: `${prefix}-moved`, type: 'classic' as const };
      await bench.broker.publish([record(topic), record(topic), record(topic, { partition: 1 })]);
      await bench.commit(group.name, topic, 0, 2n);
      const to = [
        { topic, partition: 0, offset: 1n },
        { topic, partition: 1, offset: 0n },
      ];
      expect(await bench.broker.movePositions(group, to)).toEqual([
        { outcome: 'moved' },
        { outcome: 'moved' },
      ]);
      const { positions } = await bench.broker.positions([{ ...group, state: 'Empty' }]);
      expect(
        positions
          .map(({ partition, offset }) => ({ topic, partition, offset }))
          .sort((a, b) => a.partition - b.partition),
      ).toEqual(to);
      const gone = { topic: `${prefix}-none`, partition: 0, offset: 0n };
      expect(await bench.broker.movePositions(group, [gone])).toEqual([
        expect.objectContaining({ outcome: 'refused', why: 'other' }),
      ]);
    });

    it('has the last stable offset, which is the end where no transaction is open', async () => {
      const topic = await newTopic();
      await bench.broker.publish([record(topic), record(topic)]);
      expect(await bench.broker.stableEnds([topic, `${topic}-unknown`])).toEqual(
        new Map([[`${topic}/0`, 2n]]),
      );
    });

    it('is an error that names the address within 10 s when nothing answers', async () => {
      const began = performance.now();
      await expect(bench.nowhere.broker.topics()).rejects.toThrow(bench.nowhere.address);
      await expect(
        bench.nowhere.broker.fetch([{ topic: 'any', partition: 0, offset: 0n }], {
          maxBytes: 1000,
          waitMs: 0,
        }),
      ).rejects.toThrow(bench.nowhere.address);
      expect(await send(bench.nowhere.broker, record('any'))).toMatchObject({ outcome: 'not_written' });
      expect(performance.now() - began).toBeLessThan(10_000);
    });
  });
}
