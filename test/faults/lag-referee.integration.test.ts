import * as fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkOut } from '@/lib/testing/check-out';
import { jarsOf, versionOf } from '@/lib/testing/kafka';
import { PLANS } from '../referee/plans';
import { startPlayer } from '../referee/player';
import { referee } from '../referee/referee';

/** The last commit with the verdict of sums and rates over all partitions. */
const FORMER = '4063dbd';
const SECONDS = Number(process.env.REFEREE_SECONDS ?? 600);

describe.runIf(inject('kafka'))('a referee, who knows what 54 groups do', () => {
  const players: Awaited<ReturnType<typeof startPlayer>>[] = [];
  let former: string;

  beforeAll(async () => {
    former = checkOut(FORMER);
    // It is newer than that commit.
    fs.cpSync('test/referee', path.join(former, 'test', 'referee'), { recursive: true });
    const kafka = inject('kafka')?.address ?? '';
    for (const [name, folder] of [
      ['today', process.cwd()],
      ['former', former],
    ] as const)
      players.push(await startPlayer(name, folder, kafka));
  }, 120_000);
  afterAll(async () => {
    await Promise.all(players.map((player) => player.stop()));
    fs.rmSync(former, { recursive: true, force: true });
  }, 60_000);

  it(
    'finds no false verdict, no change without a reason and no wrong sum; in the former judge it finds 20',
    async () => {
      const kafka = inject('kafka');
      const scores = await referee(kafka?.address ?? '', jarsOf(versionOf()), PLANS, players, SECONDS);
      for (const [name, score] of scores)
        console.log(
          `${name}: ${score.wrong.size} groups wrong, ${score.falseSeconds} s false, ${score.flips} flips, ${score.sums.length} sums`,
        );
      const today = scores.get('today');
      expect(today?.asked).toBeGreaterThan(SECONDS / 4);
      const found = {
        wrong: [...(today?.wrong ?? [])],
        flips: today?.flipping,
        sums: today?.sums,
        standings: today?.standings,
      };
      expect(found).toEqual({ wrong: [], flips: [], sums: [], standings: [] });
      expect(scores.get('former')?.wrong.size).toBeGreaterThanOrEqual(20);
    },
    (SECONDS + 200) * 1_000,
  );
});
