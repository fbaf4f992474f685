import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import type { Context } from '@/lib/context/context';
import { countDefault, dayOf, makePartitions } from '@/lib/store/schema/partitions';

const DAY_MS = 86_400_000;
/** How long a count of stored messages is used; messages that are taken meanwhile are added to it. */
const COUNT_AGE_MS = 60_000;

type OlderContext = Pick<Context, 'store' | 'settings' | 'partitions' | 'now'>;

/**
 * Room for messages older than the store keeps: those of compacted topics, of topics that were there long before Courier,
 * and of clocks that are wrong. They are in the DEFAULT partition, which every search reads, until retention has passed since
 * they were received.
 */
export class OlderRecords {
  private taken = 0;
  private countedAt = -Infinity;

  constructor(private readonly context: OlderContext) {}

  /** When the oldest day begins that the store keeps, in milliseconds since 1970. */
  get keptFrom(): number {
    const { now, settings } = this.context;
    return Math.floor((now().getTime() - settings.COURIER_RETENTION_DAYS * DAY_MS) / DAY_MS) * DAY_MS;
  }

  /** How many more there is room for. */
  async room(): Promise<number> {
    await this.count();
    return this.left;
  }

  private get left(): number {
    return Math.max(0, this.context.settings.COURIER_OLDER_RECORDS - this.taken);
  }

  private async count(): Promise<void> {
    if (performance.now() - this.countedAt > COUNT_AGE_MS) {
      this.taken = await countDefault(this.context.store);
      this.countedAt = performance.now();
    }
  }

  /** Takes as many of some as there is room for. @returns how many */
  async take(count: number): Promise<number> {
    if (count === 0) return 0;
    await this.count();
    // At once: another writer takes from the same room.
    const fit = Math.min(count, this.left);
    this.taken += fit;
    return fit;
  }

  /** Makes the partitions of days of the past that messages are about to be written to, so that none of them begins in DEFAULT. */
  async makeDays(ids: readonly string[]): Promise<void> {
    const { store, partitions, now } = this.context;
    const [from, to] = [this.keptFrom, now().getTime()];
    const days = new Set(ids.map((id) => Math.floor(timeOfUuidV7(id) / DAY_MS) * DAY_MS));
    const there = new Set(await partitions.newestFirst());
    for (const day of days) {
      if (day < from || day > to || there.has(dayOf(day))) continue;
      await makePartitions(store, day, day);
      partitions.forget();
    }
  }
}
