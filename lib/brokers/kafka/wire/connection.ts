import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import KafkaEncoder from 'kafkajs/src/protocol/encoder.js';
import { WireReader } from './bytes';
import type { WireRequest } from './requests';

/** The internal objects of kafkajs that are used. Only this file depends on them; a test checks that they exist. */
interface InnerCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(options: { nodeId: string }): Promise<InnerBroker>;
  brokerPool: { findConnectedBroker(): Promise<InnerBroker> };
}

interface InnerBroker {
  connectionPool: {
    destroy(): Promise<void>;
    send<T>(options: {
      request: {
        apiKey: number;
        apiVersion: number;
        apiName: string;
        expectResponse(): boolean;
        encode(): Promise<unknown>;
      };
      response: { decode(raw: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
      requestTimeout?: number;
      logResponseError: boolean;
    }): Promise<T>;
  };
}

/**
 * Sends single requests of Kafka's protocol over kafkajs's own connections, so that TLS and SASL stay its own, and
 * answers with the truth: no retry, no error that hides another. See docs/decisions/0003-kafka-wire.md.
 */
export class WireConnection {
  private readonly cluster: InnerCluster;
  private connected: Promise<void> | undefined;

  constructor(config: KafkaConfig) {
    const kafka = new Kafka({ logLevel: logLevel.NOTHING, retry: { retries: 0 }, ...config });
    this.cluster = createInnerCluster(kafka);
  }

  /** Sends to the broker with this node id. */
  async send<T>(nodeId: number, request: WireRequest<T>, timeoutMs?: number): Promise<T> {
    await this.connect();
    return sendTo(await this.brokerOf(nodeId), request, timeoutMs);
  }

  /** Sends to any broker that is connected. */
  async sendToAny<T>(request: WireRequest<T>, timeoutMs?: number): Promise<T> {
    await this.connect();
    return sendTo(await this.cluster.brokerPool.findConnectedBroker(), request, timeoutMs);
  }

  async close(): Promise<void> {
    await this.connected?.catch(() => undefined);
    await this.cluster.disconnect().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    this.connected ??= this.cluster.connect().then(() => this.cluster.refreshMetadata());
    try {
      await this.connected;
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
  }

  private async brokerOf(nodeId: number): Promise<InnerBroker> {
    try {
      return await this.cluster.findBroker({ nodeId: String(nodeId) });
    } catch (error) {
      // A broker that joined after the last refresh is not in kafkajs's pool yet.
      if (!(error instanceof Error) || error.name !== 'KafkaJSBrokerNotFound') throw error;
      await this.cluster.refreshMetadata();
      return this.cluster.findBroker({ nodeId: String(nodeId) });
    }
  }
}

/** @throws Error when this version of kafkajs does not have the method; the version is pinned for that reason */
export function createInnerCluster(kafka: Kafka): InnerCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    (symbol) => symbol.description === 'private:Kafka:createCluster',
  );
  if (!symbol)
    throw new Error('kafkajs has no private:Kafka:createCluster; Courier needs version 2.2.4 exactly');
  const create = (kafka as unknown as Record<symbol, (options: object) => InnerCluster>)[symbol];
  if (!create)
    throw new Error('kafkajs has no private:Kafka:createCluster; Courier needs version 2.2.4 exactly');
  return create.call(kafka, {
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
  });
}

async function sendTo<T>(broker: InnerBroker, request: WireRequest<T>, timeoutMs?: number): Promise<T> {
  try {
    return await exchange(broker, request, timeoutMs);
  } catch (error) {
    // kafkajs keeps a connection that no longer answers; every later request would wait for nothing as well.
    if (error instanceof Error && error.name === 'KafkaJSRequestTimeoutError')
      await broker.connectionPool.destroy();
    throw error;
  }
}

function exchange<T>(broker: InnerBroker, request: WireRequest<T>, timeoutMs?: number): Promise<T> {
  return broker.connectionPool.send<T>({
    request: {
      apiKey: request.apiKey,
      apiVersion: request.apiVersion,
      apiName: request.apiName,
      expectResponse: () => true,
      encode: () => Promise.resolve(new KafkaEncoder().writeBuffer(request.body)),
    },
    response: {
      decode: (raw) => Promise.resolve(request.read(new WireReader(raw))),
      parse: (decoded) => Promise.resolve(decoded),
    },
    ...(timeoutMs === undefined ? {} : { requestTimeout: timeoutMs }),
    logResponseError: false,
  });
}
