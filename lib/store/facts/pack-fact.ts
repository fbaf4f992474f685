import type { Fact, FactKind, MessageDescription } from '@/lib/protocol/fact';
import type { Column } from '../sql/rows';

/** Numbers of the kinds as stored; they never change. */
const KINDS: readonly FactKind[] = [
  'committed',
  'indexed',
  'send_failed',
  'started',
  'handled',
  'handle_failed',
  'push_failed',
  'skipped',
  'dead_lettered',
  'expected',
  'overdue',
];
export const KIND_NUMBER = Object.fromEntries(KINDS.map((kind, at) => [kind, at + 1])) as Record<
  FactKind,
  number
>;

/** Names by which a fact's source is known. */
const ORIGIN_NAMES = ['service', 'release', 'host', 'process', 'member'] as const;
/** Names of a description that a shape has. */
export const SHAPE_NAMES = ['type', 'version', 'service', 'kind'] as const;

/** Numbers that a fact's names have in the store. */
export interface FactNumbers {
  topicOf(name: string | undefined): number | null;
  groupOf(name: string | undefined): number | null;
  shapeOf(description: MessageDescription): { id: number; isOverflow: boolean };
  originOf(fact: Fact): { id: number; isOverflow: boolean };
  receivedAtOf(fact: Fact): Date;
  sourceOf(fact: Fact): string;
}

/** Columns of `fact`. Whatever has no column is JSON in `rest`, so that `unpackFact` gives the fact as it was reported. */
export function factColumns(numbers: FactNumbers): Column<Fact>[] {
  return [
    { name: 'message_id', type: 'uuid', of: (fact) => fact.messageId },
    { name: 'fact_id', type: 'uuid', of: (fact) => fact.factId },
    { name: 'at', type: 'timestamptz', of: (fact) => fact.at },
    { name: 'received_at', type: 'timestamptz', of: (fact) => numbers.receivedAtOf(fact) },
    { name: 'started_at', type: 'timestamptz', of: (fact) => fact.startedAt },
    { name: 'sent_at', type: 'timestamptz', of: (fact) => fact.message?.sentAt },
    { name: '"offset"', type: 'bigint', of: (fact) => fact.position?.offset },
    { name: 'trace', type: 'uuid', of: (fact) => uuidOfTrace(fact.message?.traceId) },
    { name: 'group_id', type: 'int', of: (fact) => numbers.groupOf(fact.group) },
    { name: 'origin_id', type: 'int', of: (fact) => numbers.originOf(fact).id },
    { name: 'shape_id', type: 'int', of: (fact) => (fact.message ? numbers.shapeOf(fact.message).id : null) },
    { name: 'topic_id', type: 'int', of: (fact) => numbers.topicOf(fact.position?.topic) },
    { name: 'partition', type: 'int', of: (fact) => fact.position?.partition },
    { name: 'duration_ms', type: 'int', of: (fact) => fact.durationMs },
    { name: 'size', type: 'int', of: (fact) => fact.message?.size },
    { name: 'generation', type: 'int', of: (fact) => fact.generation },
    { name: 'attempt', type: 'int', of: (fact) => fact.attempt },
    { name: 'kind', type: 'smallint', of: (fact) => KIND_NUMBER[fact.kind] },
    { name: 'key', type: 'text', of: (fact) => fact.message?.key },
    { name: 'rest', type: 'text', of: (fact) => restOf(fact, numbers) },
  ];
}

/** A trace id of 32 hexadecimal digits in lower case as the 16 bytes that it is; null for any other. */
export function uuidOfTrace(traceId: string | undefined): string | null {
  if (traceId?.length !== 32 || !/^[0-9a-f]{32}$/.test(traceId)) return null;
  return [
    traceId.slice(0, 8),
    traceId.slice(8, 12),
    traceId.slice(12, 16),
    traceId.slice(16, 20),
    traceId.slice(20),
  ].join('-');
}

/** Whether an offset is written as a number is, so that a column returns the same text. */
const isPlain = (offset: string) => offset === '0' || !offset.startsWith('0');

/** Names of a description that its shape does not return: all of an overflow, and empty ones. */
function unnamed(description: MessageDescription, isOverflow: boolean): Partial<MessageDescription> {
  const left: Partial<Record<keyof MessageDescription, string>> = {};
  for (const name of SHAPE_NAMES) {
    const value = description[name];
    if (value !== undefined && (isOverflow || value === '')) left[name] = value;
  }
  return left as Partial<MessageDescription>;
}

/** JSON in `fact.rest`. */
type FactRest = Partial<Omit<Fact, 'message'>> & {
  message?: Partial<MessageDescription>;
  /** Where its origin is an overflow. */
  source?: string;
};

function restOf(fact: Fact, numbers: FactNumbers): string | null {
  const rest: FactRest = {};
  let isEmpty = true;
  const { message, position } = fact;
  const { isOverflow } = numbers.originOf(fact);
  for (const name of ORIGIN_NAMES) {
    const value = fact[name];
    if (value === undefined || (value !== '' && !isOverflow)) continue;
    rest[name] = value;
    isEmpty = false;
  }
  if (isOverflow) rest.source = numbers.sourceOf(fact);
  if (message) {
    const left = unnamed(message, numbers.shapeOf(message).isOverflow);
    if (message.traceId !== undefined && uuidOfTrace(message.traceId) === null)
      left.traceId = message.traceId;
    if (message.producerId !== undefined) left.producerId = message.producerId;
    if (Object.keys(left).length > 0) {
      rest.message = left;
      isEmpty = false;
    }
  }
  if (position && !isPlain(position.offset)) {
    rest.position = position;
    isEmpty = false;
  }
  for (const name of REST_NAMES) {
    if (fact[name] === undefined) continue;
    (rest as Record<string, unknown>)[name] = fact[name];
    isEmpty = false;
  }
  return isEmpty && !isOverflow ? null : JSON.stringify(rest);
}

/** Fields of a fact without a column of their own. */
const REST_NAMES = [
  'error',
  'nextTryAt',
  'gaveUp',
  'retryId',
  'held',
  'mayBeStored',
  'idHeaders',
  'reason',
] as const;

/** A row of `fact_read`: a fact with names for its numbers; `body` is the whole fact where the former tables have it. */
export interface FactSqlRow {
  message_id: string;
  fact_id: string;
  at: Date;
  received_at: Date;
  kind: number;
  group_name: string | null;
  topic: string | null;
  partition: number | null;
  offset: string | null;
  source: string;
  service: string;
  host: string;
  release: string;
  process: string;
  member: string;
  generation: number | null;
  attempt: number | null;
  started_at: Date | null;
  duration_ms: number | null;
  is_described: boolean;
  message_topic: string | null;
  type: string | null;
  version: string | null;
  message_service: string | null;
  message_kind: string | null;
  sent_at: Date | null;
  size: number | null;
  trace: string | null;
  key: string | null;
  rest: string | null;
  body: string | null;
}

/** Columns of `fact_read f` for `unpackFact`, with the tables of names that `FACT_NAMES` joins. */
export const FACT_COLUMNS = `f.message_id, f.fact_id, f.at, f.received_at, f.kind, g.name AS group_name, t.name AS topic, f.partition,
  f."offset", f.source, f.service, f.host, f.release, f.process, f.member, f.generation, f.attempt, f.started_at, f.duration_ms,
  f.is_described, mt.name AS message_topic, f.type, f.version, f.message_service, f.message_kind, f.sent_at, f.size, f.trace, f.key,
  f.rest, f.body`;
export const FACT_NAMES = `LEFT JOIN consumer_group g ON g.id = f.group_id LEFT JOIN topic t ON t.id = f.topic_id
  LEFT JOIN topic mt ON mt.id = f.message_topic_id`;

/** The fact of a row, as it was reported. */
export function unpackFact(row: FactSqlRow): Fact {
  if (row.body !== null) return JSON.parse(row.body) as Fact;
  const rest = (row.rest === null ? {} : JSON.parse(row.rest)) as Partial<Fact>;
  const text = (value: string) => (value === '' ? undefined : value);
  const fact: { [Name in keyof Fact]: Fact[Name] | undefined } = {
    factId: row.fact_id,
    kind: KINDS[row.kind - 1] ?? 'committed',
    messageId: row.message_id,
    at: row.at.toISOString(),
    message: row.is_described ? descriptionOf(row, rest.message) : undefined,
    position: rest.position ?? positionOf(row),
    group: row.group_name ?? undefined,
    generation: row.generation ?? undefined,
    attempt: row.attempt ?? undefined,
    startedAt: row.started_at?.toISOString(),
    durationMs: row.duration_ms ?? undefined,
    service: rest.service ?? text(row.service),
    release: rest.release ?? text(row.release),
    host: rest.host ?? text(row.host),
    process: rest.process ?? text(row.process),
    member: rest.member ?? text(row.member),
    error: rest.error,
    nextTryAt: rest.nextTryAt,
    gaveUp: rest.gaveUp,
    retryId: rest.retryId,
    held: rest.held,
    mayBeStored: rest.mayBeStored,
    idHeaders: rest.idHeaders,
    reason: rest.reason,
  };
  return defined(fact) as unknown as Fact;
}

/** By which way the fact of a row came. */
export function sourceOfRow(row: Pick<FactSqlRow, 'source' | 'rest'>): string {
  if (row.source !== '' || row.rest === null) return row.source;
  return (JSON.parse(row.rest) as FactRest).source ?? '';
}

function descriptionOf(row: FactSqlRow, rest: Partial<MessageDescription> | undefined): MessageDescription {
  const text = (value: string | null) => (value === null || value === '' ? undefined : value);
  return defined({
    topic: row.message_topic ?? '',
    type: rest?.type ?? text(row.type),
    version: rest?.version ?? text(row.version),
    service: rest?.service ?? text(row.message_service),
    kind: rest?.kind ?? text(row.message_kind),
    key: row.key ?? undefined,
    sentAt: row.sent_at?.toISOString(),
    size: row.size ?? undefined,
    traceId: rest?.traceId ?? row.trace?.replaceAll('-', ''),
    producerId: rest?.producerId,
  }) as unknown as MessageDescription;
}

function positionOf({ topic, partition, offset }: FactSqlRow): Fact['position'] {
  return topic === null || partition === null || offset === null ? undefined : { topic, partition, offset };
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
