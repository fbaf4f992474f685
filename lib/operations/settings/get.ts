import { z } from 'zod';
import type { WorkersView } from '@/lib/contract/workers';
import type { FormerDaysView, SettingsView } from '@/lib/contract/settings';
import { abilityTo } from '@/lib/domain/operators/permissions';
import { secondsLeft } from '@/lib/domain/workers/reading';
import { readMoveProgress, type MoveProgress } from '@/lib/store/former/progress';
import { sentenceOf } from '@/lib/errors';
import { readRejected } from '@/lib/store/facts/count-rejected';
import { countWaiting } from '@/lib/store/facts/waiting';
import { readGaps } from '@/lib/store/sources/gaps';
import { readOtherPrefixes } from '@/lib/store/groups/read-other-prefixes';
import { COURIER_PREFIX, DEFAULT_TOPIC_PREFIX } from '@/lib/protocol/topics';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { readTroubles } from '@/lib/store/groups/read-troubles';
import { countDropped } from '@/lib/store/groups/count-dropped';
import { defineOperation, type Call } from '../operation';
import { listWorkers } from '../workers/list';

const MAX_LISTED = 20;

/** The state of a cluster: reachability, rights, delay of the sources, retention. */
export const getSettings = defineOperation({
  name: 'settings.get',
  permission: 'settings.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<SettingsView> {
    const { store, cluster, settings } = call;
    const [broker, workers, rejected, waiting, gaps, dropped, otherPrefixes, troubles, move] =
      await Promise.all([
        askBroker(call),
        listWorkers.run(call, {}),
        readRejected(store, cluster.id, MAX_LISTED),
        countWaiting(store, cluster.id),
        readGaps(store, cluster.id, null, MAX_LISTED),
        countDropped(store, cluster.id),
        readOtherPrefixes(store, cluster.id, COURIER_PREFIX, DEFAULT_TOPIC_PREFIX),
        readTroubles(store, cluster.id, null, new Date(call.now().getTime() - SILENT_AFTER_MS)),
        readMoveProgress(store),
      ]);
    return {
      at: call.now().toISOString(),
      cluster: { name: cluster.name, kind: cluster.kind, environment: cluster.environment, ...broker },
      sources: workers.workers
        .filter((worker) => worker.detail.observes)
        .map((worker) => ({
          worker: worker.worker,
          state: worker.state,
          beatAt: worker.beatAt,
          delaySeconds: worker.detail.delayMs === undefined ? null : worker.detail.delayMs / 1_000,
          unread: worker.detail.unread ?? null,
          perSecond: worker.detail.perSecond ?? null,
          leftSeconds: secondsLeft(worker.detail),
          leftOut: worker.detail.leftOut ?? 0,
          // Whichever way facts take, services count for themselves what they had to drop.
          dropped: worker.worker === 'collector' ? dropped : null,
          standing: worker.detail.standing ?? [],
          error: worker.state === 'failing' ? (worker.detail.error ?? null) : null,
        })),
      rejected: {
        count: rejected.count,
        newest: rejected.newest.map((item) => ({ ...item, at: item.at.toISOString() })),
      },
      topicPrefix: COURIER_PREFIX,
      otherPrefixes,
      troubles: troubles.slice(0, MAX_LISTED),
      waiting: { count: waiting.count, since: waiting.since?.toISOString() ?? null },
      gaps: gaps.map((gap) => ({ ...gap, foundAt: gap.foundAt.toISOString() })),
      retention: {
        days: settings.COURIER_RETENTION_DAYS,
        bodyDays: settings.COURIER_BODY_RETENTION_DAYS,
        sampleSeconds: settings.COURIER_SAMPLE_SECONDS,
      },
      formerDays: move && moveView(call, move, workers.workers),
    };
  },
});

function moveView(
  call: Call,
  { days, moved, left, pausedAt }: MoveProgress,
  workers: WorkersView['workers'],
): FormerDaysView {
  const mover = workers.find((worker) => worker.worker === 'former days' && worker.state === 'running');
  const perSecond = mover?.detail.perSecond ?? 0;
  const endsAt =
    pausedAt === null && perSecond > 0 ? new Date(call.now().getTime() + (left / perSecond) * 1_000) : null;
  return {
    days,
    moved,
    left,
    perSecond,
    endsAt: endsAt?.toISOString() ?? null,
    isPaused: pausedAt !== null,
    can: { pause: abilityTo(call.actor.role, 'storage.manage') },
  };
}

/** Asks the broker for each thing that the console shows of it, so that a missing right is named and not guessed. */
async function askBroker({ broker }: Call) {
  const ask = async <T>(work: () => Promise<T>) => {
    try {
      return { found: await work(), problem: null };
    } catch (error) {
      return { found: null, problem: sentenceOf(error) };
    }
  };
  const [overview, topics, groups, rights] = await Promise.all([
    ask(() => broker.overview()),
    ask(() => broker.topics()),
    ask(() => broker.groups()),
    ask(() => broker.rights()),
  ]);
  return {
    brokerClusterId: overview.found?.clusterId ?? null,
    brokers: overview.found?.brokers ?? [],
    checks: [
      { what: 'reach' as const, problem: overview.problem },
      { what: 'topics' as const, problem: topics.problem },
      { what: 'groups' as const, problem: groups.problem },
    ],
    rights: rights.found,
    canTest: broker.capabilities.checkConnection !== null,
  };
}
