import type { Drain } from '@/lib/domain/groups/judge/types';
import type { Sequence } from '../run';
import { backlog, client, SIX } from './clients';

export const STANDING: Sequence[] = [
  {
    name: 'all partitions are paused',
    partitions: 3,
    seconds: 700,
    rate: () => 4,
    members: [client(50, { partitions: [0, 1, 2] })],
    at: { 300: (world) => world.pause(0, 1, 2) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'stuck' },
    ],
    check: (moments) => {
      const since = (moments.at(-1)?.judgement.since.at ?? 0) / 1_000;
      return Math.abs(since - 300) < 10 ? null : `it is said to stand since ${since}, true is 300`;
    },
  },
  {
    name: 'all partitions are paused, and go on',
    partitions: 3,
    seconds: 700,
    rate: () => 2,
    members: [client(60, { partitions: [0, 1, 2] })],
    at: { 150: (world) => world.pause(0, 1, 2), 420: (world) => world.resume() },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 150, is: 'stuck' },
      { from: 420, is: 'catching_up', settles: 15 },
      {
        from: (world) => world.seconds > 420 && world.delay() < 30,
        is: 'keeping_up',
        settles: 30,
      },
    ],
  },
  {
    name: 'all partitions are paused, and go on one after the other',
    partitions: 3,
    seconds: 700,
    rate: () => 2,
    members: [client(60, { partitions: [0, 1, 2], turns: 500 })],
    at: { 150: (world) => world.pause(0, 1, 2), 420: (world) => world.resume() },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 150, is: 'stuck' },
      { from: 420, is: 'catching_up', settles: 25 },
      {
        from: (world) => world.seconds > 420 && world.delay() < 30,
        is: 'keeping_up',
        settles: 30,
      },
    ],
  },
  {
    name: 'one partition of six stands, and goes on',
    partitions: 6,
    seconds: 1_200,
    rate: () => 2,
    members: [client(60, { partitions: SIX })],
    at: { 300: (world) => world.pause(3), 900: (world) => world.resume() },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'stuck' },
      { from: 900, is: 'keeping_up', between: ['catching_up'] },
    ],
    check: (moments) => {
      const standing = moments.filter(({ seconds }) => seconds > 400 && seconds < 900);
      const isRight = standing.every(
        ({ judgement }) => judgement.worst === 'orders/3' && judgement.drain.kind === 'never',
      );
      return isRight ? null : 'the worst partition or the drain';
    },
  },
  {
    name: 'one partition of six stands, sampled every 10 s',
    period: 10,
    partitions: 6,
    seconds: 1_200,
    rate: () => 2,
    members: [client(60, { partitions: SIX })],
    at: { 300: (world) => world.pause(3) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'stuck' },
    ],
  },
  {
    name: 'one partition of four stands, by the new protocol, with two members',
    partitions: 4,
    seconds: 800,
    rate: () => 2,
    members: [client(30, { partitions: [0, 1] }), client(30, { id: 'client-2', partitions: [2, 3] })],
    at: { 300: (world) => world.pause(2) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'stuck' },
    ],
  },
  {
    name: 'a client that commits every 30 s stands',
    seconds: 900,
    rate: () => 5,
    members: [client(30, { commitEvery: 30 })],
    at: { 400: (world) => world.pause(0) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 400, is: 'stuck', settles: 120 },
    ],
  },
  {
    name: 'a handler hangs, and its member is removed after 120 s',
    seconds: 800,
    rate: () => 5,
    members: [client(30)],
    at: { 300: (world) => world.pause(0), 420: (world) => world.leave(false) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'stuck' },
      { from: 420, is: 'no_members', settles: 15 },
    ],
  },
  {
    name: 'a partition stands for three hours: its delay is true, whatever the clock of the producer',
    period: 10,
    seconds: 11_400,
    rate: () => 0.5,
    members: [client(30)],
    begin: (world) => (world.clockError = 86_400),
    at: { 300: (world) => world.pause(0), 6_000: (world) => (world.restarts = true) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'stuck' },
    ],
    check: (moments) => {
      const wrong = moments.find(
        ({ seconds, delay, judgement }) =>
          seconds > 400 && Math.abs((judgement.delay?.seconds ?? 0) - delay) > 30 + 0.06 * delay,
      );
      return wrong
        ? `at ${wrong.seconds} s: ${wrong.judgement.delay?.seconds} s behind, true is ${wrong.delay}`
        : null;
    },
  },
  {
    name: 'nothing was seen of a partition that stood before Courier started',
    seconds: 600,
    rate: () => 2,
    members: [client(30)],
    begin: (world) => {
      backlog(100)(world);
      world.clockError = -86_400;
      world.pause(0);
    },
    phases: [{ from: 0, is: 'stuck', settles: 140 }],
    check: (moments) => {
      const last = moments.at(-1)?.judgement;
      return last?.since.isAtLeast && last.delay?.isAtLeast && last.delay.seconds > 590
        ? null
        : `${JSON.stringify([last?.since, last?.delay])} claims more than was seen`;
    },
  },
  {
    // The other partition always has some records unread, as a busy one has.
    name: 'one partition stands beside a slow one of the same member',
    partitions: 2,
    period: 10,
    seconds: 900,
    batch: 1,
    rate: (_seconds, partition) => (partition === 0 ? 0.1 : 0),
    begin: (world) => {
      world.write(0, 5, { at: -50 });
      world.write(1, 7, { at: -50 });
      world.pause(1);
    },
    members: [client(0.1, { partitions: [0, 1], commitEvery: 10 })],
    phases: [{ from: 0, is: 'stuck', settles: 240, between: ['stays_behind', 'keeping_up', 'waits_turn'] }],
  },
  {
    name: 'partitions that are read in turns do not stand: 12 in, 6 out',
    partitions: 3,
    seconds: 1_500,
    rate: () => 4,
    begin: backlog(1_500, [0, 1, 2]),
    members: [client(6, { partitions: [0, 1, 2], turns: 2_500 })],
    phases: [{ from: 0, is: 'falling_behind', settles: 60 }],
  },
  {
    name: '6 x 1,000 records at 15 a second, partition by partition',
    partitions: 6,
    seconds: 700,
    rate: () => 0,
    begin: backlog(1_000, SIX),
    members: [client(15, { partitions: SIX, turns: Infinity })],
    phases: [
      { from: 0, is: 'catching_up', settles: 60 },
      { from: (world) => world.unread() === 0, is: 'idle', settles: 20 },
    ],
    check: (moments) => drainIs(moments, 150, 400),
  },
  {
    // As clients do that commit what they read alone.
    name: 'partitions that wait for their first turn have no position yet',
    partitions: 4,
    seconds: 320,
    rate: () => 0,
    begin: (world) => {
      backlog(1_200, [0, 1, 2, 3])(world);
      for (const log of world.logs) log.committed = null;
    },
    each: (world) => {
      for (const log of world.logs) if (log.position === 0) log.committed = null;
    },
    members: [client(20, { partitions: [0, 1, 2, 3], turns: Infinity })],
    phases: [
      { from: 0, is: 'catching_up', settles: 90 },
      { from: (world) => world.unread() === 0, is: ['keeping_up', 'idle'], settles: 20 },
    ],
  },
  {
    name: 'turns of 500 records drain while more arrive',
    partitions: 4,
    seconds: 900,
    rate: () => 1,
    begin: backlog(2_000, [0, 1, 2, 3]),
    members: [client(20, { partitions: [0, 1, 2, 3], turns: 500 })],
    phases: [
      { from: 0, is: 'catching_up', settles: 60 },
      { from: (world) => world.delay() < 30, is: 'keeping_up', settles: 45 },
    ],
  },
];

/** Whether the drain that is given at a second has the true one in its band. */
export function drainIs(
  moments: { seconds: number; judgement: { drain: Drain } }[],
  after: number,
  endsAt: number,
): string | null {
  const moment = moments.find(({ seconds }) => seconds > after);
  const drain = moment?.judgement.drain;
  const left = endsAt - (moment?.seconds ?? 0);
  const isRight = drain?.kind === 'time' && drain.lowSeconds <= left && drain.highSeconds >= left;
  return isRight ? null : `the drain is ${JSON.stringify(drain)}, true is ${left}`;
}
