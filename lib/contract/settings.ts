import type { Ability } from '@/lib/domain/operators/permissions';
import type { ConsumerTrouble } from './groups';
import type { SeenState, WorkerName } from '@/lib/domain/workers/worker';
import type { RightView } from './clusters';

export interface SettingsView {
  at: string;
  cluster: {
    name: string;
    kind: string;
    environment: string;
    brokerClusterId: string | null;
    brokers: { id: number; address: string }[];
    /** What Courier asks of the broker, and what came back; null where it was answered. */
    checks: { what: 'reach' | 'topics' | 'groups'; problem: string | null }[];
    /** Every right that Courier uses; null where the broker has none, or does not answer. */
    rights: RightView[] | null;
    /** Whether the connection can be tested step by step. */
    canTest: boolean;
  };
  sources: {
    worker: WorkerName;
    state: SeenState;
    beatAt: string;
    delaySeconds: number | null;
    /** Records that are not read yet, how many it reads in a second, and how long that takes; null: unknown. */
    unread: number | null;
    perSecond: number | null;
    leftSeconds: number | null;
    /** Records on the topics that were left out, because they are older than the retention and there was no room. */
    leftOut: number;
    dropped: number | null;
    /** Partitions that could not be read the last time, each with why. */
    standing: string[];
    error: string | null;
  }[];
  rejected: { count: number; newest: { source: string; place: string; reason: string; at: string }[] };
  /** What the names of Courier's own topics begin with. */
  topicPrefix: string;
  /** Services whose SDK has another prefix: their facts on Kafka are not read, and retries do not reach them. */
  otherPrefixes: { service: string; prefix: string }[];
  /** What instances of services report to be out of order with their consumers. */
  troubles: (ConsumerTrouble & { group: string })[];
  /** Facts that wait for their message to be known, and since when the oldest does. */
  waiting: { count: number; since: string | null };
  gaps: { source: string; topic: string; partition: number; from: string; to: string; foundAt: string }[];
  retention: { days: number; bodyDays: number; sampleSeconds: number };
  /** Progress of the move of earlier releases' data; null where nothing is left to move. */
  formerDays: FormerDaysView | null;
}

export interface TokenView {
  id: number;
  /** The service that it belongs to. */
  name: string;
  scope: string;
  /** Whether it is of before release 0.2 and several services use it, so that it may do everything. */
  shared: boolean;
  createdAt: string;
  revokedAt: string | null;
}

/** A service and what it may do. */
export interface ServiceView {
  name: string;
  /** Patterns of topics; null: by the default rule. */
  publish: string[] | null;
  read: string[] | null;
  groups: { cluster: string; group: string }[];
}

export interface TokenList {
  tokens: TokenView[];
  services: ServiceView[];
}

/** A token to make, with what its service may do; absent: as it is. */
export interface NewToken {
  name: string;
  /** Patterns of topics. */
  publish?: string[];
  read?: string[];
}

/** A token that was made; its value is not stored. */
export interface MadeToken {
  name: string;
  token: string;
}

/** The move of former days into the tables of today. */
export interface FormerDaysView {
  days: number;
  moved: number;
  /** An estimate. */
  left: number;
  perSecond: number;
  /** When it is over at this rate, as ISO 8601; null while that is not known. */
  endsAt: string | null;
  isPaused: boolean;
  can: { pause: Ability };
}
