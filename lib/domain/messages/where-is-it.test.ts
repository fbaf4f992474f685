import { describe, expect, it } from 'vitest';
import {
  clocksAhead,
  whereIsIt,
  type HandledTry,
  type WhereDelivery,
  type WhereGroup,
  type WhereInput,
} from './where-is-it';

const delivery = (group: string, more: Partial<WhereDelivery>): WhereDelivery => ({
  group,
  status: 'COMMITTED',
  attempts: 0,
  handled: [],
  failures: 0,
  rescuedBy: null,
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
  passed: null,
  reports: true,
  subscription: null,
  ...more,
});
const input = (more: Partial<WhereInput>): WhereInput => ({
  service: 'order-service',
  type: 'OrderPaid',
  topic: 'orders',
  sentAt: null,
  committedAt: '2026-11-21T14:02:11.210Z',
  afterMs: 6,
  positions: [{ topic: 'orders', partition: 2, offset: '51204' }],
  sendFailures: 0,
  sendFailedAt: null,
  sendError: null,
  held: false,
  mayBeStored: false,
  deliveries: [],
  groups: [],
  clocks: [],
  ...more,
});

const handledBy = (at: string, more: Partial<HandledTry> = {}): HandledTry => ({
  at,
  host: 'host-a',
  member: 'm1',
  position: 'orders/2/51204',
  generation: 0,
  ...more,
});

describe('where is it', () => {
  it('names what failed before, and the retry or the attempt that it was handled by', () => {
    const once: HandledTry = {
      at: '2026-11-21T15:47:28.000Z',
      host: 'a',
      member: 'm',
      position: null,
      generation: 1,
    };
    const retry = { id: 'r1', by: 'admin', at: '2026-11-21T15:47:27.000Z' };
    const rows = whereIsIt(
      input({
        deliveries: [
          delivery('inventory', { status: 'HANDLED', handled: [once], failures: 2, rescuedBy: retry }),
          delivery('payment', { status: 'HANDLED', handled: [{ ...once, generation: 0 }], failures: 1 }),
          delivery('analytics', { status: 'HANDLED', handled: [once] }),
          // What an operator gave up was handled by none of them.
          delivery('billing', { status: 'HANDLED', failures: 1, skipped: true }),
        ],
      }),
    );
    expect(rows.slice(0, 3)).toMatchObject([
      { kind: 'rescued', group: 'inventory', failures: 2, at: once.at, retry },
      { kind: 'rescued', group: 'payment', failures: 1, retry: null },
      { kind: 'handled', groups: [{ group: 'analytics' }, { group: 'billing', skipped: true }] },
    ]);
  });

  it('speaks in order of trouble, the sender last', () => {
    const rows = whereIsIt(
      input({
        deliveries: [
          delivery('inventory', { status: 'HANDLED', durationMs: 41, handled: [handledBy('a')] }),
          delivery('notification', {}),
          delivery('analytics', {}),
          delivery('payment', { status: 'HANDLE_FAIL', attempts: 3, nextTryAt: '2026-11-21T14:08:42.000Z' }),
          delivery('invoicing', { status: 'HANDLED', handled: [handledBy('a'), handledBy('b')] }),
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

  it('does not say that a group without members still works on it, nor that it waits for what it has passed', () => {
    const running = { deliveries: [delivery('payment', { running: 1 })] };
    const kinds = (more: Partial<WhereGroup>) =>
      whereIsIt(input({ ...running, groups: [group('payment', more)] })).map((row) => row.kind);
    expect(kinds({ ahead: 0, members: 0 })[0]).toBe('no_members');
    expect(kinds({ ahead: 0 })[0]).toBe('retrying');
    const passed = whereIsIt(
      input({ deliveries: [delivery('payment', {})], groups: [group('payment', { ahead: -1, members: 0 })] }),
    );
    expect(passed[0]).toEqual({ kind: 'unreported', group: 'payment' });
  });

  it.each([
    ['retry', { generation: 1 }],
    ['copies', { position: 'orders/2/51999' }],
    ['another_member', { member: 'm2' }],
    ['same_member', {}],
    ['unknown', { position: null }],
  ] as const)('says why a message was handled twice: %s', (cause, second) => {
    const handled = [handledBy('a'), handledBy('b', second)];
    const [row] = whereIsIt(input({ deliveries: [delivery('payment', { status: 'HANDLED', handled })] }));
    expect(row).toMatchObject({ kind: 'handled_twice', cause, tries: [{ at: 'a' }, { at: 'b' }] });
  });

  it('says of a group that reports why it has no delivery', () => {
    const of = (more: Partial<WhereGroup>) =>
      whereIsIt(input({ sentAt: '2026-11-21T14:02:11.000Z', groups: [group('crm', more)] }))[0];
    const since = '2026-11-21T15:00:00.000Z';
    expect(of({ ahead: 3, subscription: { since, types: ['Refund'] } })).toEqual({
      kind: 'not_subscribed',
      group: 'crm',
      types: ['Refund'],
    });
    expect(of({ ahead: -1, subscription: { since, types: null } })).toMatchObject({
      kind: 'began_after',
      since,
    });
    // It began later, but from where the message is still ahead of it.
    expect(of({ ahead: 3, subscription: { since, types: ['OrderPaid'] } })).toMatchObject({
      kind: 'waiting',
    });
    expect(of({ ahead: -1, reports: false })).toMatchObject({ kind: 'read_past' });
  });

  it('finds clocks that are ahead: a fact cannot come before it was made', () => {
    const fact = (host: string | undefined, second: number) => ({
      host,
      at: `2026-11-21T14:00:${second}.000Z`,
      receivedAt: '2026-11-21T14:00:10.000Z',
    });
    expect(clocksAhead([fact('a', 50), fact('a', 30), fact('b', 14), fact(undefined, 59)])).toEqual([
      { host: 'a', seconds: 40 },
    ]);
    const rows = whereIsIt(input({ clocks: [{ host: 'a', seconds: 40 }] }));
    expect(rows.map((row) => row.kind)).toEqual(['clock', 'sent']);
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
