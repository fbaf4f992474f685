import { groupBy } from '@/lib/values/group-by';
import { sentenceOf } from '@/lib/errors';
import type { OutgoingRecord, SendAnswer } from '@/lib/brokers/broker';
import type { KafkaMetadata } from './metadata';
import { classifyCode, classifyError } from './wire/classify';
import type { KafkaConnections } from './connections';
import { encodeRecordBatch } from './wire/record-batch';
import { produceRequest } from './wire/requests';

/** A request over this size makes a broker close the connection without an answer, so it is refused here. */
const MAX_REQUEST_BYTES = 100 * 1024 * 1024;

/** Sends records with one produce request per partition, without retries, and returns the outcome of each. */
export class KafkaSender {
  constructor(
    private readonly connections: KafkaConnections,
    private readonly metadata: KafkaMetadata,
    private readonly requestTimeoutMs: number,
  ) {}

  async publish(records: OutgoingRecord[]): Promise<SendAnswer[]> {
    const answers: SendAnswer[] = new Array<SendAnswer>(records.length);
    const numbered = records.map((record, index) => ({ record, index }));
    const batches = groupBy(numbered, ({ record }) => `${record.topic}/${record.partition}`);
    await Promise.all(
      [...batches.values()].map(async (batch) => {
        const first = batch[0]?.record;
        if (!first) return;
        const answer = await this.sendBatch(
          first.topic,
          first.partition,
          batch.map((item) => item.record),
        );
        batch.forEach((item, place) => {
          answers[item.index] =
            answer.outcome === 'acknowledged' ? { ...answer, offset: answer.offset + BigInt(place) } : answer;
        });
      }),
    );
    return answers;
  }

  private async sendBatch(topic: string, partition: number, records: OutgoingRecord[]): Promise<SendAnswer> {
    const leader = await this.findLeader(topic, partition);
    if (typeof leader !== 'number') return leader;
    const batch = encodeRecordBatch(records, Date.now());
    if (batch.length > MAX_REQUEST_BYTES)
      return { outcome: 'refused', reason: `MESSAGE_TOO_LARGE: ${batch.length} bytes` };
    try {
      const request = produceRequest(topic, partition, batch, Math.max(this.requestTimeoutMs - 500, 200));
      const found = (await this.connections.send(leader, request)).find(
        (item) => item.partition === partition,
      );
      if (!found) return { outcome: 'unknown', reason: 'the answer does not speak of this partition' };
      if (found.error === 0 && found.baseOffset >= 0n) {
        return { outcome: 'acknowledged', partition, offset: found.baseOffset };
      }
      this.metadata.forget();
      return classifyCode(found.error);
    } catch (error) {
      this.metadata.forget();
      return classifyError(error);
    }
  }

  /** Nothing has been sent yet, so whatever fails here was not written. */
  private async findLeader(topic: string, partition: number): Promise<number | SendAnswer> {
    try {
      let leader = await this.metadata.leaderOf(topic, partition);
      if (typeof leader === 'string') {
        this.metadata.forget();
        leader = await this.metadata.leaderOf(topic, partition);
      }
      if (leader === 'no_topic') return { outcome: 'refused', reason: `the topic ${topic} does not exist` };
      if (leader === 'no_partition')
        return { outcome: 'refused', reason: `the topic ${topic} has no partition ${partition}` };
      if (leader === 'no_leader')
        return { outcome: 'not_written', reason: `${topic}/${partition} has no leader now` };
      return leader;
    } catch (error) {
      return { outcome: 'not_written', reason: sentenceOf(error) };
    }
  }
}
