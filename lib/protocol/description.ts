import { MESSAGE_KINDS, type MessageDescription, type MessageKind } from './fact';
import { HEADER } from './headers';
import { keyText } from './key-text';

/** What a description is read from. */
export interface DescribedRecord {
  /** The topic that the message was published to. */
  topic: string;
  key: Uint8Array | null;
  /** Bytes of its value. */
  size: number;
  /** Value of a header as text; the last one where a name repeats. */
  header(name: string): string | undefined;
  /** Whether its `courier-` headers were copied from another message, so that they do not describe this one. */
  isForwarded: boolean;
}

/**
 * Describes the message of a record: from the headers of Courier's SDK, else from those of CloudEvents
 * (Kafka protocol binding 1.0.2, section 3.2.3), else from its key and size alone.
 */
export function describeRecord(record: DescribedRecord): MessageDescription {
  const header = (name: string): string | undefined => record.header(name) || undefined;
  const own = (name: string): string | undefined => (record.isForwarded ? undefined : header(name));
  const kind = own(HEADER.kind);
  const description: { [Field in keyof MessageDescription]: MessageDescription[Field] | undefined } = {
    topic: record.topic,
    size: record.size,
    key: keyText(record.key),
    type: own(HEADER.type) ?? header('ce_type'),
    version: own(HEADER.version),
    service: own(HEADER.service) ?? header('ce_source'),
    kind: MESSAGE_KINDS.find((known): known is MessageKind => known === kind),
    sentAt: own(HEADER.time),
    producerId: own(HEADER.producerId) ?? header('ce_id'),
    traceId: traceIdOf(header(HEADER.traceparent)),
  };
  return Object.fromEntries(
    Object.entries(description).filter(([, value]) => value !== undefined),
  ) as unknown as MessageDescription;
}

/** The trace id of a `traceparent` (W3C Trace Context, section 3.2); undefined where it has none. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent ?? '')?.[1];
}
