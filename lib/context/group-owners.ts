import { deadLetterTopicOf, retryTopicOf, roleOfTopic } from '@/lib/protocol/topics';
import type { Queryable } from '@/lib/postgres';
import { readOwners } from '@/lib/store/services/owners';

const FRESH_MS = 2_000;
/** A change has the time at which its transaction began, and is seen when that ends: no later than the store lets one idle. */
const LONGEST_CHANGE_MS = 60_000;
const RETRY_SUFFIX = '.retry';

/**
 * Returns the group whose owner also owns the given group. The consumer of a group's retry topic belongs to the owner of
 * the group itself, so that no service can take one without the other.
 */
export function ownedGroup(group: string): string {
  let base = group;
  while (base.endsWith(RETRY_SUFFIX) && base.length > RETRY_SUFFIX.length)
    base = base.slice(0, -RETRY_SUFFIX.length);
  return base;
}

/**
 * The owners of a cluster's groups. They are kept, and those that changed are read every two seconds: an owner changes when
 * a person moves a group.
 */
export class GroupOwners {
  /** When the newest answer was asked for, and since when an older one is not good any more. */
  private readAt = -Infinity;
  private changedAt = -Infinity;
  private reading: Promise<void> | null = null;
  /** The latest change of an owner that is known. */
  private latest: Date | null = null;
  private readonly groups = new Map<string, string>();
  private readonly topics = new Map<string, { group: string; owner: string; id: number }>();

  constructor(
    private readonly store: Queryable,
    private readonly clusterId: number,
  ) {}

  /** The service that owns a group, or null. The consumer of a group's retry topic belongs to the group's owner. */
  async ownerOf(group: string): Promise<string | null> {
    await this.refresh();
    return this.groups.get(ownedGroup(group)) ?? null;
  }

  /** The service that owns the group whose retry or dead-letter topic this is; null for any other topic. */
  async ownerOfTopic(topic: string): Promise<string | null> {
    return (await this.groupOfTopic(topic))?.owner ?? null;
  }

  /** The group whose retry or dead-letter topic this is, with its owner; null for any other topic. */
  async groupOfTopic(topic: string): Promise<{ group: string; owner: string } | null> {
    const role = roleOfTopic(topic);
    if (role !== 'retry' && role !== 'dead_letter') return null;
    await this.refresh();
    return this.topics.get(topic) ?? null;
  }

  /** Takes note of an owner that was written here, so that many of them need not be read anew one by one. */
  learn(group: string, owner: string): void {
    this.put(group, owner, Infinity);
  }

  /** Reads what changed at the next question, since an owner was changed here. */
  forget(): void {
    this.changedAt = performance.now();
  }

  private async refresh(): Promise<void> {
    const oldest = Math.max(performance.now() - FRESH_MS, this.changedAt);
    // An answer that is on its way may have been asked for too early; the one after it was not.
    while (this.readAt < oldest) {
      this.reading ??= this.read().finally(() => (this.reading = null));
      await this.reading;
    }
  }

  private async read(): Promise<void> {
    const readAt = performance.now();
    const since = this.latest && new Date(this.latest.getTime() - LONGEST_CHANGE_MS);
    for (const { id, name, owner, changedAt } of await readOwners(this.store, this.clusterId, since)) {
      this.put(name, owner, id);
      if (!this.latest || changedAt > this.latest) this.latest = changedAt;
    }
    this.readAt = readAt;
  }

  /** Two groups can have one topic, since a topic's name takes fewer characters: the group that was known first has it. */
  private put(group: string, owner: string, id: number): void {
    this.groups.set(group, owner);
    for (const topic of [retryTopicOf(group), deadLetterTopicOf(group)]) {
      const known = this.topics.get(topic);
      if (!known || known.group === group || id < known.id) this.topics.set(topic, { group, owner, id });
    }
  }
}
