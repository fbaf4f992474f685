import type { Sequence } from '../run';
import { client, SIX } from './clients';

const ALWAYS = [{ from: 0, is: 'keeping_up' as const }];

export const KEEPING_UP: Sequence[] = [
  {
    name: 'commits every 5 s',
    seconds: 600,
    rate: () => 12,
    members: [client(50)],
    phases: ALWAYS,
    check: (moments) =>
      moments.every(({ judgement }) => judgement.drain.kind !== 'done' || judgement.lag === 0)
        ? null
        : 'it is done beside unread messages',
  },
  {
    name: 'is sampled every 10 s',
    period: 10,
    seconds: 900,
    rate: () => 12,
    members: [client(50)],
    phases: ALWAYS,
  },
  {
    name: 'commits each record of six partitions',
    partitions: 6,
    seconds: 400,
    rate: () => 4,
    members: [client(80, { partitions: SIX, commitEvery: 0 })],
    phases: ALWAYS,
  },
  {
    name: 'commits every 30 s',
    seconds: 600,
    rate: () => 8,
    members: [client(50, { commitEvery: 30 })],
    phases: ALWAYS,
  },
  {
    // Between two commits lag is nothing but the age of the last one.
    name: 'commits every 90 s',
    seconds: 1_500,
    rate: () => 8,
    members: [client(50, { commitEvery: 90 })],
    phases: ALWAYS,
  },
  {
    name: 'commits every 90 s and is sampled every 10 s',
    period: 10,
    seconds: 1_500,
    rate: () => 8,
    members: [client(50, { commitEvery: 90 })],
    phases: ALWAYS,
  },
  {
    name: 'commits batches of 100',
    seconds: 600,
    rate: () => 10,
    members: [client(15, { commitBatch: 100 })],
    phases: ALWAYS,
  },
  {
    name: 'drains a burst of 150 every 30 s',
    seconds: 900,
    batch: 150,
    rate: () => 5,
    members: [client(20)],
    phases: [
      { from: 0, is: 'no_data' },
      { from: 30, is: 'keeping_up' },
    ],
  },
  {
    // Time since the last move counts only while something is unread.
    name: 'gets one message after five quiet minutes',
    seconds: 1_300,
    rate: () => 0,
    members: [client(50)],
    at: {
      310: (world) => world.write(0, 1),
      640: (world) => world.write(0, 1),
      990: (world) => world.write(0, 1),
    },
    phases: [{ from: 0, is: 'idle' }],
  },
  {
    name: 'reads records with timestamps of 2010',
    seconds: 400,
    rate: () => 10,
    members: [client(50)],
    begin: (world) => (world.clockError = -500_000_000),
    phases: ALWAYS,
    check: (moments) =>
      moments.slice(3).every(({ judgement }) => (judgement.delay?.seconds ?? 0) < 20)
        ? null
        : 'the delay is of the timestamp',
  },
  {
    name: 'reads records with timestamps of next year',
    seconds: 400,
    rate: () => 10,
    members: [client(50)],
    begin: (world) => (world.clockError = 31_536_000),
    phases: ALWAYS,
    check: (moments) =>
      moments.slice(3).some(({ judgement }) => (judgement.delay?.seconds ?? 0) > 1)
        ? null
        : 'the delay is always 0',
  },
  {
    name: 'has a busy partition beside five quiet ones',
    partitions: 6,
    seconds: 900,
    rate: (_seconds, partition) => (partition === 2 ? 20 : 0),
    members: [client(80, { partitions: SIX })],
    phases: ALWAYS,
  },
  {
    name: 'is stopped for short rebalances',
    partitions: 3,
    seconds: 700,
    rate: () => 4,
    members: [client(50, { partitions: [0, 1, 2] })],
    each: (world) => {
      const stops = world.seconds % 60 > 54;
      world.state = stops ? 'PreparingRebalance' : 'Stable';
      for (const item of world.clients) item.perSecond = stops ? 0 : 50;
    },
    phases: ALWAYS,
  },
  {
    name: 'reconciles for a long time by the new protocol, which stops nobody',
    partitions: 2,
    seconds: 500,
    rate: () => 4,
    members: [client(50, { partitions: [0, 1] })],
    at: { 200: (world) => (world.state = 'Reconciling'), 350: (world) => (world.state = 'Stable') },
    phases: ALWAYS,
  },
];
