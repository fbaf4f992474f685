import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { CourierError } from '@/lib/errors';

/** How the holder of a data folder identifies itself. */
export interface Holder {
  pid: number;
  /** What it is: `courier start`, `courier demo`, ... */
  command: string;
  startedAt: string;
  /** Address of its database, once that runs; null before. */
  url: string | null;
}

export interface InstanceLock {
  /** Publishes the URL of the database to other processes from now on. */
  publish(url: string): void;
  release(): Promise<void>;
}

const ANSWER_WITHIN_MS = 2_000;
/** The longest path of a socket that every system takes, its end included. */
const MAX_SOCKET_PATH = 100;
const TRIES = 400;
const ASK_AGAIN_MS = 50;
const ABANDONED_AFTER_MS = 10_000;

/**
 * Locks a data folder for this process. The lock is a socket in the folder on which this process listens, so it is gone
 * when its holder ends in any way. A process id would mean nothing in a container or after a restart.
 * @throws CourierError conflict with the process that holds the folder
 */
export async function lockFolder(folder: string, command: string): Promise<InstanceLock> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  const socket = socketOf(folder);
  const holder: Holder = { pid: process.pid, command, startedAt: new Date().toISOString(), url: null };
  for (let tried = 0; tried < TRIES; tried += 1) {
    const server = await listen(socket, () => JSON.stringify(holder));
    if (server) {
      return {
        publish: (url) => void (holder.url = url),
        release: () => new Promise((resolve) => server.close(() => resolve())),
      };
    }
    const other = await askHolder(folder);
    if (other !== null) throw heldBy(folder, other);
    await removeStale(folder, socket);
  }
  throw heldBy(folder, 'silent');
}

/** The process that holds a data folder; `silent` for one that does not answer, null if there is none. */
export async function askHolder(folder: string): Promise<Holder | 'silent' | null> {
  const socket = socketOf(folder);
  if (!fs.existsSync(socket)) return null;
  // A socket refuses for a moment between its making and its first listening.
  for (let tried = 0; tried < 3; tried += 1) {
    const answer = await ask(socket);
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  return null;
}

function heldBy(folder: string, holder: Holder | 'silent'): CourierError {
  const who =
    holder === 'silent'
      ? 'by a process that does not answer'
      : `already: ${holder.command}, process ${holder.pid}, since ${holder.startedAt}`;
  return new CourierError(
    'conflict',
    `Courier runs from ${folder} ${who}. Stop it first, or set COURIER_DATA_DIR to another folder.`,
  );
}

function socketOf(folder: string): string {
  const real = fs.existsSync(folder) ? fs.realpathSync(folder) : path.resolve(folder);
  const socket = path.join(real, 'courier.sock');
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return socket;
  // By a short way round: the socket is in the folder all the same.
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 16);
  const link = path.join(os.tmpdir(), `courier-${process.getuid?.() ?? 0}-${hash}`);
  try {
    fs.symlinkSync(real, link);
  } catch {
    if (fs.readlinkSync(link) !== real) {
      throw new CourierError('conflict', `${link} leads to another folder than ${real}. Remove it.`);
    }
  }
  return path.join(link, 'courier.sock');
}

function listen(socket: string, answer: () => string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => {
      connection.on('error', () => undefined);
      connection.end(answer());
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE'
        ? resolve(null)
        : reject(
            new CourierError(
              'conflict',
              `The folder of ${socket} can't be locked: ${error.message}. Set COURIER_DATA_DIR to a folder of a local disk.`,
            ),
          ),
    );
    const mask = process.umask(0o077);
    server.listen(socket, () => resolve(server));
    process.umask(mask);
    server.unref();
  });
}

function ask(socket: string): Promise<Holder | 'silent' | null> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    let text = '';
    const timer = setTimeout(() => {
      connection.destroy();
      resolve('silent');
    }, ANSWER_WITHIN_MS);
    const done = (answer: Holder | 'silent' | null): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    connection.on('data', (bytes) => (text += bytes.toString()));
    // Only these mean that no process listens: a full backlog and a missing right mean that one does.
    connection.on('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? null : 'silent'),
    );
    connection.on('end', () => {
      try {
        done(JSON.parse(text) as Holder);
      } catch {
        done('silent');
      }
    });
  });
}

/**
 * Removes the socket of a holder that is gone. Only one process at a time may do so, and it checks again before the
 * removal, since another process could have taken the folder in between.
 */
async function removeStale(folder: string, socket: string): Promise<void> {
  const cleaning = `${socket}.cleaning`;
  const server = await listen(cleaning, () => '');
  if (!server) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    const age = Date.now() - (fs.statSync(cleaning, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    // Its starter was killed in the moment in which it removed a socket.
    if (age > ABANDONED_AFTER_MS && (await ask(cleaning)) === null) fs.rmSync(cleaning, { force: true });
    return;
  }
  try {
    if ((await askHolder(folder)) === null) fs.rmSync(socket, { force: true });
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}
