import { fork } from 'node:child_process';
import * as fs from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { askHolder, lockFolder } from './instance-lock';

const folders: string[] = [];
const makeFolder = (...below: string[]) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-lock-'));
  folders.push(folder);
  return path.join(folder, ...below);
};

describe('the lock of a data folder', () => {
  afterEach(() => folders.splice(0).forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

  it('is held by one, who says where its database is, and is free again afterwards', async () => {
    const folder = makeFolder('data');
    expect(await askHolder(folder)).toBeNull();
    const lock = await lockFolder(folder, 'courier start');
    await expect(lockFolder(folder, 'courier demo')).rejects.toThrow(
      new RegExp(`already: courier start, process ${process.pid}, since `),
    );
    expect(await askHolder(folder)).toMatchObject({ pid: process.pid, url: null });
    lock.publish('postgres://here');
    expect(await askHolder(folder)).toMatchObject({ url: 'postgres://here' });
    expect(fs.statSync(path.join(folder, 'courier.sock')).mode & 0o077).toBe(0);
    await lock.release();
    expect(await askHolder(folder)).toBeNull();
    await (await lockFolder(folder, 'courier start')).release();
  });

  it('dies with its holder, kill -9 included, and of many who start then one gets it', async () => {
    const folder = makeFolder();
    const child = fork(path.resolve('lib/testing/hold-lock.ts'), [folder], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    await expect(lockFolder(folder, 'me')).rejects.toThrow(`process ${child.pid}`);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(fs.existsSync(path.join(folder, 'courier.sock'))).toBe(true);
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, 'me')));
    const won = all.filter((item) => item.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await won[0]?.value.release();
  });

  it('knows a holder that is stopped from one that is gone', async () => {
    const folder = makeFolder();
    const child = fork(path.resolve('lib/testing/hold-lock.ts'), [folder], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    child.kill('SIGSTOP');
    // As many wait for its answer as the system lets wait: the next is turned away, which is not the same as a socket without a listener.
    const waiting = Array.from({ length: 700 }, () =>
      connect(path.join(folder, 'courier.sock')).on('error', () => undefined),
    );
    try {
      await expect(lockFolder(folder, 'me')).rejects.toThrow('by a process that does not answer');
      expect(await askHolder(folder)).toBe('silent');
    } finally {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
    }
  });

  it('works in a folder whose path is longer than a socket may have', async () => {
    const folder = makeFolder('x'.repeat(120));
    const lock = await lockFolder(folder, 'courier start');
    expect(await askHolder(folder)).toMatchObject({ pid: process.pid });
    await lock.release();
  });
});
