import { IntakeError } from './http';

export type HeaderList = [name: string, value: Buffer | null][];

export interface OutgoingRecord {
  topic: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: HeaderList;
}

export interface ReceivedRecord extends OutgoingRecord {
  partition: number;
  /** Decimal text. */
  offset: string;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** What became of one send. `refused` will be refused again; after `unknown` the record may be stored. */
export type SendResult = (
  | { outcome: 'committed'; partition: number; offset: string }
  | { outcome: 'refused' | 'not_written' | 'unknown'; error: Error }
) & {
  /** Of a batch of facts: those that the intake refused permanently, since they belong to another service. */
  refusedFacts?: { place: string; reason: string }[];
};

export interface ConsumeOptions {
  group: string;
  topics: string[];
  fromBeginning: boolean;
  /** Hands records over in order; must return soon. `done` are offsets that an earlier commit names as handled. */
  onRecords(topic: string, partition: number, records: ReceivedRecord[], done: ReadonlySet<string>): void;
  /** The partition is read by another member now; nothing may be committed for it any more. */
  onRevoked(topic: string, partition: number): void;
  /** The consumer ended or can't reach its broker; it tries again by itself. */
  onFailed(thrown: unknown): void;
  /** The consumer has joined its group and reads. */
  onReads(): void;
}

/** One running consumer. */
export interface Consumption {
  readonly member: string;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  commit(topic: string, partition: number, offset: string, metadata: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Whether a request failed because the other side is away or busy, so that the same request may succeed later: no answer,
 * a status that means so, or a broker's error that kafkajs calls retriable.
 */
export function isTemporary(thrown: unknown): boolean {
  if (thrown instanceof IntakeError) return thrown.status >= 500 || BUSY.has(thrown.status);
  if (!(thrown instanceof Error)) return false;
  if (thrown.name === 'TimeoutError' || thrown.message === 'fetch failed') return true;
  if (/^KafkaJS(Connection|NumberOfRetries|RequestTimeout|BrokerNotFound)/.test(thrown.name)) return true;
  return 'retriable' in thrown && thrown.retriable === true;
}

const REBALANCE = new Set([
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
]);

/** Whether a commit failed because the group's partitions are being divided anew, which is no fault. */
export function isRebalance(thrown: unknown): boolean {
  if (thrown instanceof IntakeError) return thrown.status === 409;
  return thrown instanceof Error && 'type' in thrown && REBALANCE.has(String(thrown.type));
}

/** Request timeout, too early, too many requests. */
const BUSY = new Set([408, 425, 429]);

/** How the SDK reaches the broker: kafkajs, or HTTP to the intake for the embedded broker. */
export interface Transport {
  /** Creates topics that do not exist. */
  createTopics(topics: { name: string; partitions: number }[]): Promise<void>;
  /** Number of partitions of topics that exist. */
  partitionsOf(topics: string[]): Promise<Map<string, number>>;
  /** Sends one record once. */
  send(record: OutgoingRecord): Promise<SendResult>;
  /** As `send`, by a producer of its own, so that facts never wait behind messages nor messages behind facts. */
  sendFacts(record: OutgoingRecord): Promise<SendResult>;
  consume(options: ConsumeOptions): Promise<Consumption>;
  close(): Promise<void>;
}

/** Offsets beyond the commit that are handled already, as the commit's metadata: `done:7,9-12`, at most 4,000 characters. */
export function encodeDone(offsets: Iterable<bigint>): string {
  const sorted = [...offsets].sort((a, b) => (a < b ? -1 : 1));
  const ranges: [bigint, bigint][] = [];
  for (const offset of sorted) {
    const last = ranges.at(-1);
    if (last && offset === last[1] + 1n) last[1] = offset;
    else ranges.push([offset, offset]);
  }
  let text = '';
  for (const [from, to] of ranges) {
    const next = from === to ? `${from}` : `${from}-${to}`;
    // What does not fit is handled a second time after a restart, never lost.
    if (text.length + next.length > 4_000) break;
    text += text === '' ? `done:${next}` : `,${next}`;
  }
  return text;
}

/** The reverse of `encodeDone`; anything else means that nothing is known to be done. */
export function decodeDone(metadata: string | null | undefined): Set<string> {
  const done = new Set<string>();
  if (!metadata?.startsWith('done:')) return done;
  for (const part of metadata.slice('done:'.length).split(',')) {
    const [from = '', to = from] = part.split('-');
    if (!/^\d+$/.test(from) || !/^\d+$/.test(to)) return new Set();
    for (let offset = BigInt(from); offset <= BigInt(to) && done.size < 100_000; offset += 1n)
      done.add(offset.toString());
  }
  return done;
}

/** What was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(String(thrown));
  // The message `fetch failed` has no details; its cause has.
  if (thrown.message === 'fetch failed' && thrown.cause instanceof Error)
    return new Error(`no answer: ${thrown.cause.message}`, { cause: thrown.cause });
  return thrown;
}
