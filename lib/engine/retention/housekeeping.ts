import { trimLog } from '@/lib/brokers/embedded/log';
import { countDefault, daysInDefault, dropPartitions, makePartitions } from '@/lib/store/schema/partitions';
import { reindexOneDay } from '@/lib/store/schema/reindex';
import { removeOld } from '@/lib/store/schema/remove-old';
import { rollUpLag } from '../sampling/roll-up';
import type { Context } from '@/lib/context/context';

const DAY_MS = 86_400_000;
/** Partitions are made this many days ahead. */
const DAYS_AHEAD = 3;

/** One round of housekeeping. @returns what was done and what waits in the DEFAULT partition */
export async function runHousekeeping(
  context: Context,
): Promise<{ made: number; dropped: number; inDefault: number }> {
  const { store, settings } = context;
  const now = context.now().getTime();
  const oldest = now - settings.COURIER_RETENTION_DAYS * DAY_MS;
  const made = await makePartitions(store, now, now + DAYS_AHEAD * DAY_MS);
  const dropped = await dropPartitions(store, oldest);
  // A past day gets a partition once facts of that day are in DEFAULT.
  const late = await daysInDefault(store, oldest, now);
  for (const day of late) made.push(...(await makePartitions(store, day, day)));
  await rollUpLag(context);
  await removeOld(store, new Date(oldest), new Date(now - settings.COURIER_BODY_RETENTION_DAYS * DAY_MS));
  await trimLog(store, new Date(oldest));
  await reindexOneDay(store, now);
  context.partitions.forget();
  return { made: made.length, dropped: dropped.length, inDefault: await countDefault(store) };
}
