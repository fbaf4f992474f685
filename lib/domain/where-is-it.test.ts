import { describe, expect, it } from 'vitest';
import { whereIsIt, type WhereDelivery, type WhereGroup, type WhereInput } from './where-is-it';

const delivery = (group: string, more: Partial<WhereDelivery>): WhereDelivery => ({
  group,
  status: 'COMMITTED',
  attempts: 0,
  handledTimes: [],
  lastAt: '2026-11-21T14:04:12.000Z',
  error: null,
  host: null,
  release: null,
  nextTryAt: null,
  gaveUp: false,
  gaveUpTo: null,
  durationMs: null,
  attempt: null,
  skipped: false,
  overdueAt: null,
  retry: null,
  running: null,
  ...more,
});
const group = (name: string, more: Partial<WhereGroup>): WhereGroup => ({
  group: name,
  ahead: 0,
  partition: 2,
  members: 1,
  noMembersSince: null,
  rateOut: null,
  reports: true,
  ...more,
});
const input = (more: Partial<WhereInput>): WhereInput => ({
  service: 'order-service',
  topic: 'orders',
  sentAt: null,
  committedAt: '2026-11-21T14:02:11.210Z',
  afterMs: 6,
  positions: [{ partition: 2, offset: '51204' }],
  sendFailures: 0,
  sendFailedAt: null,
  sendError: null,
  held: false,
  mayBeStored: false,
  deliveries: [],
  groups: [],
  ...more,
});

describe('where is it', () => {
  it('speaks in order of trouble, the sender last', () => {
    const rows = whereIsIt(
      input({
        deliveries: [
          delivery('inventory', { status: 'HANDLED', durationMs: 41, handledTimes: ['a'] }),
          delivery('notification', {}),
          delivery('analytics', {}),
          delivery('payment', { status: 'HANDLE_FAIL', attempts: 3, nextTryAt: '2026-11-21T14:08:42.000Z' }),
          delivery('invoicing', { status: 'HANDLED', handledTimes: ['a', 'b'] }),
        ],
        groups: [
          group('notification', { ahead: 310, rateOut: 10 }),
          group('analytics', { ahead: 64, members: 0, noMembersSince: '2026-11-21T13:50:04.000Z' }),
          group('audit', { ahead: -5, reports: false }),
        ],
      }),
    );
    expect(rows.map((row) => row.kind)).toEqual([
      'failing',
      'no_members',
      'waiting',
      'handled_twice',
      'handled',
      'read_past',
      'sent',
    ]);
    expect(rows[0]).toMatchObject({ group: 'payment', next: { kind: 'next_try' } });
    expect(rows[2]).toMatchObject({ ahead: 310, seconds: 31 });
  });

  it('says not sent only while nothing proves a commit', () => {
    const failed = { sendFailures: 2, sendFailedAt: '2026-11-21T14:02:11.210Z' };
    expect(whereIsIt(input({ ...failed, committedAt: null }))[0]).toMatchObject({
      kind: 'not_sent',
      attempts: 2,
    });
    expect(whereIsIt(input(failed))[0]).toMatchObject({ kind: 'sent' });
  });

  it('does not call a message not sent where an answer of the broker is missing', () => {
    const failed = { sendFailures: 2, sendFailedAt: '2026-11-21T14:02:11.210Z', committedAt: null };
    expect(whereIsIt(input(failed))[0]).toMatchObject({ perhapsOn: null });
    expect(whereIsIt(input({ ...failed, mayBeStored: true }))[0]).toMatchObject({
      kind: 'not_sent',
      perhapsOn: 'orders',
    });
  });

  it('says of a group that went past without a report that it did', () => {
    const rows = whereIsIt(
      input({ deliveries: [delivery('payment', {})], groups: [group('payment', { ahead: -1 })] }),
    );
    expect(rows[0]).toEqual({ kind: 'unreported', group: 'payment' });
  });

  it('says why a message is overdue where it knows', () => {
    const overdueAt = '2026-11-21T14:07:11.000Z';
    const deliveries = [delivery('analytics', { overdueAt }), delivery('payment', { overdueAt })];
    const rows = whereIsIt(input({ deliveries, groups: [group('analytics', { ahead: 9, members: 0 })] }));
    expect(rows.map((row) => row.kind)).toEqual(['overdue', 'no_members', 'sent']);
  });

  it('names a retry on its way instead of an end', () => {
    const rows = whereIsIt(
      input({ deliveries: [delivery('payment', { status: 'HANDLE_FAIL', gaveUp: true, retry: 'SENT' })] }),
    );
    expect(rows[0]).toMatchObject({ next: { kind: 'retry', state: 'SENT' } });
  });
});
