/** Rights that Courier needs on its cluster. */
export type RightName = 'see_groups' | 'read_topics' | 'write_topics' | 'read_settings';

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
    /** Rights that Courier lacks, with the topics that they are of; null where the broker does not tell. */
    missing: { right: RightName; topics: string[] }[] | null;
  };
  sources: {
    worker: string;
    state: string;
    beatAt: string;
    delaySeconds: number | null;
    dropped: number | null;
    /** Partitions that could not be read the last time, each with why. */
    standing: string[];
    error: string | null;
  }[];
  rejected: { count: number; newest: { source: string; place: string; reason: string; at: string }[] };
  /** Facts that wait for their message to be known, and since when the oldest does. */
  waiting: { count: number; since: string | null };
  gaps: { source: string; topic: string; partition: number; from: string; to: string; foundAt: string }[];
  retention: { days: number; bodyDays: number; sampleSeconds: number };
}

export interface TokenView {
  name: string;
  scope: string;
  createdAt: string;
  revokedAt: string | null;
}

export interface SessionView {
  id: string;
  createdAt: string;
  seenAt: string;
  expiresAt: string;
}
