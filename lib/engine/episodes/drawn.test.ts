import { describe, expect, it } from 'vitest';
import type { StoredRelease } from '@/lib/store/episodes/releases';
import type { MeasuredGroup, MeasuredPartition, Measurement } from './measured';
import { GoingLosses } from './losses';
import { MovedBack } from './moved-back';
import { Outages } from './outages';
import { Rebalances } from './rebalances';
import { runningReleases } from './releases';
import { troublesOf } from './troubles';

const PERIOD = 10_000;
const MINUTE = 60_000;

const partition = (more: Partial<MeasuredPartition> = {}): MeasuredPartition => ({
  topic: 'orders',
  partition: 0,
  verdict: 'keeping_up',
  isMeasuring: false,
  since: { at: 1_000, isAtLeast: false },
  lag: 0,
  delaySeconds: null,
  position: '10',
  member: null,
  host: null,
  movedBackFrom: null,
  ...more,
});
const group = (more: Partial<MeasuredGroup> = {}): MeasuredGroup => ({
  name: 'billing',
  groupId: 1,
  state: 'Stable',
  members: [],
  verdict: 'keeping_up',
  isMeasuring: false,
  since: { at: 1_000, isAtLeast: false },
  lag: 0,
  losses: [],
  partitions: [partition()],
  ...more,
});
const withMembers = (ids: string[], state = 'Stable') =>
  group({
    state,
    members: ids.map((id) => ({
      id,
      clientId: `${id}-client`,
      host: 'h',
      assignment: state === 'Stable' ? [{ topic: 'orders', partitions: [0] }] : [],
    })),
  });

describe('troubles of a group', () => {
  const kinds = (measured: MeasuredGroup, at = 1_000, isExpected = false) =>
    troublesOf(measured, at, isExpected, null).map((seen) =>
      seen.kind === 'group_trouble' ? seen.subject.verdict : seen.kind,
    );

  it('are one for each verdict that needs attention, with the worst of its partitions', () => {
    const stuck = [1, 2, 3, 4].map((n) => partition({ partition: n, verdict: 'stuck', lag: n }));
    const measured = group({
      verdict: 'stuck',
      partitions: [...stuck, partition({ verdict: 'falling_behind' })],
    });
    expect(kinds(measured)).toEqual(['stuck', 'falling_behind']);
    const [first] = troublesOf(measured, 1_000, false, null);
    expect(first?.figures).toMatchObject({
      partitions: 4,
      lag: 10,
      worst: [{ partition: 4 }, { partition: 3 }, { partition: 2 }],
    });
  });

  it('are none while it is measured, while it heals, and where no members are expected', () => {
    expect(
      kinds(group({ isMeasuring: true, verdict: 'stuck', partitions: [partition({ verdict: 'stuck' })] })),
    ).toEqual([]);
    expect(
      kinds(group({ verdict: 'catching_up', partitions: [partition({ verdict: 'catching_up' })] })),
    ).toEqual([]);
    const absent = group({
      verdict: 'no_members',
      partitions: [partition({ verdict: 'no_members', lag: 3 })],
    });
    expect(kinds(absent)).toEqual(['no_members']);
    expect(kinds(absent, 1_000, true)).toEqual([]);
  });

  it('begin with the verdict, and a verdict that becomes trouble later, only then', () => {
    const behind = group({ verdict: 'stays_behind', partitions: [partition({ verdict: 'stays_behind' })] });
    expect(kinds(behind, 9 * MINUTE)).toEqual([]);
    expect(troublesOf(behind, 11 * MINUTE, false, null)).toMatchObject([
      { began: 1_000, beganEarliest: 1_000 },
    ]);
    const since = { at: 1_000, isAtLeast: true };
    const old = group({ verdict: 'stuck', since, partitions: [partition({ verdict: 'stuck', since })] });
    expect(troublesOf(old, 1_000, false, null)).toMatchObject([{ began: 1_000, beganEarliest: null }]);
  });
});

describe('rebalances', () => {
  it('are an episode from the third within five minutes on, and end with the last one', () => {
    const rebalances = new Rebalances();
    const add = (ids: string[], at: number, state?: string) => rebalances.add(withMembers(ids, state), at);
    expect(add(['a'], 0)).toBeNull();
    expect(add(['a', 'b'], PERIOD)).toBeNull();
    // While members find together, and once they have: one.
    expect(add(['a', 'b'], 2 * PERIOD, 'PreparingRebalance')).toBeNull();
    expect(add(['a', 'b'], 3 * PERIOD)).toBeNull();
    const third = add(['a'], 4 * PERIOD);
    expect(third).toMatchObject({
      figures: { count: 3, left: ['b-client'], joined: ['b-client'] },
      began: PERIOD,
      lastAt: 4 * PERIOD,
    });
    expect(add(['a'], 5 * PERIOD)).toMatchObject({ figures: { count: 0 }, lastAt: 4 * PERIOD });
    expect(add(['a', 'c'], 6 * PERIOD)).toMatchObject({ figures: { count: 1 }, lastAt: 6 * PERIOD });
    expect(add(['a', 'c'], 6 * PERIOD + 5 * MINUTE)).toBeNull();
  });
});

describe('outages', () => {
  const measured = (at: number, brokers: string[], offline: Measurement['offline'] = []): Measurement => ({
    at,
    groups: [],
    listed: new Set(),
    topics: new Set(),
    brokers,
    offline,
  });

  it('are brokers and leaders that are missing in two measurements in a row', () => {
    const outages = new Outages();
    const offline = [{ topic: 'orders', partition: 2 }];
    expect(outages.add(measured(0, ['b1', 'b2']))).toEqual([]);
    expect(outages.add(measured(PERIOD, ['b1'], offline))).toEqual([]);
    expect(outages.add(measured(2 * PERIOD, ['b1'], offline))).toMatchObject([
      { kind: 'broker_away', subject: { broker: 'b2' }, began: PERIOD, beganEarliest: 0 },
      { kind: 'partition_offline', subject: offline[0], began: PERIOD, beganEarliest: 0 },
    ]);
    expect(outages.add(measured(3 * PERIOD, ['b1', 'b2']))).toEqual([]);
  });

  it('go on over a restart, and end a day later for a broker that was taken out', () => {
    const outages = new Outages();
    outages.restore([{ broker: 'b2', began: 0 }]);
    expect(outages.add(measured(PERIOD, ['b1']))).toMatchObject([{ subject: { broker: 'b2' }, began: 0 }]);
    expect(outages.add(measured(25 * 60 * MINUTE, ['b1']))).toEqual([]);
  });
});

describe('releases', () => {
  const release = (name: string, first: number, last: number): StoredRelease => ({
    service: 'shop',
    release: name,
    host: 'h',
    firstStart: new Date(first),
    lastStart: new Date(last),
    lastSeen: new Date(last + MINUTE),
    groups: ['billing'],
  });

  it('are those that started last on each host; one that came back began when it started again', () => {
    const shown = (list: StoredRelease[]) =>
      runningReleases(list, 0).map(({ subject, began }) => [(subject as { release: string }).release, began]);
    expect(shown([release('1', 100, 100), release('2', 200, 300)])).toEqual([['2', 200]]);
    expect(shown([release('1', 100, 400), release('2', 200, 200)])).toEqual([['1', 400]]);
  });

  it('that ran before Courier measured began at the latest then', () => {
    expect(runningReleases([release('1', 100, 100)], null)).toMatchObject([{ beganEarliest: null }]);
    expect(runningReleases([release('1', 100, 100)], 50)).toMatchObject([{ beganEarliest: 100 }]);
  });
});

describe('losses', () => {
  it('of one partition in one measurement add up, as after a sample that was not written', () => {
    const loss = (from: number, to: number) => ({ partition: 'orders/0', from, to, at: 0, isCertain: true });
    const seen = new GoingLosses([]).add([group({ losses: [loss(0, 3), loss(3, 7)] })], 0);
    expect(seen).toMatchObject([{ figures: { records: 7, from: '0', to: '7' } }]);
  });
});

describe('positions that moved back', () => {
  it('are one move each, and none that was there at the first sight of a group', () => {
    const moved = new MovedBack();
    const back = (from: number | null) => group({ partitions: [partition({ movedBackFrom: from })] });
    expect(moved.add(back(50), 0)).toBeNull();
    expect(moved.add(back(50), PERIOD)).toBeNull();
    expect(moved.add(back(null), 2 * PERIOD)).toBeNull();
    expect(moved.add(back(60), 3 * PERIOD)).toMatchObject({
      kind: 'position_moved',
      figures: { by: null, repeated: 50, partitions: [{ from: '60', to: '10' }] },
      ended: 3 * PERIOD,
    });
    expect(moved.add(back(60), 4 * PERIOD)).toBeNull();
  });
});
