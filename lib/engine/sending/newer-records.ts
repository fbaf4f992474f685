import type { Broker, BrokerRecord } from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';

/** A message by its position on the topic that it would be sent to again. */
export interface PlacedMessage {
  messageId: string;
  partition: number;
  offset: bigint;
}

/**
 * What is behind a message on its topic. `newer`: a record of the same key, so that the message would become the newest one
 * of its key. `unread`: not all of the topic could be read, which counts as newer.
 */
export type NewerState = 'none' | 'newer' | 'unread';

/** Most bytes of one check, over all partitions. */
export const MAX_CHECK_BYTES = 100 * 1024 * 1024;
const MAX_CHECK_MS = 20_000;
const FETCH_BYTES = 4_000_000;

/**
 * Finds messages of a compacted topic that have a newer record of the same key, by one scan of each partition from the
 * oldest of them to the end. A message whose own record left the log was compacted away, by a newer one.
 * @param maxBytes that the scan may read
 */
export async function findNewerRecords(
  broker: Pick<Broker, 'logEnds' | 'fetch'>,
  topic: string,
  messages: readonly PlacedMessage[],
  maxBytes = MAX_CHECK_BYTES,
): Promise<Map<string, NewerState>> {
  const states = new Map<string, NewerState>(messages.map(({ messageId }) => [messageId, 'unread']));
  const { known } = await broker.logEnds([topic]);
  const budget = { bytes: maxBytes, until: performance.now() + MAX_CHECK_MS };
  for (const [partition, placed] of groupBy(messages, (message) => message.partition)) {
    const ends = known.find((item) => item.partition === partition);
    if (!ends) continue;
    const scan = new PartitionScan(placed);
    const first = placed.reduce((least, { offset }) => (offset < least ? offset : least), ends.end);
    const isWhole = await readTo(
      broker,
      { topic, partition, offset: first > ends.start ? first : ends.start },
      ends.end,
      budget,
      (record) => scan.see(record),
    );
    for (const { messageId } of placed) states.set(messageId, isWhole ? scan.stateOf(messageId) : 'unread');
  }
  return states;
}

/** Reads a partition up to an end. @returns whether all of it could be read */
async function readTo(
  broker: Pick<Broker, 'fetch'>,
  from: { topic: string; partition: number; offset: bigint },
  end: bigint,
  budget: { bytes: number; until: number },
  see: (record: BrokerRecord) => void,
): Promise<boolean> {
  let next = from.offset;
  while (next < end) {
    if (budget.bytes <= 0 || performance.now() > budget.until) return false;
    const [answer] = await broker.fetch([{ ...from, offset: next }], { maxBytes: FETCH_BYTES, waitMs: 0 });
    if (!answer || answer.problem || answer.passedOver || answer.next <= next) return false;
    for (const record of answer.records) {
      budget.bytes -= (record.value?.length ?? 0) + (record.key?.length ?? 0);
      see(record);
    }
    next = answer.next;
  }
  return true;
}

/** Which of some messages of one partition had a later record of their key. */
class PartitionScan {
  private readonly byOffset: Map<bigint, string>;
  /** The chosen messages that are the newest of their key so far, by the key in hex. */
  private readonly newest = new Map<string, string>();
  private readonly seen = new Set<string>();
  private readonly overtaken = new Set<string>();

  constructor(placed: readonly PlacedMessage[]) {
    this.byOffset = new Map(placed.map(({ offset, messageId }) => [offset, messageId]));
  }

  see(record: BrokerRecord): void {
    if (record.key === null) return;
    const key = record.key.toString('hex');
    const before = this.newest.get(key);
    if (before !== undefined) this.overtaken.add(before);
    const messageId = this.byOffset.get(record.offset);
    if (messageId === undefined) return;
    this.seen.add(messageId);
    this.newest.set(key, messageId);
  }

  stateOf(messageId: string): NewerState {
    return this.seen.has(messageId) && !this.overtaken.has(messageId) ? 'none' : 'newer';
  }
}
