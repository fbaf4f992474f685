import type { Pool } from 'pg';
import type { Broker, ConnectionFindings } from './broker';

/** What an adapter needs to open one cluster. */
export interface OpenOptions {
  /** The cluster's name in Courier. */
  cluster: string;
  addresses: string[];
  /** Settings of the broker's own clients, by name. */
  properties: Record<string, string>;
  requestTimeoutMs: number;
  /** A batch of records that unpacks to more bytes than this is skipped. */
  maxBatchBytes: number;
  /** How long the tracking store keeps messages. */
  retentionMs: number;
  /** The tracking store, for a broker that keeps its records there. */
  store: Pool;
}

/**
 * A kind of message broker, found by the scheme of its addresses in `COURIER_BROKERS`. The settings read this before
 * anything is connected, so its file loads the client library in `open` alone.
 */
export interface Adapter {
  /** Without the colon. */
  scheme: string;
  /** The form of an address, for error messages. */
  form: string;
  /** Name of a cluster that is given none. */
  defaultCluster: string;
  /** How many clusters of one Courier may use it. */
  maxClusters: number;
  /** @returns the addresses in the text after the scheme's colon, or what is wrong with it */
  addressesOf(text: string): string[] | { problem: string };
  /** What cannot work about a cluster's addresses and settings, each as a sentence; no file is opened. */
  problemsOf(addresses: string[], properties: Record<string, string>): string[];
  open(options: OpenOptions): Promise<Broker>;
  /** Tests the connection step by step, without opening the cluster; absent where there is none. */
  check?(
    options: Pick<OpenOptions, 'cluster' | 'addresses' | 'properties' | 'requestTimeoutMs'>,
  ): Promise<ConnectionFindings>;
}
