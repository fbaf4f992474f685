import { expect, it } from 'vitest';
import type { GroupNow } from '@/lib/store/lag/read-lag';
import { groupRow } from './figures';

const at = (seconds: number) => new Date(seconds * 1_000);
const judged = {
  verdict: 'falling_behind',
  isMeasuring: false,
  since: { at: 900_000, isAtLeast: false },
  lag: 490,
  delay: { seconds: 40, isAtLeast: true },
  drain: { kind: 'never' },
} as const;
const NOTHING = { losses: [], expectation: undefined };
const FIGURES = {
  topics: ['parcels'],
  rateIn: 3,
  rateOut: 1,
  worstRow: {
    topic: 'parcels',
    partition: 0,
    lag: 490,
    committed: '10',
    end: '500',
    member: 'slow-1',
    host: 'host-b',
    movedAt: at(990).toISOString(),
    rateIn: 3,
    rateOut: 1,
    movedBackFrom: null,
  },
};
const group: GroupNow = {
  groupId: 1,
  name: 'slow',
  reports: true,
  hasRetryTopic: false,
  type: 'classic',
  state: 'Stable',
  members: [{ id: 'a', clientId: 'slow-1', host: 'host-b', assignment: [] }],
  noMembersSince: null,
  sampledAt: at(1_000),
  judged: { ...judged, ...FIGURES, worst: 'parcels/0', reading: 'members' },
};

it('shows what the judge concluded, and that nothing is known once it is too old', () => {
  expect(groupRow(at(1_005), 10, group, NOTHING)).toMatchObject({
    verdict: 'falling_behind',
    standing: 'needs_a_look',
    since: at(900).toISOString(),
    lag: 490,
    behindSeconds: 40,
    behindIsAtLeast: true,
    drain: { kind: 'never' },
    worst: { topic: 'parcels', partition: 0, member: 'slow-1' },
  });
  expect(groupRow(at(2_000), 10, group, NOTHING)).toMatchObject({
    verdict: 'no_data',
    seenAs: 'falling_behind',
    standing: 'not_known',
    since: at(1_000).toISOString(),
    lag: null,
    behindSeconds: null,
    drain: { kind: 'unknown' },
  });
});

it('is measuring where release 0.1 measured it last', () => {
  const row = groupRow(at(1_005), 10, { ...group, judged: null }, NOTHING);
  expect(row).toMatchObject({ verdict: 'no_data', isMeasuring: true, standing: 'not_known', lag: null });
});

it('needs a look for what it lost, beside its verdict', () => {
  const loss = {
    id: '1',
    groupId: 1,
    topic: 'parcels',
    partition: 0,
    from: 10n,
    to: 60n,
    seenAt: at(950),
    isCertain: true,
  };
  const well = {
    ...group,
    judged: { ...judged, verdict: 'keeping_up', ...FIGURES, worst: null, reading: 'members' },
  } as const;
  expect(groupRow(at(1_005), 10, well, { losses: [loss], expectation: undefined })).toMatchObject({
    verdict: 'keeping_up',
    standing: 'needs_a_look',
    lost: 50,
    losses: [{ from: '10', to: '60', messages: 50, isCertain: true }],
  });
});

it('is well without members while that is expected', () => {
  const alone = {
    ...group,
    judged: { ...judged, verdict: 'no_members', ...FIGURES, worst: null, reading: 'nobody' },
  } as const;
  const expectation = (until: Date) => ({
    losses: [],
    expectation: {
      groupId: 1,
      expectation: { kind: 'until', until: until.toISOString() } as const,
      note: null,
      setBy: 'mei',
      setAt: at(900),
    },
  });
  const seen = (until: Date) => groupRow(at(1_005), 10, alone, expectation(until));
  expect(seen(at(1_100))).toMatchObject({ standing: 'well', expected: { isNow: true, by: 'mei' } });
  expect(seen(at(1_000))).toMatchObject({ standing: 'needs_a_look', expected: { isNow: false } });
});
