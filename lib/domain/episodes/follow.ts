import { causeOf, RELEASE_SHOWS_MS } from './cause';
import { keyOf, type Content, type EndReason, type Episode, type Seen } from './episode';
import { grown } from './figures';

/** What ends and begins again within so many samples is one episode. */
export const SAMPLES_TO_END = 3;
/** Figures of an open episode are written at most so often. */
const WRITTEN_EVERY_MS = 60_000;

/** An open episode, or one that ended not long ago and may still be a cause. */
export interface Followed {
  episode: Episode;
  /** When it was seen last, and when the measurement of that was made. */
  seenAt: number;
  /** When it was there last, where it may come back; null: it lasts. */
  lastAt: number | null;
  /** Samples in a row without it. */
  missing: number;
  writtenAt: number;
}

/** One measurement. */
export interface Round {
  at: number;
  periodMs: number;
  seen: readonly Seen[];
  /** Whether the measurement shows if it is so; where it does not, the episode stays as it is. */
  isMeasured: (content: Content) => boolean;
  /** Whether what it is about is still there. */
  isThere: (content: Content) => boolean;
  /** Whether a person ended it: who; null: it ended by itself. */
  endedBy: (episode: Episode) => string | null;
  newId: () => string;
}

export interface Followers {
  open: ReadonlyMap<string, Followed>;
  /** Ended not long ago. */
  over: readonly Episode[];
}

/** Changes that one measurement makes. */
export interface Changes {
  begun: Episode[];
  changed: Episode[];
  ended: Episode[];
}

/** A cause begins before what it leads to, in one measurement as well. */
const ORDER: Partial<Record<Seen['kind'], number>> = {
  broker_away: 0,
  partition_offline: 1,
  release: 2,
  no_members: 3,
  group_trouble: 4,
};
const ORDER_OF_EFFECTS = 5;

/** Follows what begins, goes on and ends from one measurement to the next. Changes nothing that it is given. */
export function follow(before: Followers, round: Round): { after: Followers; changes: Changes } {
  const { at } = round;
  const open = new Map(before.open);
  const over = before.over.filter((episode) => at - (episode.ended ?? at) < RELEASE_SHOWS_MS);
  const changes: Changes = { begun: [], changed: [], ended: [] };
  const seen = new Map(round.seen.map((item) => [keyOf(item), item]));
  for (const [key, followed] of before.open) {
    const item = seen.get(key);
    const next = item ? goneOn(followed, item, at) : missed(followed, round);
    open.set(key, next);
    const { episode } = next;
    if (episode.ended !== null) {
      open.delete(key);
      over.push(episode);
      changes.ended.push(episode);
    } else if (isToBeWritten(followed, next, at)) {
      next.writtenAt = at;
      changes.changed.push(episode);
    }
  }
  const fresh = [...seen].filter(([key]) => !before.open.has(key));
  fresh.sort(([, a], [, b]) => orderOf(a) - orderOf(b) || a.began - b.began);
  for (const [key, item] of fresh) {
    const candidates = [...[...open.values()].map(({ episode }) => episode), ...over];
    const episode = begun(item, candidates, round);
    open.set(key, {
      episode,
      seenAt: at,
      lastAt: item.lastAt ?? null,
      missing: 0,
      writtenAt: at,
    });
    changes.begun.push(episode);
  }
  return { after: { open, over }, changes };
}

function begun(item: Seen, candidates: readonly Episode[], { newId, periodMs }: Round): Episode {
  const content = { ...item };
  delete content.lastAt;
  const id = newId();
  const cause = causeOf(item, candidates, periodMs);
  return {
    ...content,
    id,
    ended: null,
    endedEarliest: null,
    missingSince: null,
    times: 1,
    causedBy: cause?.id ?? null,
    causedByRule: cause?.rule ?? null,
    root: cause?.root ?? id,
    endReason: null,
    endedBy: null,
  };
}

const orderOf = (item: Seen) => ORDER[item.kind] ?? ORDER_OF_EFFECTS;

function goneOn(followed: Followed, item: Seen, at: number): Followed {
  const { episode } = followed;
  const isBack = episode.missingSince !== null;
  return {
    ...followed,
    episode: {
      ...episode,
      ...(grown(episode, item) as typeof episode),
      times: episode.times + (isBack ? 1 : 0),
      missingSince: null,
    },
    seenAt: at,
    lastAt: item.lastAt ?? null,
    missing: 0,
  };
}

function missed(followed: Followed, round: Round): Followed {
  const { episode, lastAt } = followed;
  if (!round.isThere(episode)) return over(followed, lastAt ?? round.at, 'gone', null);
  if (!round.isMeasured(episode)) return followed;
  const missing = followed.missing + 1;
  const missingSince = episode.missingSince ?? round.at;
  // What may come back was waited for already.
  if (lastAt === null && missing < SAMPLES_TO_END)
    return { ...followed, missing, episode: { ...episode, missingSince } };
  const by = round.endedBy(episode);
  const reason = episode.kind === 'release' ? 'replaced' : by === null ? 'recovered' : 'person';
  return over(followed, lastAt ?? missingSince, reason, by);
}

function over(followed: Followed, at: number, endReason: EndReason, endedBy: string | null): Followed {
  const { episode } = followed;
  const ended = Math.max(at, episode.began);
  const endedEarliest = Math.min(ended, Math.max(followed.lastAt ?? followed.seenAt, episode.began));
  return {
    ...followed,
    episode: { ...episode, ended, endedEarliest, missingSince: null, endReason, endedBy },
  };
}

function isToBeWritten(before: Followed, after: Followed, at: number): boolean {
  if (before.episode.missingSince !== after.episode.missingSince) return true;
  // A loss is written at once: what was acknowledged before it is not what is acknowledged now.
  if (after.episode.kind !== 'data_loss' && at - before.writtenAt < WRITTEN_EVERY_MS) return false;
  return JSON.stringify(before.episode.figures) !== JSON.stringify(after.episode.figures);
}
