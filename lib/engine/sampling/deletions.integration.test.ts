import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { getGroup } from '@/lib/operations/groups/get';
import { readLagNow } from '@/lib/store/lag/read-lag';
import { commitPosition } from '@/lib/testing/commit-position';
import { startCourier } from '@/lib/testing/courier';

const kafka = inject('kafka');

describe.skipIf(!kafka)('data at risk on Apache Kafka', () => {
  it('follows the settings of the topics and the sizes of their logs', async () => {
    const address = kafka?.address ?? '';
    const prefix = `risk-${randomBytes(3).toString('hex')}`;
    const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const settings = {
      time: [{ name: 'retention.ms', value: '3600000' }],
      size: [
        { name: 'retention.ms', value: '-1' },
        { name: 'retention.bytes', value: '100000' },
      ],
      never: [{ name: 'retention.ms', value: '-1' }],
      compacted: [{ name: 'cleanup.policy', value: 'compact' }],
    };
    const courier = await startCourier(inject('postgres'), address);
    try {
      await admin.createTopics({
        topics: Object.entries(settings).map(([name, configEntries]) => ({
          topic: `${prefix}.${name}`,
          numPartitions: 1,
          configEntries,
        })),
      });
      for (const name of Object.keys(settings)) {
        const topic = `${prefix}.${name}`;
        const record = { topic, partition: 0, key: Buffer.from('k'), value: randomBytes(1_000), headers: [] };
        await courier.context.broker.publish(Array.from({ length: 20 }, () => record));
        await commitPosition(address, topic, { topic, partition: 0, offset: 0 });
      }
      const riskOf = async (name: string) => {
        const found = await getGroup
          .call(courier.context, courier.operator, { name: `${prefix}.${name}` })
          .catch(() => null);
        return found?.partitions[0]?.risk ?? null;
      };
      const late = { timeout: 30_000 };
      await expect.poll(async () => (await riskOf('time'))?.kind, late).toBe('at');
      const byTime = await riskOf('time');
      expect(byTime).toMatchObject({ by: 'time', laterSeconds: expect.any(Number) as number });
      const seconds = byTime?.kind === 'at' ? (byTime.stoppedSeconds ?? 0) : 0;
      expect(seconds).toBeGreaterThan(3_500);
      expect(seconds).toBeLessThanOrEqual(3_600);
      // Of a reader that moves, the arrival of the record counts, once the clock of the topic is proven.
      const moving = `${prefix}.time`;
      let committed = 0;
      const reading = setInterval(() => {
        committed += 1;
        void commitPosition(address, moving, { topic: moving, partition: 0, offset: committed });
        const more = { topic: moving, partition: 0, key: null, value: randomBytes(100), headers: [] };
        void courier.context.broker.publish([more, more]);
      }, 500);
      try {
        await expect
          .poll(
            async () => {
              const rows = await readLagNow(courier.context.store, courier.context.cluster.id);
              const row = rows.find(({ topic }) => topic === moving);
              return (row?.rateOut ?? 0) > 0 && (row?.committed ?? 0n) > 20n ? row?.judged?.risk?.kind : null;
            },
            { timeout: 45_000 },
          )
          .toBe('at');
      } finally {
        clearInterval(reading);
      }

      // Nothing arrives, so nothing is pushed out.
      await expect.poll(() => riskOf('size'), late).toEqual({ kind: 'none' });
      await expect.poll(() => riskOf('never'), late).toEqual({ kind: 'none' });
      await expect.poll(() => riskOf('compacted'), late).toEqual({ kind: 'none' });

      const topic = `${prefix}.size`;
      const record = { topic, partition: 0, key: null, value: randomBytes(1_000), headers: [] };
      const keepSending = setInterval(() => void courier.context.broker.publish([record]), 100);
      await expect.poll(async () => (await riskOf('size'))?.kind, late).toBe('at');
      clearInterval(keepSending);
      expect(await riskOf('size')).toMatchObject({ by: 'size' });
    } finally {
      await courier.stop();
      await admin.disconnect();
    }
  });
});
