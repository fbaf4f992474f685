import { createHash } from 'node:crypto';
import type { Broker, BrokerRecord, PartitionEnds } from '@/lib/brokers/broker';
import { keyText } from '@/lib/protocol/key-text';
import { positionText } from '@/lib/protocol/position';
import type { NewerState } from './newer-records';

/** A message by where its record is on the topic that it would be sent to again: once, or several times with one content. */
export interface PlacedMessage {
  messageId: string;
  partition: number;
  /** At least one; the first is the original. */
  offsets: bigint[];
}

/** What checks of one dry run may still read, over all partitions. */
export interface Budget {
  bytes: number;
  /** By `performance.now()`. */
  until: number;
}

const FETCH_BYTES = 4_000_000;

/**
 * Finds which messages of one partition have a newer record of the same key with another value, by one scan from the oldest
 * of them to the end. A message whose own record is not there any more was compacted away, by a newer one; if the log
 * begins behind it, not everything behind it can be read.
 */
export async function scanForNewer(
  broker: Pick<Broker, 'fetch'>,
  ends: PartitionEnds,
  placed: readonly PlacedMessage[],
  budget: Budget,
): Promise<Map<string, NewerState>> {
  const scan = new PartitionScan(placed);
  const first = placed
    .flatMap(({ offsets }) => offsets)
    .reduce((least, offset) => (offset < least ? offset : least), ends.end);
  const isWhole = await readTo(broker, ends, first > ends.start ? first : ends.start, budget, (record) => {
    scan.see(record);
    return !scan.isDecided;
  });
  return new Map(
    placed.map((message): [string, NewerState] => {
      const state = scan.stateOf(message);
      const isBehindStart = message.offsets.every((offset) => offset < ends.start);
      return [message.messageId, isWhole && !isBehindStart ? state : { state: 'unread', position: null }];
    }),
  );
}

/**
 * The last record of each of some keys from an offset to the end.
 * @param keys as the texts of `keyText`
 * @returns offsets by key; null if not all could be read
 */
export async function scanForKeys(
  broker: Pick<Broker, 'fetch'>,
  ends: PartitionEnds,
  from: bigint,
  keys: ReadonlySet<string>,
  budget: Budget,
): Promise<Map<string, bigint> | null> {
  const last = new Map<string, bigint>();
  const isWhole = await readTo(broker, ends, from, budget, (record) => {
    const key = keyText(record.key);
    if (key !== undefined && keys.has(key)) last.set(key, record.offset);
    return true;
  });
  return isWhole ? last : null;
}

/**
 * Reads a partition up to its end, or until the visitor has seen enough.
 * @param visit returns whether it needs more
 * @returns whether all that it needed could be read
 */
async function readTo(
  broker: Pick<Broker, 'fetch'>,
  { topic, partition, end }: PartitionEnds,
  from: bigint,
  budget: Budget,
  visit: (record: BrokerRecord) => boolean,
): Promise<boolean> {
  let next = from;
  while (next < end) {
    if (budget.bytes <= 0 || performance.now() > budget.until) return false;
    const [answer] = await broker.fetch([{ topic, partition, offset: next }], {
      maxBytes: FETCH_BYTES,
      waitMs: 0,
    });
    if (!answer || answer.problem || answer.passedOver || answer.gap || answer.next <= next) return false;
    for (const record of answer.records) {
      budget.bytes -= (record.value?.length ?? 0) + (record.key?.length ?? 0);
      if (!visit(record)) return true;
    }
    next = answer.next;
  }
  return true;
}

/** The newest records of the keys of some messages of one partition. */
class PartitionScan {
  private readonly owners: Map<bigint, string>;
  /** Messages whose record was seen: its key in hex (null: none) and its value's digest. */
  private readonly seen = new Map<string, { key: string | null; digest: string }>();
  /** The newest record of each of their keys so far. */
  private readonly newest = new Map<string, { position: string; digest: string }>();

  constructor(placed: readonly PlacedMessage[]) {
    this.owners = new Map(
      placed.flatMap(({ offsets, messageId }) => offsets.map((offset) => [offset, messageId] as const)),
    );
    this.count = placed.length;
  }

  private readonly count: number;

  /** Whether nothing behind can change an answer: every message was seen, and none has a key. */
  get isDecided(): boolean {
    return this.seen.size === this.count && this.newest.size === 0;
  }

  see(record: BrokerRecord): void {
    const owner = this.owners.get(record.offset);
    const isOwn = owner !== undefined && !this.seen.has(owner);
    if (record.key === null) {
      if (isOwn) this.seen.set(owner, { key: null, digest: '' });
      return;
    }
    const key = record.key.toString('hex');
    if (!isOwn && !this.newest.has(key)) return;
    const digest = digestOf(record.value);
    if (isOwn) this.seen.set(owner, { key, digest });
    this.newest.set(key, { position: positionText(record), digest });
  }

  stateOf({ messageId }: PlacedMessage): NewerState {
    const own = this.seen.get(messageId);
    if (!own) return { state: 'newer', position: null };
    const newest = own.key === null ? undefined : this.newest.get(own.key);
    // The same content again takes nothing away, as where the message was sent again before.
    if (!newest || newest.digest === own.digest) return { state: 'none', position: null };
    return { state: 'newer', position: newest.position };
  }
}

/** A tombstone differs from an empty value. */
function digestOf(value: Buffer | null): string {
  return value === null ? '' : createHash('sha256').update(value).digest('base64');
}
