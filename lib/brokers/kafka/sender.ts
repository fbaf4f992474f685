import { groupBy } from '@/lib/values/group-by';
import { sentenceOf } from '@/lib/errors';
import type { OutgoingRecord, SendAnswer, TooLarge } from '@/lib/brokers/broker';
import { CODEC_NAMES } from '@/lib/protocol/codec-names';
import type { KafkaMetadata } from './metadata';
import { classifyCode, classifyError } from './wire/classify';
import { KAFKA_ERROR } from './wire/errors';
import type { KafkaConnections } from './connections';
import { encodeRecordBatch } from './wire/record-batch';
import { produceRequest } from './wire/requests';

/** A request over this size makes a broker close the connection without an answer, so it is refused here. */
const MAX_REQUEST_BYTES = 100 * 1024 * 1024;
/** For a smaller batch no topic is asked for its limit, which is a megabyte by default. */
const ALWAYS_FITS_BYTES = 500_000;

function sentenceOfTooLarge(topic: string, { bytes, limit, codec }: TooLarge): string {
  const packed = codec === 0 ? 'uncompressed' : `compressed with ${CODEC_NAMES[codec] ?? codec}`;
  return `MESSAGE_TOO_LARGE: it is ${bytes} bytes, ${packed}, and ${topic} takes at most ${limit} (max.message.bytes)`;
}

/** Sends records with one produce request per partition, without retries, and returns the outcome of each. */
export class KafkaSender {
  constructor(
    private readonly connections: KafkaConnections,
    private readonly metadata: KafkaMetadata,
    private readonly requestTimeoutMs: number,
    /** The largest batch that a topic takes; null: unknown. */
    private readonly limitOf: (topic: string) => Promise<number | null>,
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
    // One compressed record makes the batch one of its codec: alone it may not fit otherwise.
    const codec = records.find((record) => record.codec)?.codec ?? 0;
    const batch = await encodeRecordBatch(records, Date.now(), codec);
    const size = { bytes: batch.length, codec };
    if (batch.length >= ALWAYS_FITS_BYTES) {
      const tooLarge = await this.compareWithLimit(topic, size);
      if (tooLarge) return { outcome: 'refused', reason: sentenceOfTooLarge(topic, tooLarge) };
    }
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
      const answer = classifyCode(found.error);
      const tooLarge =
        found.error === KAFKA_ERROR.MESSAGE_TOO_LARGE ? await this.compareWithLimit(topic, size) : null;
      return tooLarge ? { ...answer, reason: sentenceOfTooLarge(topic, tooLarge) } : answer;
    } catch (error) {
      this.metadata.forget();
      return classifyError(error);
    }
  }

  /** Whether a record alone is larger than its topic takes; null where it is not, or where the limit is unknown. */
  async whyTooLarge(record: OutgoingRecord): Promise<TooLarge | null> {
    const codec = record.codec ?? 0;
    const { length } = await encodeRecordBatch([record], Date.now(), codec);
    return this.compareWithLimit(record.topic, { bytes: length, codec });
  }

  private async compareWithLimit(
    topic: string,
    size: { bytes: number; codec: number },
  ): Promise<TooLarge | null> {
    const limit = Math.min((await this.limitOf(topic).catch(() => null)) ?? Infinity, MAX_REQUEST_BYTES);
    return size.bytes > limit ? { ...size, limit } : null;
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
