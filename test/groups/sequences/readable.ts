import type { Sequence } from '../run';
import { client } from './clients';

const lagIsZero: Sequence['check'] = (moments) =>
  moments.every(({ judgement }) => judgement.lag === 0) ? null : 'what cannot be read counts as unread';

export const READABLE: Sequence[] = [
  {
    name: 'a transaction stays open',
    seconds: 700,
    rate: () => 3,
    members: [client(30)],
    at: {
      300: (world) => (world.log(0).stable = world.end(0)),
      550: (world) => (world.log(0).stable = null),
    },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 300, is: 'waits_transaction' },
      { from: 550, is: 'keeping_up', settles: 15 },
    ],
  },
  {
    name: 'transactions of ten seconds are nothing',
    seconds: 900,
    rate: () => 3,
    members: [client(30)],
    each: (world) => {
      const { seconds } = world;
      if (seconds % 20 < 0.25) world.log(0).stable = world.end(0);
      if (seconds % 20 > 10 && seconds % 20 < 10.5) world.log(0).stable = null;
    },
    phases: [{ from: 0, is: 'keeping_up' }],
  },
  {
    name: 'a reader of uncommitted records does not wait for a transaction',
    seconds: 700,
    rate: () => 3,
    members: [client(30, { readsUncommitted: true })],
    at: { 100: (world) => (world.log(0).stable = world.end(0)) },
    phases: [{ from: 0, is: 'keeping_up' }],
  },
  {
    name: 'a tail of 40 aborted records, committed as record plus one',
    seconds: 700,
    rate: () => 0,
    begin: (world) => {
      world.write(0, 20);
      world.write(0, 40, { isHidden: true });
      world.setPosition(0, 20);
      world.pause(0);
    },
    members: [client(30, { commitEvery: null })],
    phases: [{ from: 0, is: 'idle' }],
    check: lagIsZero,
  },
  {
    name: 'a control record is last on each of three partitions',
    partitions: 3,
    seconds: 700,
    rate: () => 0,
    begin: (world) => {
      for (const partition of [0, 1, 2]) {
        world.write(partition, 10);
        world.write(partition, 1, { isHidden: true });
        world.setPosition(partition, 10);
      }
      world.pause(0, 1, 2);
    },
    members: [client(30, { partitions: [0, 1, 2], commitEvery: null })],
    phases: [{ from: 0, is: 'idle' }],
    check: lagIsZero,
  },
  {
    name: 'whether a record can be read is not known: it is not called stuck, and after five minutes not known',
    seconds: 900,
    rate: () => 2,
    members: [client(30)],
    at: { 200: (world) => world.pause(0) },
    sample: (_world, sample) => {
      if (sample.readable === 'some') sample.readable = 'unknown';
      sample.firstUnreadAt = null;
    },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 200, is: 'no_data', settles: 330 },
    ],
  },
  {
    name: 'a share group has read all, by what the broker says',
    seconds: 700,
    rate: () => 0,
    begin: (world) => {
      world.write(0, 50);
      world.setPosition(0, 49);
      world.pause(0);
    },
    members: [client(30, { commitEvery: null })],
    sample: (_world, sample) => (sample.brokerLag = 0),
    phases: [{ from: 0, is: 'idle' }],
    check: lagIsZero,
  },
  {
    name: 'the broker does not say how much a share group has to read',
    seconds: 300,
    rate: () => 2,
    members: [client(30)],
    sample: (_world, sample) => (sample.brokerLag = null),
    phases: [{ from: 0, is: 'no_data' }],
  },
];
