import { z } from 'zod';
import type { EpisodeView, Happened, HappenedRow } from '@/lib/contract/episodes';
import { EPISODE_KINDS, groupOf, overAt, TROUBLES, type Episode } from '@/lib/domain/episodes/episode';
import { byWeight, countsOf, isSmall, smallMs, storiesOf, type Story } from '@/lib/domain/episodes/happened';
import { groupName } from '@/lib/protocol/strings';
import { CourierError } from '@/lib/errors';
import { readRemembersSince, readSpan, type StoredEpisode } from '@/lib/store/episodes/read';
import { storedName } from '@/lib/store/names/catalog';
import { readLastVisit } from '@/lib/store/operators/visits';
import { defineOperation, type Call } from '../operation';
import type { Sees } from '../scope';
import { seesOf } from '../scope';

/** Episodes of a span that one answer is made from, besides losses and what is open. */
const MAX_EPISODES = 300;
const MAX_ROWS = 200;
const MAX_MARKS = 500;
const DAY_MS = 86_400_000;
const MAX_SPAN_MS = 400 * DAY_MS;
const time = z.iso.datetime({ error: 'a time as ISO 8601 in UTC' });

/** What happened in a span of time: troubles that led to each other in one row, worst first. */
export const listEpisodes = defineOperation({
  name: 'episodes.list',
  permission: 'groups.read',
  input: z.strictObject({
    from: time.optional(),
    to: time.optional(),
    group: groupName.optional(),
    kind: z.array(z.enum(EPISODE_KINDS)).max(EPISODE_KINDS.length).optional(),
    small: z.boolean().default(false),
  }),
  scope: ({ group }) => (group === undefined ? {} : { group }),
  audit: null,
  // The query reads what an actor may not see as well, and the answer is made without it.
  within: 'narrowed',
  async run(call, input): Promise<Happened> {
    const now = call.now();
    const lastVisit = await readLastVisit(call.store, call.actor.id, now);
    const from =
      input.from === undefined ? (lastVisit ?? new Date(now.getTime() - DAY_MS)) : new Date(input.from);
    const to = input.to === undefined ? now : new Date(input.to);
    if (to < from || to.getTime() - from.getTime() > MAX_SPAN_MS)
      throw new CourierError(
        'invalid_input',
        `to: ${to.toISOString()} has to be later than from, ${from.toISOString()}, and at most 400 days later.`,
      );
    const [{ episodes, isCut }, since] = await Promise.all([
      readSpan(call.store, call.cluster.id, from, to, await groupIdOf(call, input.group), MAX_EPISODES),
      readRemembersSince(call.store),
    ]);
    const sees = seesOf(call.actor);
    const group = input.group === undefined ? null : storedName(input.group);
    const seen = episodes.filter(
      ({ episode }) => isSeen(episode, sees) && (group === null || concerns(episode, group)),
    );
    const views = new Map(seen.map((stored) => [stored.episode.id, viewOf(stored, sees)]));
    const stories = storiesOf(seen.map(({ episode }) => episode)).filter(
      ({ named, folded }) =>
        (!input.kind || input.kind.includes(named.kind)) &&
        (group === null || [named, ...folded].some((episode) => groupOf(episode) === group)),
    );
    const periodMs = call.settings.COURIER_SAMPLE_SECONDS * 1_000;
    const listed = input.small ? stories : stories.filter((story) => !isSmall(story, periodMs));
    listed.sort(byWeight);
    return {
      at: now.toISOString(),
      from: from.toISOString(),
      to: to.toISOString(),
      knownSince: since.toISOString(),
      lastVisit: lastVisit?.toISOString() ?? null,
      rows: listed.slice(0, MAX_ROWS).flatMap((story) => rowOf(story, views) ?? []),
      counts: countsOf(listed),
      small: stories.length - listed.length,
      smallSeconds: smallMs(periodMs) / 1_000,
      more: Math.max(0, listed.length - MAX_ROWS),
      marks: seen
        .map(({ episode }) => episode)
        .filter(({ kind, began, ended }) => {
          if (TROUBLES.has(kind) || began > to.getTime() || (ended ?? Infinity) < from.getTime())
            return false;
          // What runs since before is no mark.
          return kind !== 'release' || began >= from.getTime();
        })
        .slice(0, MAX_MARKS)
        .flatMap(({ id }) => views.get(id) ?? []),
      isCut,
    };
  },
});

async function groupIdOf(call: Call, name: string | undefined): Promise<number | null> {
  if (name === undefined) return null;
  const id = await call.catalog.findGroup(storedName(name));
  if (id < 0) throw new CourierError('not_found', `There is no consumer group ${name}.`);
  return id;
}

/** Whether an episode is about a group, or about all. */
function concerns(episode: Episode, group: string): boolean {
  if (episode.kind === 'retry' || episode.kind === 'release') return episode.figures.groups.includes(group);
  if (episode.kind === 'partition_offline') return false;
  return (groupOf(episode) ?? group) === group;
}

/** Whether an actor may see an episode: its group and its topic, or a part of the cluster as a whole. */
function isSeen(episode: Episode, sees: Sees): boolean {
  const group = groupOf(episode);
  if (group !== null && !sees.group(group)) return false;
  if (episode.kind === 'retry') return episode.figures.groups.every(sees.group);
  if (episode.kind === 'release') return !sees.isLimitedToGroups || episode.figures.groups.some(sees.group);
  if (episode.kind === 'partition_offline' || episode.kind === 'data_loss')
    return sees.topic(episode.subject.topic);
  return true;
}

function rowOf(story: Story, views: ReadonlyMap<string, EpisodeView>): HappenedRow | null {
  const { named, root, folded, began, ended, endedBy } = story;
  const view = views.get(named.id);
  if (!view) return null;
  return {
    named: view,
    cause: root.id === named.id ? null : (views.get(root.id) ?? null),
    folded: folded.flatMap(({ id }) => views.get(id) ?? []),
    began: new Date(began).toISOString(),
    ended: ended === null ? null : new Date(ended).toISOString(),
    endedBy,
  };
}

/** A release with the groups of its service that an actor may see; any other episode as it is. */
function withGroupsOf(episode: Episode, sees: Sees): Episode {
  if (episode.kind !== 'release') return episode;
  return { ...episode, figures: { groups: episode.figures.groups.filter(sees.group) } };
}

/** An episode as an actor may see it. */
function viewOf({ episode, acknowledgedAt, acknowledgedBy }: StoredEpisode, sees: Sees): EpisodeView {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const { began, beganEarliest, endedEarliest } = episode;
  // What the store alone needs stays out.
  const { root, causedBy, missingSince, ...shown } = withGroupsOf(episode, sees);
  void [root, causedBy, missingSince];
  return {
    ...shown,
    began: new Date(began).toISOString(),
    beganEarliest: time(beganEarliest),
    ended: time(overAt(episode)),
    endedEarliest: time(endedEarliest),
    acknowledged:
      acknowledgedAt === null ? null : { by: acknowledgedBy ?? '', at: acknowledgedAt.toISOString() },
  };
}
