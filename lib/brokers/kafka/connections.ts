import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelError } from '@/lib/kafka-client/connect/channel';
import { KafkaConnectError } from '@/lib/kafka-client/connect/connect-error';
import {
  explainClosed,
  openConnection,
  type ConnectionOptions,
  type KafkaConnection,
} from '@/lib/kafka-client/connect/connection';
import { firstAnswer, NEXT_ADDRESS_MS } from '@/lib/kafka-client/connect/first-answer';
import { addressText, type KafkaAddress } from '@/lib/kafka-client/settings/address';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

/** Idle connections are closed before brokers and load balancers close them, which would go unnoticed. */
const MAX_IDLE_MS = 150_000;
const SWEEP_MS = 30_000;
/** A node that failed is asked last for this long. */
const SUSPECT_MS = 30_000;
/** A node that left a request without an answer gets only the short time for as long as this. */
const SILENT_MS = 5_000;
const SHORT_WAIT_MS = 1_000;
/** How long one broker may take before another one is asked beside it. */
const NEXT_BROKER_MS = 1_000;
const FETCH_KEY = 1;

/**
 * Which requests share a connection. A broker answers those of one connection in their order: what waits for records would
 * hold up whatever comes after it, so each reader that waits has a lane of its own.
 */
type Lane = 'other' | 'fetch' | `fetch of ${string}`;

/** A broker of the cluster, as its metadata name it. */
export interface ClusterNode {
  nodeId: number;
  host: string;
  port: number;
}

/** The connections of one cluster: by node, and to any node by bootstrap addresses. Nothing is sent twice. */
export class KafkaConnections {
  private readonly open = new Map<string, Promise<KafkaConnection>>();
  private nodes = new Map<number, KafkaAddress>();
  private readonly suspectUntil = new Map<string, number>();
  private readonly silentUntil = new Map<string, number>();
  private readonly sweeper: NodeJS.Timeout;
  private isClosed = false;

  constructor(
    readonly seeds: readonly KafkaAddress[],
    readonly options: ConnectionOptions,
  ) {
    this.sweeper = setInterval(() => void this.closeIdle(), SWEEP_MS);
    this.sweeper.unref();
  }

  /** The brokers that the cluster has now. */
  learn(nodes: readonly ClusterNode[]): void {
    if (nodes.length > 0)
      this.nodes = new Map(nodes.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
  }

  knows(nodeId: number): boolean {
    return this.nodes.has(nodeId);
  }

  /** Sends to one broker, once. @throws KafkaConnectError (nothing was sent), ChannelError (it may have been) */
  async send<T>(nodeId: number, request: WireRequest<T>, lane: Lane = laneOf(request)): Promise<T> {
    return this.exchange(await this.connectionTo(nodeId, lane), request);
  }

  /** A connection to one broker, to see what it supports. */
  connectionTo(nodeId: number, lane: Lane = 'other'): Promise<KafkaConnection> {
    const address = this.nodes.get(nodeId);
    if (!address) return Promise.reject(new Error(`the cluster has no broker ${nodeId} now`));
    return this.connect(`${lane} ${addressText(address)}`, () => this.openNode(nodeId, address));
  }

  /**
   * Sends to any broker, the likeliest first, until one answers; the next is asked beside one that is silent. For requests
   * that may be sent twice.
   */
  sendToAny<T>(request: WireRequest<T>, timeoutMs?: number): Promise<T> {
    const send = async (open: () => Promise<KafkaConnection>) =>
      this.exchange(await open(), request, timeoutMs);
    return firstAnswer(this.candidates(), send, NEXT_BROKER_MS);
  }

  /** Whether the broker that is asked next supports a request. */
  anySupports(request: WireRequest<unknown>): Promise<boolean> {
    const ask = async (open: () => Promise<KafkaConnection>) => (await open()).supports(request);
    return firstAnswer(this.candidates(), ask, NEXT_BROKER_MS);
  }

  /**
   * Sends a request that may be sent twice to one broker. One that left a request without an answer before gets little time
   * until it answers again, so that a frozen broker does not hold up what the others have.
   * @param waitMs that the broker itself may take before it answers @param reader see `FetchOptions`
   * @throws as `send` does, and ChannelError after that time
   */
  async sendRead<T>(
    nodeId: number,
    request: WireRequest<T>,
    { waitMs = 0, reader }: { waitMs?: number; reader?: string | undefined } = {},
  ): Promise<T> {
    const lane = reader === undefined ? laneOf(request) : (`fetch of ${reader}` as const);
    const address = this.nodes.get(nodeId);
    const until = (address && this.silentUntil.get(addressText(address))) ?? 0;
    if (!address || until < performance.now()) return this.send(nodeId, request, lane);
    const timer = new AbortController();
    const patience = SHORT_WAIT_MS + waitMs;
    const tooLong = sleep(patience, undefined, { signal: timer.signal, ref: false }).then(() => {
      this.silentUntil.set(addressText(address), performance.now() + SILENT_MS);
      throw new ChannelError(
        'silent',
        `broker ${nodeId} did not answer before, nor now within ${patience} ms`,
      );
    });
    try {
      return await Promise.race([this.send(nodeId, request, lane), tooLong]);
    } finally {
      timer.abort();
      tooLong.catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.sweeper);
    const open = [...this.open.values()];
    this.open.clear();
    for (const connection of await Promise.allSettled(open)) {
      if (connection.status === 'fulfilled') connection.value.close();
    }
  }

  /** Ways to a broker, the likeliest first: connected nodes, other nodes, bootstrap addresses, nodes that failed lately. */
  private candidates(): (() => Promise<KafkaConnection>)[] {
    const now = performance.now();
    const ranked = [...this.nodes]
      .map(([nodeId, address]) => ({
        isSuspect: (this.suspectUntil.get(addressText(address)) ?? 0) > now,
        isConnected: this.open.has(`other ${addressText(address)}`),
        open: () => this.connectionTo(nodeId),
      }))
      .sort((a, b) => Number(b.isConnected) - Number(a.isConnected));
    return [
      ...ranked.filter((node) => !node.isSuspect).map((node) => node.open),
      () => this.connect('other seed', () => this.openFirstSeed()),
      ...ranked.filter((node) => node.isSuspect).map((node) => node.open),
    ];
  }

  /** @throws KafkaConnectError advertisedUnknown or advertisedUnreachable where the cluster itself named the address */
  private async openNode(nodeId: number, address: KafkaAddress): Promise<KafkaConnection> {
    const text = addressText(address);
    try {
      return await openConnection(address, this.options);
    } catch (error) {
      this.suspectUntil.set(text, performance.now() + SUSPECT_MS);
      const isGiven = this.seeds.some((seed) => addressText(seed) === text);
      if (isGiven || !(error instanceof KafkaConnectError) || !/^(name|port)/.test(error.code)) throw error;
      const code = error.code === 'nameUnknown' ? 'advertisedUnknown' : 'advertisedUnreachable';
      const values = { id: String(nodeId), address: text, code: error.values.code ?? error.message };
      throw new KafkaConnectError(code, values, { cause: error });
    }
  }

  private openFirstSeed(): Promise<KafkaConnection> {
    return firstAnswer(
      this.seeds,
      (address) => openConnection(address, this.options),
      NEXT_ADDRESS_MS,
      (connection) => connection.close(),
    );
  }

  /** A connection that is open, or a new one; one whose session is nearly over is replaced and ends with its last answer. */
  private async connect(key: string, open: () => Promise<KafkaConnection>): Promise<KafkaConnection> {
    if (this.isClosed) throw new Error('the connections to this cluster are closed');
    const known = this.open.get(key);
    if (known) {
      const connection = await known;
      const isDue = connection.renewAt !== null && performance.now() > connection.renewAt;
      if (connection.isOpen && !isDue) return connection;
      if (this.open.get(key) === known) {
        this.open.delete(key);
        if (!connection.isBusy) connection.close();
        else setTimeout(() => connection.close(), this.options.requestTimeoutMs).unref();
      }
      return this.connect(key, open);
    }
    const opening = open();
    this.open.set(key, opening);
    opening.catch(() => {
      if (this.open.get(key) === opening) this.open.delete(key);
    });
    return opening;
  }

  private async exchange<T>(
    connection: KafkaConnection,
    request: WireRequest<T>,
    timeoutMs?: number,
  ): Promise<T> {
    const isFirst = !connection.hasAnswered;
    try {
      const answer = await connection.send(request, timeoutMs);
      this.silentUntil.delete(addressText(connection.address));
      return answer;
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.suspectUntil.set(addressText(connection.address), performance.now() + SUSPECT_MS);
      if (error.failure === 'silent')
        this.silentUntil.set(addressText(connection.address), performance.now() + SILENT_MS);
      // A listener that requires a sign-in closes at the first request, of which it has processed nothing. Behind an answer
      // the reason is another, and what was sent may have been processed.
      const known =
        error.failure === 'closed' && isFirst ? await explainClosed(connection.address, this.options) : null;
      throw known ?? error;
    }
  }

  private async closeIdle(): Promise<void> {
    for (const [key, opening] of this.open) {
      const connection = await opening.catch(() => null);
      if (!connection || connection.idleMs < MAX_IDLE_MS) continue;
      if (this.open.get(key) === opening) this.open.delete(key);
      connection.close();
    }
  }
}

function laneOf(request: WireRequest<unknown>): Lane {
  return request.apiKey === FETCH_KEY ? 'fetch' : 'other';
}
