import { describe, expect, it } from 'vitest';
import { byNeed } from '@/lib/domain/overview/needs';
import type { GroupFigures } from '@/lib/contract/groups';
import { standingOf, type Verdict } from '@/lib/domain/groups/verdict';
import type { HeartbeatDetail, SeenState, WorkerName } from '@/lib/domain/workers/worker';
import { needsOf } from './needs';

const SINCE = '2026-11-21T14:03:20.000Z';
const NOW = new Date('2026-11-21T14:10:00.000Z');
const group = (name: string, verdict: Verdict, more: Partial<GroupFigures> = {}) =>
  ({
    name,
    verdict,
    members: 1,
    since: SINCE,
    sinceIsAtLeast: false,
    losses: [],
    expected: null,
    standing: standingOf(
      { verdict, sinceMs: Date.parse(SINCE), isExpected: false, losses: 0, losesInSeconds: null },
      NOW.getTime(),
    ),
    sampledAt: SINCE,
    worst: null,
    risk: null,
    ...more,
  }) as GroupFigures;
const worker = (name: WorkerName, state: SeenState, detail: HeartbeatDetail = {}) => ({
  worker: name,
  state,
  beatAt: '2026-11-21T14:09:00.000Z',
  detail,
});
const observer = (name: WorkerName, state: SeenState, detail: HeartbeatDetail = {}) =>
  worker(name, state, { observes: true, ...detail });
const running = [observer('collector', 'running'), observer('lag sampler', 'running')];
const seen = (more: Partial<Parameters<typeof needsOf>[0]>) =>
  needsOf({
    now: NOW,
    cluster: 'eu-prod-1',
    groups: [],
    failures: [],
    notSent: [],
    items: [],
    workers: running,
    silent: [],
    troubles: [],
    ...more,
  }).sort(byNeed);

describe('what needs a person', () => {
  it('is one row for one cause: groups that nobody can measure are folded into the broker that is away', () => {
    const away = { code: 'broker_unreachable', error: 'b1:9092: connection refused', since: SINCE };
    const rows = seen({
      groups: [group('a', 'no_data'), group('b', 'no_data'), group('c', 'stuck')],
      workers: [observer('collector', 'failing', away), observer('lag sampler', 'failing', away)],
    });
    expect(rows.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['stuck', 'c'],
      ['blind', 'eu-prod-1'],
    ]);
    // Since the broker has been away, and not since the last heartbeat of its workers.
    expect(rows[1]).toMatchObject({
      since: SINCE,
      blind: { cluster: 'eu-prod-1', error: 'b1:9092: connection refused', groups: 2 },
    });
  });

  it('names Courier where Courier fails; of a group that is not measured nothing is known, so it needs nothing', () => {
    const rows = seen({
      groups: [group('a', 'no_data')],
      workers: [observer('collector', 'failing', { error: 'x' }), observer('lag sampler', 'running')],
    });
    expect(rows.map(({ kind, subject }) => [kind, subject])).toEqual([['blind', 'Courier']]);
    expect(rows[0]?.blind?.cluster).toBeNull();
  });

  it('is not blind for what only sends or tidies up', () => {
    expect(
      seen({ workers: [...running, worker('housekeeping', 'failing'), worker('retry sender', 'failing')] }),
    ).toEqual([]);
    expect(seen({ workers: [] }).map(({ kind }) => kind)).toEqual(['blind']);
  });

  it('names a group whose services say nothing, unless it is named for more', () => {
    const silent = ['payment', 'stopped', 'unmeasured'].map((name) => ({
      group: name,
      since: new Date(SINCE),
    }));
    const rows = seen({
      groups: [
        group('payment', 'keeping_up'),
        group('stopped', 'no_members', { members: 0 }),
        group('unmeasured', 'no_data'),
      ],
      silent,
    });
    expect(rows.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['no_members', 'stopped'],
      ['silent', 'payment'],
    ]);
  });

  it('is a group whose consumers can not work, with the reason and not its verdict; a retry topic alone is none', () => {
    const problem = {
      consumer: 'main',
      what: 'read',
      error: 'Refused',
      message: 'no right',
      since: SINCE,
    } as const;
    const instance = { group: 'a', service: 's', release: '1', host: 'h', crashes: 3, unreadable: 0 };
    const rows = seen({
      groups: [group('a', 'no_members', { lag: 7 }), group('b', 'no_members')],
      troubles: [
        { ...instance, process: '1', problems: [problem] },
        { ...instance, process: '2', problems: [{ ...problem, since: '2026-11-21T14:04:00.000Z' }] },
        { ...instance, group: 'b', process: '1', problems: [{ ...problem, consumer: 'retry' }] },
        { ...instance, group: 'c', process: '1', problems: [] },
      ],
    });
    expect(rows.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['consumer_problem', 'a'],
      ['no_members', 'b'],
    ]);
    expect(rows[0]).toEqual({
      kind: 'consumer_problem',
      subject: 'a',
      since: SINCE,
      trouble: { ...problem, service: 's', host: 'h', instances: 2, lag: 7 },
    });
  });
});
