import { deadLetterTopicOf, retryTopicOf, roleOfTopic } from '@/lib/protocol/topics';
import type { Queryable } from '@/lib/postgres';
import { readOwners } from '@/lib/store/services/owners';

const FRESH_MS = 2_000;
const RETRY_SUFFIX = '.retry';

/** The owners of a cluster's groups, kept for two seconds: an owner changes when a person moves a group. */
export class GroupOwners {
  private readAt = -Infinity;
  private reading: Promise<void> | null = null;
  private groups = new Map<string, string>();
  private topics = new Map<string, string>();

  constructor(
    private readonly store: Queryable,
    private readonly clusterId: number,
  ) {}

  /** The service that owns a group, or null. The consumer of a group's retry topic belongs to the group's owner. */
  async ownerOf(group: string): Promise<string | null> {
    await this.refresh();
    const base = group.endsWith(RETRY_SUFFIX) ? group.slice(0, -RETRY_SUFFIX.length) : null;
    return this.groups.get(group) ?? (base === null ? null : (this.groups.get(base) ?? null));
  }

  /** The service that owns the group whose retry or dead-letter topic this is; null for any other topic. */
  async ownerOfTopic(topic: string): Promise<string | null> {
    const role = roleOfTopic(topic);
    if (role !== 'retry' && role !== 'dead_letter') return null;
    await this.refresh();
    return this.topics.get(topic) ?? null;
  }

  /** Reads the owners anew at the next question, since one of them was changed here. */
  forget(): void {
    this.readAt = -Infinity;
  }

  private async refresh(): Promise<void> {
    if (performance.now() - this.readAt < FRESH_MS) return;
    this.reading ??= this.read().finally(() => (this.reading = null));
    await this.reading;
  }

  private async read(): Promise<void> {
    const readAt = performance.now();
    this.groups = await readOwners(this.store, this.clusterId);
    this.topics = new Map(
      [...this.groups].flatMap(([group, owner]) => [
        [retryTopicOf(group), owner],
        [deadLetterTopicOf(group), owner],
      ]),
    );
    this.readAt = readAt;
  }
}
