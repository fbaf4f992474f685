import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Supervisor } from './supervisor';

const FROZEN_AFTER_MS = 1_500;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-parts-'));
const supervisors: Supervisor[] = [];

/** A part that beats ten times a second, and whose loop is busy for a while on request. */
function writePart(name: string): string {
  const file = path.join(folder, `${name}.mjs`);
  fs.writeFileSync(
    file,
    `process.send({ began: process.pid });
     setInterval(() => process.send?.({ heartbeat: true }, () => undefined), 100);
     process.on('message', ({ busyMs }) => {
       const until = performance.now() + busyMs;
       while (performance.now() < until);
     });
     process.on('disconnect', () => process.exit(0));
     process.on('SIGTERM', () => process.exit(0));`,
  );
  return file;
}

function run() {
  const said: string[] = [];
  const pids: number[] = [];
  const supervisor = new Supervisor({
    say: (line) => said.push(line),
    onMessage: (_, message) => {
      if (message !== null && typeof message === 'object' && 'began' in message)
        pids.push(Number(message.began));
    },
    frozenAfterMs: FROZEN_AFTER_MS,
  });
  supervisors.push(supervisor);
  supervisor.start({ name: 'part', file: writePart('part'), args: [], env: {}, beats: true });
  return { said, pids, supervisor };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('the supervisor', () => {
  afterEach(() => Promise.all(supervisors.splice(0).map((supervisor) => supervisor.stop([]))));

  it('starts a part again that is killed, and one that is frozen', async () => {
    const { said, pids } = run();
    await expect.poll(() => pids).toHaveLength(1);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await expect.poll(() => pids, { timeout: 10_000 }).toHaveLength(2);
    process.kill(pids[1] ?? 0, 'SIGSTOP');
    await expect.poll(() => pids, { timeout: 15_000 }).toHaveLength(3);
    expect(said.join('\n')).toMatch(/part ended \(SIGKILL\).*part has been frozen for \d+ s and is ended/s);
  });

  it('lets a part live whose loop is busy for less than that', async () => {
    const { said, pids, supervisor } = run();
    await expect.poll(() => pids).toHaveLength(1);
    for (let round = 0; round < 3; round += 1) {
      supervisor.send('part', { busyMs: FROZEN_AFTER_MS / 2 });
      await pause(FROZEN_AFTER_MS);
    }
    expect({ said, pids: pids.length }).toEqual({ said: [], pids: 1 });
  });

  it('kills nobody after a sleep of the machine, in which nothing beats and nobody looks', async () => {
    const { said, pids } = run();
    await expect.poll(() => pids).toHaveLength(1);
    const [pid = 0] = pids;
    process.kill(pid, 'SIGSTOP');
    // This process sleeps as well.
    const until = performance.now() + 3 * FROZEN_AFTER_MS;
    while (performance.now() < until);
    process.kill(pid, 'SIGCONT');
    await pause(FROZEN_AFTER_MS);
    expect({ said, pids: pids.length }).toEqual({ said: [], pids: 1 });
  });
});
