import type { Seen } from '@/lib/domain/episodes/episode';
import { grown } from '@/lib/domain/episodes/figures';
import { partitionOfText } from '@/lib/protocol/position';
import type { MeasuredGroup } from './measured';

/** A loss is over once the log has kept its begin for this time. */
const STANDS_MS = 10 * 60_000;

type Lost = Extract<Seen, { kind: 'data_loss' }>;

interface Going {
  group: string;
  topic: string;
  partition: number;
  began: number;
  lastAt: number;
}

/** Follows partitions of which unread records leave the log. */
export class GoingLosses {
  private going = new Map<string, Going>();

  constructor(
    open: readonly { group: string; topic: string; partition: number; began: number; lastAt: number }[],
  ) {
    for (const item of open) this.going.set(keyOf(item), { ...item });
  }

  /** Episodes of the losses that go on; their figures count the losses of this measurement. */
  add(groups: readonly MeasuredGroup[], at: number): Seen[] {
    const lost = new Map<string, Lost>();
    for (const group of groups)
      for (const loss of group.losses) {
        const place = { group: group.name, ...partitionOfText(loss.partition) };
        const key = keyOf(place);
        const going = this.going.get(key);
        this.going.set(key, { ...place, began: going?.began ?? at, lastAt: at });
        const seen: Lost = {
          kind: 'data_loss',
          subject: place,
          figures: {
            records: loss.to - loss.from,
            from: String(loss.from),
            to: String(loss.to),
            isCertain: loss.isCertain,
          },
          began: going?.began ?? at,
          beganEarliest: going?.began ?? at,
          lastAt: at,
        };
        // After a sample that was not written there are the losses of two.
        const before = lost.get(key);
        lost.set(key, before ? { ...seen, ...(grown(before, seen) as Lost) } : seen);
      }
    const found: Seen[] = [...lost.values()];
    for (const [key, { group, topic, partition, began, lastAt }] of this.going) {
      if (at - lastAt >= STANDS_MS) this.going.delete(key);
      else if (!lost.has(key))
        found.push({
          kind: 'data_loss',
          subject: { group, topic, partition },
          figures: { records: 0, from: '0', to: '0', isCertain: false },
          began,
          beganEarliest: began,
          lastAt,
        });
    }
    return found;
  }
}

const keyOf = ({ group, topic, partition }: Pick<Going, 'group' | 'topic' | 'partition'>) =>
  `${group}\n${topic}/${partition}`;
