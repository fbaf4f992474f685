import type { Sequence } from '../run';
import { backlog, client, SIX } from './clients';

export const MEMBERS: Sequence[] = [
  {
    name: 'the client stops with lag',
    seconds: 600,
    rate: () => 5,
    members: [client(30)],
    at: { 300: (world) => world.leave() },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'no_members', settles: 15 },
    ],
  },
  {
    name: 'the client stops, and nothing is unread',
    seconds: 600,
    rate: (seconds) => (seconds < 200 ? 5 : 0),
    members: [client(30)],
    at: { 300: (world) => world.leave() },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'idle', settles: 15 },
    ],
  },
  {
    name: 'a client comes back after five minutes',
    seconds: 900,
    rate: () => 10,
    members: [client(40)],
    at: { 200: (world) => world.leave(), 500: (world) => world.join() },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 200, is: 'no_members', settles: 15 },
      { from: 500, is: 'catching_up', settles: 25 },
      { from: (world) => world.delay() < 30, is: 'keeping_up', settles: 40 },
    ],
  },
  {
    name: 'a client rests for longer than it may be behind, and comes back',
    partitions: 1,
    seconds: 400,
    rate: () => 1,
    members: [client(2.6, { commitEvery: 0.5 })],
    at: { 100: (world) => world.leave(), 160: (world) => world.join() },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 100, is: 'no_members', settles: 15 },
      { from: 160, is: 'catching_up', settles: 40 },
      { from: (world) => world.delay() < 30, is: 'keeping_up', settles: 60 },
    ],
  },
  {
    name: 'members read and never commit',
    partitions: 2,
    seconds: 400,
    rate: () => 3,
    begin: (world) => {
      world.write(0, 200);
      for (const log of world.logs) log.committed = null;
    },
    members: [client(30, { partitions: [0, 1], commitEvery: null })],
    phases: [{ from: 0, is: 'no_position', settles: 40 }],
    check: (moments) =>
      moments.every(({ judgement }) => judgement.lag === null) ? null : 'a lag without a position',
  },
  {
    name: 'the first record of a partition cannot be handled',
    partitions: 6,
    seconds: 500,
    rate: () => 2,
    begin: (world) => world.pause(3),
    each: (world) => (world.log(3).committed = null),
    members: [client(60, { partitions: SIX, commitEvery: 0 })],
    phases: [{ from: 0, is: 'no_position', settles: 45, between: ['keeping_up'] }],
    check: (moments) => (moments.at(-1)?.judgement.worst === 'orders/3' ? null : 'the worst partition'),
  },
  {
    name: 'partitions are assigned by hand, as Flink does',
    seconds: 600,
    rate: () => 6,
    members: [client(30)],
    begin: (world) => Object.assign(world, { state: 'Empty', isSimple: true }),
    phases: [{ from: 0, is: 'read_without_membership', settles: 30 }],
    check: (moments) => (moments.at(-1)?.judgement.reading === 'without_membership' ? null : 'who reads it'),
  },
  {
    name: 'partitions are assigned by hand, and the reader falls behind',
    seconds: 900,
    rate: (seconds) => (seconds < 300 ? 6 : 20),
    members: [client(10)],
    begin: (world) => Object.assign(world, { state: 'Empty', isSimple: true }),
    phases: [
      { from: 0, is: 'read_without_membership', settles: 30 },
      { from: (world) => world.seconds > 300 && world.delay() > 30, is: 'falling_behind' },
    ],
  },
  {
    name: 'the position is beyond the end',
    seconds: 300,
    rate: () => 0,
    begin: (world) => {
      world.write(0, 50);
      world.setPosition(0, 1_000);
    },
    members: [client(30, { commitEvery: null })],
    phases: [{ from: 0, is: 'beyond_end', settles: 15 }],
  },
  {
    name: 'the position is moved back by 3,200 while members are there',
    seconds: 700,
    rate: () => 20,
    members: [client(60)],
    at: { 300: (world) => world.setPosition(0, (world.log(0).committed ?? 0) - 3_200) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'moved_back', settles: 15 },
      {
        from: (world) => world.seconds > 300 && world.log(0).position >= 5_990,
        is: 'catching_up',
        settles: 30,
        between: ['keeping_up'],
      },
      { from: (world) => world.delay() < 30, is: 'keeping_up', settles: 45 },
    ],
  },
  {
    name: '50 records are deleted while nobody reads, and a reader goes on behind them',
    seconds: 500,
    rate: () => 2,
    begin: (world) => {
      world.write(0, 100, { at: -60 });
      world.setPosition(0, 10);
      world.log(0).start = 60;
      world.leave(false);
    },
    members: [client(30)],
    at: { 200: (world) => world.join() },
    phases: [
      { from: 0, is: 'no_members', settles: 15 },
      { from: 200, is: 'keeping_up', settles: 30, between: ['catching_up'] },
    ],
    check: (moments) => {
      const losses = moments.at(-1)?.losses ?? [];
      const [loss] = losses;
      return losses.length === 1 && loss?.isCertain && loss.from === 10 && loss.to === 60
        ? null
        : `losses ${JSON.stringify(losses)}`;
    },
  },
  {
    name: 'retention deletes what a stuck reader has not read, three times',
    seconds: 900,
    rate: () => 5,
    members: [client(30)],
    at: {
      200: (world) => world.pause(0),
      500: (world) => (world.log(0).start = world.end(0) - 1_000),
      600: (world) => (world.log(0).start = world.end(0) - 800),
      700: (world) => (world.log(0).start = world.end(0) - 600),
    },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 200, is: 'stuck' },
    ],
    check: (moments) => {
      const losses = moments.at(-1)?.losses ?? [];
      const isSeamless = losses.every((loss, index) => index === 0 || loss.from === losses[index - 1]?.to);
      return losses.length >= 2 && isSeamless && losses.every((loss) => loss.isCertain)
        ? null
        : `losses ${JSON.stringify(losses)}`;
    },
  },
  {
    name: 'members come and go every two seconds and never commit',
    seconds: 400,
    rate: () => 0,
    begin: (world) => {
      backlog(8)(world);
      world.pause(0);
    },
    each: (world) => (world.state = world.seconds % 9 < 5 ? 'PreparingRebalance' : 'Stable'),
    members: [client(30, { commitEvery: null })],
    phases: [{ from: 0, is: 'rebalancing', settles: 60 }],
  },
  {
    name: 'no member holds a partition',
    partitions: 2,
    seconds: 500,
    rate: () => 3,
    members: [client(30, { partitions: [0] })],
    phases: [{ from: 0, is: 'not_assigned', settles: 40, between: ['keeping_up'] }],
    check: (moments) => (moments.at(-1)?.judgement.worst === 'orders/1' ? null : 'the worst partition'),
  },
  {
    name: 'a topic is deleted: its positions do not count any more',
    partitions: 2,
    seconds: 500,
    rate: () => 3,
    members: [client(30, { partitions: [0, 1] })],
    at: {
      200: (world) => world.pause(1),
      300: (world) => (world.log(1).isDeleted = true),
    },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 200, is: 'stuck' },
      { from: 300, is: 'keeping_up', settles: 10 },
    ],
  },
];
