import { randomBytes } from 'node:crypto';
import { traceIdOf } from '../protocol/description';
import { keyText } from '../protocol/key-text';
import { type MessageDescription, type MessageKind } from '../protocol/fact';
import { HEADER } from '../protocol/headers';
import { factErrorOf, type FactReporter } from './facts';
import type { Identity } from './identity';
import { optional } from './message';
import type { HeaderList, OutgoingRecord, SendResult, Transport } from './transport';
import { newUuidV7 } from '../protocol/uuid';

export interface PublishInput {
  topic: string;
  type: string;
  /** JSON value, text or bytes. `null` sends no payload (a tombstone). */
  payload: unknown;
  key?: string | Buffer | null;
  version?: string | number;
  kind?: MessageKind;
  /** Your own id of the message; it can be searched for. */
  producerId?: string;
  /** Added after Courier's own, in this order. */
  headers?: Record<string, string> | [name: string, value: string | Buffer][];
  /** W3C trace context to continue; otherwise a new trace begins. */
  traceparent?: string;
}

export interface Published {
  id: string;
  topic: string;
  partition: number;
  offset: string;
}

/** The broker refused the message or did not answer. The error has the message's id. */
export class PublishError extends Error {
  override readonly name = 'PublishError';

  constructor(
    message: string,
    readonly id: string,
    /** `refused`, `not_written`, or `unknown`: then a copy may be on the topic. */
    readonly outcome: 'refused' | 'not_written' | 'unknown',
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TRIES = 4;
const FIRST_WAIT_MS = 200;

/** Sends a message at least once: several tries under one id, each failed one reported. */
export async function publish(
  transport: Pick<Transport, 'send'>,
  facts: FactReporter,
  identity: Identity,
  input: PublishInput,
): Promise<Published> {
  const { record, description, id } = prepare(identity, input);
  let last: Exclude<SendResult, { outcome: 'committed' }> | undefined;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const startedAt = new Date();
    const again: HeaderList = attempt > 1 ? [[HEADER.publishAttempt, Buffer.from(String(attempt))]] : [];
    const result = await transport.send({ ...record, headers: [...record.headers, ...again] });
    const durationMs = Date.now() - startedAt.getTime();
    const common = {
      messageId: id,
      message: description,
      attempt,
      startedAt: startedAt.toISOString(),
      durationMs,
    };
    if (result.outcome === 'committed') {
      const { partition, offset } = result;
      facts.report({ kind: 'committed', ...common, position: { topic: input.topic, partition, offset } });
      return { id, topic: input.topic, partition, offset };
    }
    last = result;
    const goesOn = result.outcome !== 'refused' && attempt < TRIES;
    const waitMs = FIRST_WAIT_MS * 2 ** (attempt - 1);
    facts.report({
      kind: 'send_failed',
      ...common,
      error: factErrorOf(result.error),
      held: false,
      ...(result.outcome === 'unknown' ? { mayBeStored: true } : {}),
      ...(goesOn ? { nextTryAt: new Date(Date.now() + waitMs).toISOString() } : {}),
    });
    if (!goesOn) break;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  const outcome = last?.outcome ?? 'unknown';
  throw new PublishError(
    `${input.topic} did not take ${input.type} ${id} (${outcome}): ${last?.error.message ?? ''}`,
    id,
    outcome,
    {
      cause: last?.error,
    },
  );
}

function prepare(identity: Identity, input: PublishInput) {
  if (!input.topic || !input.type) {
    throw new TypeError(
      `publish needs a topic and a type; topic is ${JSON.stringify(input.topic)}, type is ${JSON.stringify(input.type)}`,
    );
  }
  const id = newUuidV7();
  const sentAt = new Date().toISOString();
  const traceparent =
    input.traceparent ?? `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
  const version = String(input.version ?? 1);
  const kind = input.kind ?? 'event';
  const own: Record<string, string | undefined> = {
    [HEADER.id]: id,
    [HEADER.topic]: input.topic,
    [HEADER.type]: input.type,
    [HEADER.version]: version,
    [HEADER.service]: identity.service,
    [HEADER.kind]: kind,
    [HEADER.time]: sentAt,
    [HEADER.producerId]: input.producerId,
    [HEADER.traceparent]: traceparent,
  };
  const added = Array.isArray(input.headers) ? input.headers : Object.entries(input.headers ?? {});
  const headers: HeaderList = [
    ...Object.entries(own).flatMap(([name, value]): HeaderList =>
      value === undefined ? [] : [[name, Buffer.from(value)]],
    ),
    // Headers forwarded from another message would give this one the other's identity.
    ...added
      .filter(([name]) => !name.startsWith('courier-') && name !== HEADER.traceparent)
      .map(([name, value]): [string, Buffer] => [name, Buffer.isBuffer(value) ? value : Buffer.from(value)]),
  ];
  const value = bytesOf(input.payload);
  const key = input.key === undefined || input.key === null ? null : Buffer.from(input.key as string);
  const record: OutgoingRecord = { topic: input.topic, key, value, headers };
  const description: MessageDescription = {
    topic: input.topic,
    type: input.type,
    service: identity.service,
    kind,
    sentAt,
    size: value?.length ?? 0,
    version,
    ...optional('key', keyText(key)),
    ...optional('producerId', input.producerId),
    ...optional('traceId', traceIdOf(traceparent)),
  };
  return { record, description, id };
}

function bytesOf(payload: unknown): Buffer | null {
  if (payload === null || payload === undefined) return null;
  if (Buffer.isBuffer(payload)) return payload;
  if (payload instanceof Uint8Array) return Buffer.from(payload);
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}
