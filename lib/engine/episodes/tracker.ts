import { RELEASE_SHOWS_MS } from '@/lib/domain/episodes/cause';
import {
  EPISODE_KINDS,
  groupOf,
  keyOf,
  type Content,
  type Episode,
  type EpisodeKind,
  type Seen,
} from '@/lib/domain/episodes/episode';
import {
  follow,
  type Changes,
  type Followed,
  type Followers,
  type Round,
} from '@/lib/domain/episodes/follow';
import { isExpected } from '@/lib/domain/groups/expectation';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { retryGroupOf } from '@/lib/protocol/topics';
import { newUuidV7 } from '@/lib/protocol/uuid';
import type { PoolClient } from '@/lib/postgres';
import type { Context } from '@/lib/context/context';
import { readLastSample } from '@/lib/store/episodes/load';
import { readLately } from '@/lib/store/episodes/read';
import { readGroupsWithRetryTopic, readReleases } from '@/lib/store/episodes/releases';
import { insertEpisodes, updateEpisodes, withGroups } from '@/lib/store/episodes/write';
import { readExpectations } from '@/lib/store/groups/expectations';
import { readSilent } from '@/lib/store/groups/read-silent';
import { GoingLosses } from './losses';
import type { MeasuredGroup, Measurement } from './measured';
import { MovedBack } from './moved-back';
import { Outages } from './outages';
import { Rebalances } from './rebalances';
import { runningReleases, SILENT_MS } from './releases';
import { troublesOf, type LastMember } from './troubles';

/** Kinds that others write, and that the tracker reads. */
const OF_OTHERS: ReadonlySet<EpisodeKind> = new Set<EpisodeKind>(['position_moved', 'retry']);
const FOLLOWED = EPISODE_KINDS.filter((kind) => !OF_OTHERS.has(kind));
/** A trouble that ends so soon after what a person did was ended by that. */
const PERSON_WITHIN_MS = 2 * 60_000;
/** So many measurements missed in a row are a gap. */
const MISSED = 2;
/** So many failures to reach any broker in a row are an outage of the cluster. */
const FAILURES = 2;

/** What a measurement changes, to be written in the transaction of its sample, and then kept. */
export interface EpisodePlan {
  write: (client: PoolClient) => Promise<void>;
  keep: () => void;
}

/** Follows the episodes of a cluster from one measurement to the next. */
export class EpisodeTracker {
  private followers: Followers = { open: new Map(), over: [] };
  private lastMembers = new Map<string, LastMember>();
  private rebalances = new Rebalances();
  private losses = new GoingLosses([]);
  private readonly outages = new Outages();
  private readonly movedBack = new MovedBack();
  private measuredAt: number | null = null;
  private failures: { count: number; since: number; error: string } | null = null;
  private groups = 0;

  constructor(private readonly context: Context) {}

  private get periodMs(): number {
    return this.context.settings.COURIER_SAMPLE_SECONDS * 1_000;
  }

  /** Takes up the open episodes that the last process left. */
  async restore(): Promise<void> {
    const { store, cluster } = this.context;
    const now = this.context.now();
    const lastAt = (await readLastSample(store, cluster.id))?.getTime() ?? null;
    const stored = await readLately(store, cluster.id, new Date(now.getTime() - RELEASE_SHOWS_MS), FOLLOWED);
    const episodes = stored.map(({ episode }) => episode);
    const open = episodes.filter(({ ended }) => ended === null);
    const seenAt = lastAt ?? now.getTime();
    this.followers = {
      open: new Map(open.map((episode) => [keyOf(episode), followedOf(episode, seenAt)])),
      over: episodes.filter(({ ended }) => ended !== null),
    };
    this.losses = new GoingLosses(
      open.flatMap((item) =>
        item.kind === 'data_loss' ? [{ ...item.subject, began: item.began, lastAt: seenAt }] : [],
      ),
    );
    this.outages.restore(
      open.flatMap(({ kind, subject, began }) =>
        kind === 'broker_away' && subject.broker !== null ? [{ broker: subject.broker, began }] : [],
      ),
    );
    this.measuredAt = lastAt;
  }

  /** Kinds of the episodes that are open. */
  openKinds(): EpisodeKind[] {
    return [...this.followers.open.values()].map(({ episode }) => episode.kind);
  }

  /** What a measurement begins, changes and ends. */
  async plan(measurement: Measurement): Promise<EpisodePlan> {
    const { at } = measurement;
    const { store, cluster } = this.context;
    const moves = await readLately(store, cluster.id, new Date(at - RELEASE_SHOWS_MS), ['position_moved']);
    const { seen, hidden } = await this.seenIn(measurement);
    const measured = new Set(measurement.groups.map(({ name }) => name));
    const hosts = new Set(seen.flatMap((item) => (item.kind === 'release' ? [hostOf(item.subject)] : [])));
    const isThere = (content: Content): boolean => {
      const group = groupOf(content);
      if (group !== null) return measurement.listed.has(group) && !hidden.has(group);
      if (content.kind === 'release') return hosts.has(hostOf(content.subject));
      return content.kind !== 'partition_offline' || measurement.topics.has(content.subject.topic);
    };
    const isMeasured = (content: Content): boolean => {
      const group = groupOf(content);
      return group === null || measured.has(group);
    };
    const endedBy = byMovesOf(
      moves.map(({ episode }) => episode),
      at,
    );
    const round = { ...this.roundOf(at, seen), isMeasured, isThere, endedBy };
    const { after, changes } = follow(this.followers, round);
    const gap = this.gapBefore(at);
    if (gap) changes.begun.push(gap);
    for (const group of measurement.groups) {
      const moved = this.movedBack.add(group, at);
      const isKnown = moves.some(
        ({ episode }) => groupOf(episode) === group.name && episode.began >= at - PERSON_WITHIN_MS,
      );
      if (moved && !isKnown && !hidden.has(group.name)) changes.begun.push(moved);
    }
    this.movedBack.keep(measurement.listed);
    return this.planOf(changes, () => {
      this.followers = after;
      this.measuredAt = at;
      this.failures = null;
      this.groups = measurement.groups.length;
    });
  }

  /** After a measurement that failed because no broker answered: the cluster is away after the second in a row. */
  planOutage(error: string): EpisodePlan {
    const at = this.context.now().getTime();
    const failures = this.failures ?? { count: 0, since: at, error };
    this.failures = { ...failures, count: failures.count + 1 };
    const seen: Seen[] =
      this.failures.count < FAILURES
        ? []
        : [
            {
              kind: 'broker_away',
              subject: { broker: null },
              figures: { error, groups: this.groups },
              began: failures.since,
              beganEarliest: this.measuredAt,
            },
          ];
    const round = {
      ...this.roundOf(at, seen),
      isMeasured: () => false,
      isThere: () => true,
      endedBy: () => null,
    };
    const { after, changes } = follow(this.followers, round);
    return this.planOf(changes, () => {
      this.followers = after;
    });
  }

  private planOf(changes: Changes, keep: () => void): EpisodePlan {
    const { cluster, catalog } = this.context;
    return {
      keep,
      write: async (client) => {
        const all = [...changes.begun, ...changes.changed, ...changes.ended];
        if (all.length === 0) return;
        const names = all.flatMap((episode) => groupOf(episode) ?? []);
        const groupIds = await catalog.groupIds([...new Set(names)]);
        await updateEpisodes(client, withGroups([...changes.changed, ...changes.ended], groupIds));
        await insertEpisodes(client, cluster.id, withGroups(changes.begun, groupIds));
      },
    };
  }

  private roundOf(at: number, seen: Seen[]): Pick<Round, 'at' | 'periodMs' | 'seen' | 'newId'> {
    return { at, periodMs: this.periodMs, seen, newId: () => newUuidV7(at) };
  }

  /** All that is so in a measurement, and the groups that are a part of others. */
  private async seenIn(measurement: Measurement): Promise<{ seen: Seen[]; hidden: ReadonlySet<string> }> {
    const { store, cluster } = this.context;
    const { at } = measurement;
    const [expectations, silent, stored, withRetryTopic] = await Promise.all([
      readExpectations(store, cluster.id),
      readSilent(store, cluster.id, null, new Date(at - SILENT_AFTER_MS)),
      readReleases(store, cluster.id, new Date(at - SILENT_MS)),
      readGroupsWithRetryTopic(store, cluster.id),
    ]);
    const hidden = new Set(withRetryTopic.map(retryGroupOf));
    const groups = measurement.groups.filter(({ name }) => !hidden.has(name));
    const expectationOf = new Map(expectations.map((item) => [item.groupId, item.expectation]));
    const silentSince = new Map(silent.map(({ group, since }) => [group, since]));
    this.rebalances.keep(measurement.listed);
    const ofGroups = groups.flatMap((group): Seen[] => {
      const expected = isExpected(expectationOf.get(group.groupId) ?? null, new Date(at));
      const last = this.lastMemberOf(group);
      const rebalances = this.rebalances.add(group, at);
      const since = silentSince.get(group.name);
      return [
        ...troublesOf(group, at, expected, last),
        ...(rebalances ? [rebalances] : []),
        ...(since && (group.members?.length ?? 0) > 0 ? [silence(group.name, since)] : []),
      ];
    });
    const seen = [
      ...this.outages.add(measurement),
      ...runningReleases(stored, this.measuredAt),
      ...ofGroups,
      ...this.losses.add(groups, at),
    ];
    return { seen, hidden };
  }

  private lastMemberOf(group: MeasuredGroup): LastMember {
    const [first] = group.members ?? [];
    if (first) this.lastMembers.set(group.name, { member: first.clientId, host: first.host });
    return this.lastMembers.get(group.name) ?? null;
  }

  /** The time before a measurement in which none was made; null: none was missed. */
  private gapBefore(at: number): Episode | null {
    const from = this.measuredAt;
    if (from === null) return null;
    const missed = Math.round((at - from) / this.periodMs) - 1;
    if (missed < MISSED) return null;
    const id = newUuidV7(at);
    return {
      id,
      kind: 'gap',
      subject: { source: 'lag sampler' },
      figures: { missed, reason: this.failures ? 'failing' : 'stopped' },
      began: from,
      beganEarliest: from,
      ended: at,
      endedEarliest: at,
      missingSince: null,
      times: 1,
      causedBy: null,
      causedByRule: null,
      root: id,
      endReason: 'recovered',
      endedBy: null,
    };
  }
}

/** Who ended an episode of a group, by moving its positions a short while ago. */
function byMovesOf(moves: readonly Episode[], at: number): Round['endedBy'] {
  // The end shows some samples after it.
  const earliest = at - PERSON_WITHIN_MS - SILENT_AFTER_MS;
  return (episode) => {
    const group = groupOf(episode);
    const move = moves.find(
      (item) => groupOf(item) === group && item.began >= Math.max(earliest, episode.began),
    );
    return group !== null && move?.kind === 'position_moved' ? move.figures.by : null;
  };
}

function followedOf(episode: Episode, seenAt: number): Followed {
  const mayComeBack =
    episode.kind === 'data_loss' || episode.kind === 'rebalances' || episode.kind === 'release';
  return {
    episode,
    seenAt,
    lastAt: mayComeBack ? seenAt : null,
    missing: 0,
    writtenAt: seenAt,
  };
}

const hostOf = ({ service, host }: { service: string; host: string }) => JSON.stringify([service, host]);

function silence(group: string, since: Date): Seen {
  return {
    kind: 'source_silent',
    subject: { group },
    figures: { lastReport: since.toISOString() },
    began: since.getTime(),
    beganEarliest: since.getTime(),
  };
}
