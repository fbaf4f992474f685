import { describe, expect, it } from 'vitest';
import type { Content, Episode, Seen } from './episode';
import { follow, type Changes, type Followers, type Round } from './follow';

const PERIOD = 10_000;
const noMembers = (group: string, began: number, lag = 1): Seen => ({
  kind: 'no_members',
  subject: { group },
  figures: { waiting: lag, peakLag: lag, topics: ['orders'], last: null },
  began,
  beganEarliest: began,
});
const behind = (group: string, began: number, lag = 1): Seen => ({
  kind: 'group_trouble',
  subject: { group, verdict: 'falling_behind' },
  figures: { lag, peakLag: lag, peakDelaySeconds: null, partitions: 1, worst: [] },
  began,
  beganEarliest: began,
});
const loss = (group: string, began: number, records: number, lastAt: number): Seen => ({
  kind: 'data_loss',
  subject: { group, topic: 'orders', partition: 0 },
  figures: { records, from: String(began), to: String(began + records), isCertain: true },
  began,
  beganEarliest: began,
  lastAt,
});
const away = (broker: string | null, began: number): Seen => ({
  kind: 'broker_away',
  subject: { broker },
  figures: { error: null, groups: null },
  began,
  beganEarliest: began - PERIOD,
});

/** Follows measurements one period after the other; what is in none of them is not measured. */
class Script {
  private followers: Followers = { open: new Map(), over: [] };
  readonly all = new Map<string, Episode>();
  at = 0;
  private ids = 0;

  next(seen: Seen[], more: Partial<Round> = {}): Changes {
    this.at += PERIOD;
    const { after, changes } = follow(this.followers, {
      at: this.at,
      periodMs: PERIOD,
      seen,
      isMeasured: () => true,
      isThere: () => true,
      endedBy: () => null,
      newId: () => `e${(this.ids += 1)}`,
      ...more,
    });
    this.followers = after;
    for (const episode of [...changes.begun, ...changes.changed, ...changes.ended])
      this.all.set(episode.id, episode);
    return changes;
  }
}

describe('episodes', () => {
  it('begin once, go on, and end once: at the first measurement without them, after three of those', () => {
    const script = new Script();
    expect(script.next([noMembers('a', 5_000)]).begun).toHaveLength(1);
    expect(script.next([noMembers('a', 5_000, 4)])).toEqual({ begun: [], changed: [], ended: [] });
    // It is shown as over at once, and ends only if it stays so.
    expect(script.next([])).toMatchObject({
      begun: [],
      changed: [{ missingSince: 30_000, ended: null }],
      ended: [],
    });
    expect(script.next([])).toEqual({ begun: [], changed: [], ended: [] });
    const [ended] = script.next([]).ended;
    expect(ended).toMatchObject({
      began: 5_000,
      ended: 30_000,
      endedEarliest: 20_000,
      endReason: 'recovered',
    });
    expect(ended?.figures).toMatchObject({ peakLag: 4 });
    expect(script.next([]).ended).toEqual([]);
  });

  it('that end and begin again within three measurements are one, which counts how often', () => {
    const script = new Script();
    script.next([behind('a', 5_000)]);
    script.next([]);
    script.next([]);
    expect(script.next([behind('a', 30_000)]).changed).toMatchObject([{ id: 'e1', began: 5_000, times: 2 }]);
    expect(script.all.size).toBe(1);
  });

  it('stay as they are while nothing is measured, and end with their group', () => {
    const script = new Script();
    script.next([noMembers('a', 5_000)]);
    for (let n = 0; n < 6; n += 1)
      expect(script.next([], { isMeasured: () => false })).toEqual({ begun: [], changed: [], ended: [] });
    expect(script.next([], { isThere: () => false }).ended).toMatchObject([
      { ended: 80_000, endReason: 'gone' },
    ]);
  });

  it('write figures at most once a minute; peaks only rise and what began only grows', () => {
    const script = new Script();
    script.next([behind('a', 1, 10)]);
    const written = Array.from({ length: 12 }, (_, n) =>
      script.next([behind('a', 1, n === 2 ? 50 : 10 + n)]),
    );
    expect(written.filter(({ changed }) => changed.length > 0)).toHaveLength(2);
    expect([...script.all.values()][0]?.figures).toMatchObject({ peakLag: 50, lag: 21 });
  });

  it('of a loss add up what each measurement lost, and end when the log was shortened last', () => {
    const script = new Script();
    script.next([loss('a', 10_000, 3, 10_000)]);
    script.next([loss('a', 10_000, 0, 10_000)]);
    script.next([loss('a', 10_000, 4, 30_000)]);
    const [ended] = script.next([]).ended;
    expect(ended).toMatchObject({ began: 10_000, ended: 30_000, figures: { records: 7 } });
  });

  it('name the person who ended them', () => {
    const script = new Script();
    script.next([noMembers('a', 1)]);
    const endedBy = () => 'mei';
    script.next([], { endedBy });
    script.next([], { endedBy });
    expect(script.next([], { endedBy }).ended).toMatchObject([{ endReason: 'person', endedBy: 'mei' }]);
  });
});

describe('causes', () => {
  it('are what began before, or in the same measurement: no members lead to falling behind and to a loss', () => {
    const script = new Script();
    script.next([
      loss('a', 10_000, 1, 10_000),
      behind('a', 10_000),
      noMembers('a', 9_000),
      behind('b', 10_000),
    ]);
    const of = (kind: string, group: string) =>
      [...script.all.values()].find(
        (item) => item.kind === kind && 'group' in item.subject && item.subject.group === group,
      );
    const root = of('no_members', 'a');
    expect(root?.causedBy).toBeNull();
    expect(of('group_trouble', 'a')).toMatchObject({ root: root?.id, causedByRule: 'no_members' });
    expect(of('data_loss', 'a')).toMatchObject({ root: root?.id, causedByRule: 'no_members' });
    // Another group has a reason of its own.
    expect(of('group_trouble', 'b')?.causedBy).toBeNull();
  });

  it('a broker away for 90 s folds the troubles of 50 groups that begin around it, and no later ones', () => {
    const script = new Script();
    const groups = Array.from({ length: 50 }, (_, n) => `g${n}`);
    script.next([]);
    script.next([]);
    const notMeasured = { isMeasured: ({ kind }: Content) => kind === 'broker_away' };
    for (let n = 0; n < 9; n += 1) script.next([away(null, 30_000)], notMeasured);
    // It answers again, and the groups are found without members, since while it was away.
    for (let n = 0; n < 4; n += 1) script.next(groups.map((group) => noMembers(group, 115_000)));
    for (let n = 0; n < 4; n += 1) script.next([]);
    script.next([noMembers('late', script.at + PERIOD)]);
    const all = [...script.all.values()];
    const outage = all.find(({ kind }) => kind === 'broker_away');
    expect(outage).toMatchObject({ began: 30_000, ended: 120_000 });
    expect(all.filter(({ root }) => root === outage?.id)).toHaveLength(51);
    expect(
      all.find((item) => item.kind === 'no_members' && item.subject.group === 'late')?.causedBy,
    ).toBeNull();
  });

  it('a release leads to rebalances of its groups within 15 minutes, unless it ran before Courier looked', () => {
    const release = (began: number, beganEarliest: number | null, name: string): Seen => ({
      kind: 'release',
      subject: { service: 'shop', release: name, host: 'a' },
      figures: { groups: ['a'] },
      began,
      beganEarliest,
      lastAt: began,
    });
    const rebalances = (group: string, at: number): Seen => ({
      kind: 'rebalances',
      subject: { group },
      figures: { count: 3, left: [], joined: [] },
      began: at,
      beganEarliest: at,
      lastAt: at,
    });
    const known = new Script();
    known.next([release(10_000, 10_000, '1.4.2'), rebalances('a', 10_000), rebalances('b', 10_000)]);
    expect([...known.all.values()].map(({ causedByRule }) => causedByRule)).toEqual([null, 'release', null]);
    const before = new Script();
    before.next([release(10_000, null, '1.4.2'), rebalances('a', 10_000)]);
    expect([...before.all.values()].map(({ causedByRule }) => causedByRule)).toEqual([null, null]);
  });
});
