import type { Sequence } from '../run';
import { backlog, client } from './clients';
import { drainIs } from './standing';

const isLate = (world: { seconds: number; delay: () => number }, after: number) =>
  world.seconds > after && world.delay() > 30;

export const TRENDS: Sequence[] = [
  {
    name: '12 a second arrive, 6 are read',
    seconds: 900,
    rate: (seconds) => (seconds < 200 ? 5 : 12),
    members: [client(6)],
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: (world) => isLate(world, 200), is: 'falling_behind' },
    ],
  },
  {
    name: '12 a second arrive, 6 are read, sampled every 10 s',
    period: 10,
    seconds: 1_200,
    rate: (seconds) => (seconds < 300 ? 5 : 12),
    members: [client(6)],
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: (world) => isLate(world, 300), is: 'falling_behind' },
    ],
  },
  {
    name: 'always 1,000 behind',
    seconds: 1_800,
    batch: 1,
    rate: () => 8,
    begin: backlog(1_000),
    members: [client(8)],
    phases: [{ from: 0, is: 'stays_behind', settles: 75 }],
  },
  {
    name: 'always 1,000 behind, sampled every 10 s',
    period: 10,
    seconds: 1_800,
    batch: 1,
    rate: () => 8,
    begin: backlog(1_000),
    members: [client(8)],
    phases: [{ from: 0, is: 'stays_behind', settles: 90 }],
  },
  {
    name: 'one partition drains, the other falls behind',
    partitions: 2,
    seconds: 700,
    rate: (_seconds, partition) => (partition === 0 ? 2 : 6.5),
    begin: backlog(2_500, [0, 1]),
    members: [client(32), client(3, { id: 'client-2', partitions: [1] })],
    phases: [{ from: 0, is: 'falling_behind', settles: 60 }],
    check: (moments) =>
      moments.every(({ seconds, judgement }) => seconds < 60 || judgement.drain.kind === 'never')
        ? null
        : 'the drain is that of the sum',
  },
  {
    name: 'drains at 40 a second while nothing arrives',
    seconds: 200,
    rate: () => 0,
    begin: backlog(4_000),
    members: [client(40)],
    phases: [
      { from: 0, is: 'catching_up', settles: 20 },
      { from: (world) => world.unread() === 0, is: 'idle', settles: 20 },
    ],
    check: (moments) => drainIs(moments, 45, 100),
  },
  {
    name: 'drains after a burst of 10,000',
    seconds: 700,
    rate: () => 5,
    members: [client(60)],
    at: { 200: (world) => world.write(0, 10_000) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: (world) => isLate(world, 200), is: 'catching_up', settles: 20 },
      { from: (world) => world.delay() < 30, is: 'keeping_up', settles: 30 },
    ],
  },
  {
    name: 'drains after a burst of 30,000, sampled every 10 s',
    period: 10,
    seconds: 1_000,
    rate: () => 5,
    members: [client(60)],
    at: { 200: (world) => world.write(0, 30_000) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: (world) => isLate(world, 200), is: 'catching_up', settles: 45 },
      { from: (world) => world.delay() < 30, is: 'keeping_up', settles: 45 },
    ],
  },
  {
    name: 'a saw-tooth of four minutes up and four minutes down is followed',
    seconds: 2_000,
    rate: (seconds) => (seconds % 480 < 240 ? 20 : 2),
    begin: backlog(1_500),
    members: [client(11)],
    phases: [
      { from: 0, is: 'falling_behind', settles: 60 },
      ...[240, 480, 720, 960, 1_200, 1_440, 1_680].map((from) => ({
        from,
        is: from % 480 === 0 ? ('falling_behind' as const) : ('catching_up' as const),
        settles: 45,
      })),
      { from: 1_920, is: 'falling_behind', settles: 80 },
    ],
  },
  {
    name: 'a saw-tooth of forty seconds has no trend',
    seconds: 1_800,
    batch: 1,
    rate: (seconds) => (seconds % 40 < 20 ? 24 : 8),
    begin: backlog(2_000),
    members: [client(16)],
    phases: [{ from: 0, is: 'stays_behind', settles: 300, between: ['falling_behind', 'catching_up'] }],
  },
  {
    name: 'slow, with timestamps two days ahead',
    seconds: 700,
    rate: () => 12,
    begin: (world) => {
      backlog(1_000)(world);
      world.clockError = 172_800;
    },
    members: [client(6)],
    phases: [{ from: 0, is: 'falling_behind', settles: 90 }],
    check: (moments) =>
      (moments.at(-1)?.judgement.delay?.seconds ?? 0) > 100 ? null : 'the delay is that of the timestamp',
  },
];
