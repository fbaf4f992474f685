import { Kafka, logLevel } from 'kafkajs';
import { JavaAdmin, type Numbers } from './admin';
import { Driver } from './driver';
import type { Plan } from './plans';

/** What a Courier reports of a group. */
export interface Said {
  group: string;
  verdict: string;
  standing?: string;
  /** null: not known. */
  lag: number | null;
  /** When it was measured, in milliseconds since 1970. */
  sampledAt: number;
}

/** One Courier that is refereed. */
export interface Player {
  name: string;
  ask(): Promise<Said[]>;
}

export interface Score {
  /** Groups with a false verdict, with the first one. */
  wrong: Map<string, string>;
  falseSeconds: number;
  /** Changes of verdicts beyond those of the truth. */
  flips: number;
  flipping: string[];
  /** Lags outside what Kafka's AdminClient allows at that moment. */
  sums: string[];
  /** Moments in which the four did not add up. */
  standings: string[];
  asked: number;
}

const PERIOD_SECONDS = 3;
const SETTLES_FIRST = 125;

interface Game {
  plan: Plan;
  driver: Driver;
  truth: string[];
  formerTruth: string[];
  changedAt: number;
  changes: number;
}

/** Lets groups do what their plans contain, on a real Kafka, and compares the reports of Couriers with the truth. */
export async function referee(
  address: string,
  jars: string,
  plans: Plan[],
  players: Player[],
  seconds: number,
): Promise<Map<string, Score>> {
  const kafka = new Kafka({ clientId: 'referee', brokers: [address], logLevel: logLevel.NOTHING });
  const admin = await JavaAdmin.start(address, jars);
  const producer = kafka.producer();
  await producer.connect();
  const games = await begin(kafka, producer, admin, plans);
  const scores = new Map(players.map(({ name }) => [name, newScore()]));
  const seen = new Map(players.map(({ name }) => [name, new Map<string, string>()]));
  const numbers: Numbers[] = [];
  const began = Date.now();
  for (let tick = 0; tick < seconds; tick += 1) {
    await Promise.all(games.map((game) => step(game, tick)));
    if (tick % PERIOD_SECONDS === 0) {
      numbers.push(await admin.numbers(games.map(({ driver }) => driver.name)));
      if (numbers.length > 8) numbers.shift();
      for (const game of games) follow(game, tick);
      for (const player of players) {
        const score = scores.get(player.name) ?? newScore();
        const said = await player.ask().catch(() => []);
        compare(score, seen.get(player.name) ?? new Map<string, string>(), games, said, tick, numbers);
      }
    }
    const wait = began + (tick + 1) * 1_000 - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  await Promise.all(games.map(({ driver }) => driver.stop()));
  await producer.disconnect();
  await admin.stop();
  return scores;
}

const newScore = (): Score => ({
  wrong: new Map(),
  falseSeconds: 0,
  flips: 0,
  flipping: [],
  sums: [],
  standings: [],
  asked: 0,
});

async function begin(
  kafka: Kafka,
  producer: ReturnType<Kafka['producer']>,
  admin: JavaAdmin,
  plans: Plan[],
): Promise<Game[]> {
  const client = kafka.admin();
  await client.connect();
  const games: Game[] = [];
  for (const plan of plans)
    for (let copy = 1; copy <= plan.copies; copy += 1) {
      const name = `${plan.name}-${copy}`;
      await client.createTopics({
        topics: [{ topic: name, numPartitions: plan.partitions, replicationFactor: 1 }],
      });
      const driver = new Driver(kafka, producer, admin, name, plan.partitions, plan.reading);
      for (let partition = 0; partition < plan.partitions; partition += 1)
        await driver.send(partition, plan.backlog ?? 0);
      if (plan.startsReading === false) admin.commit(name, name, 0, 1_000);
      games.push({ plan, driver, truth: [], formerTruth: ['no_data'], changedAt: 0, changes: 0 });
    }
  await client.disconnect();
  for (const { plan, driver } of games) if (plan.startsReading !== false) await driver.start();
  return games;
}

async function step({ plan, driver }: Game, tick: number): Promise<void> {
  await plan.at?.[tick]?.(driver);
  for (let partition = 0; partition < plan.partitions; partition += 1)
    await driver.send(partition, plan.rate(tick, partition));
}

function follow(game: Game, tick: number): void {
  const truth = game.plan.truth(game.driver, tick);
  if (truth.join() === game.truth.join()) return;
  if (game.truth.length > 0) {
    game.formerTruth = game.truth;
    game.changes += 1;
  }
  game.truth = truth;
  game.changedAt = tick;
}

function settlesOf({ plan, changes }: Game): number {
  const interval = plan.reading.commitEvery ?? 0;
  const seen = Math.ceil(interval / PERIOD_SECONDS) * PERIOD_SECONDS;
  const usual =
    Math.max(30, 1.5 * seen + PERIOD_SECONDS, seen + 4 * PERIOD_SECONDS) + interval + 4 * PERIOD_SECONDS;
  return Math.max(plan.settles ?? usual, changes === 0 ? SETTLES_FIRST : 0);
}

function compare(
  score: Score,
  seen: Map<string, string>,
  games: Game[],
  said: Said[],
  tick: number,
  numbers: Numbers[],
): void {
  const byGroup = new Map(said.map((item) => [item.group, item]));
  score.asked += 1;
  const standings = said.filter(({ standing }) => standing !== undefined);
  if (standings.length !== said.length && standings.length > 0) score.standings.push(`${tick} s`);
  for (const game of games) {
    const { plan, driver, truth, formerTruth } = game;
    const item = byGroup.get(driver.name);
    const isSettling = tick - game.changedAt < settlesOf(game);
    const verdict = item?.verdict ?? 'missing';
    const isRight = truth.includes(verdict);
    const isAllowed =
      isRight ||
      (isSettling &&
        (formerTruth.includes(verdict) ||
          (plan.between ?? []).includes(verdict) ||
          verdict === 'no_data' ||
          verdict === 'missing'));
    if (!isAllowed) {
      score.falseSeconds += PERIOD_SECONDS;
      if (!score.wrong.has(driver.name))
        score.wrong.set(driver.name, `${tick} s: ${verdict}, true is ${truth.join(' or ')}`);
    }
    const before = seen.get(driver.name);
    const isOpen = isSettling || (before !== undefined && truth.includes(before) && isRight);
    if (before !== undefined && before !== verdict && !isOpen) {
      score.flips += 1;
      score.flipping.push(`${driver.name} ${tick} s: ${before} to ${verdict}`);
    }
    seen.set(driver.name, verdict);
    const wrong = item && plan.hasMarkers === undefined ? sumError(item, numbers, driver.name) : null;
    if (wrong) score.sums.push(`${driver.name} ${tick} s: ${wrong}`);
  }
}

/** Whether a lag can be that of its moment, by the answers of the AdminClient before and after it. */
function sumError(said: Said, numbers: Numbers[], group: string): string | null {
  const { lag, sampledAt } = said;
  // A sample takes some time, so that its reads are of moments around its time.
  const before = numbers.findLast(({ to }) => to <= sampledAt - 1_500);
  const after = numbers.find(({ from }) => from >= sampledAt + 1_500);
  if (lag === null || !before || !after) return null;
  const first = before.groups.get(group);
  const last = after.groups.get(group);
  if (!first || !last || first.size !== last.size) return null;
  let [least, most] = [0, 0];
  for (const [place, then] of last) {
    const earlier = first.get(place);
    if (!earlier || then.position < earlier.position) return null;
    least += Math.max(0, earlier.end - then.position);
    most += Math.max(0, then.end - earlier.position);
  }
  return lag >= least && lag <= most ? null : `lag ${lag}, by Kafka ${least} to ${most}`;
}
