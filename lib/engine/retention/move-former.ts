import { Catalog } from '@/lib/store/names/catalog';
import { dropFormerDay, moveSome } from '@/lib/store/former/days';
import { listFormerDays } from '@/lib/store/former/list';
import { endMove, isMovePaused } from '@/lib/store/former/progress';
import type { Context } from '@/lib/context/context';

/** Messages that are moved in one transaction. */
const CHUNK = 1_000;

/** What one step of the move did. */
export type MoveStep =
  | { did: 'moved'; messages: number }
  /** A day is empty and its former tables are gone. */
  | { did: 'ended a day' }
  /** Nothing: a person paused it, other writers hold what is left, or nothing is left. */
  | { did: 'nothing'; isOver: boolean };

/** Moves messages of former days into the tables of today, the newest day first. One step takes less than a second. */
export class FormerMover {
  private readonly catalogs = new Map<number, Catalog>();

  constructor(private readonly context: Pick<Context, 'store' | 'partitions'>) {}

  async step(): Promise<MoveStep> {
    const { store, partitions } = this.context;
    const days = await listFormerDays(store);
    const [day] = days;
    if (!day) {
      await endMove(store);
      return { did: 'nothing', isOver: true };
    }
    if (await isMovePaused(store)) return { did: 'nothing', isOver: false };
    const messages = await moveSome(store, day, (id) => this.catalogOf(id), CHUNK);
    if (messages > 0) return { did: 'moved', messages };
    if (!(await dropFormerDay(store, day))) return { did: 'nothing', isOver: false };
    partitions.forget();
    return { did: 'ended a day' };
  }

  private catalogOf(clusterId: number): Catalog {
    const known = this.catalogs.get(clusterId) ?? new Catalog(this.context.store, clusterId);
    this.catalogs.set(clusterId, known);
    return known;
  }
}
