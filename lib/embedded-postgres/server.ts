import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, DatabaseError } from 'pg';
import { CourierError, sentenceOf } from '@/lib/errors';
import { postmasterOf, stopLeftover } from './leftover';
import { choosePlace, ensurePassword, initialise, type Place } from './place';
import { freePort } from './ports';

export interface EmbeddedPostgres {
  /** Address of the database `courier`, password included; the same after each restart. */
  url: string;
  /** The folder that its files are in. */
  folder: string;
  stop(): Promise<void>;
}

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 15_000;
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 60_000;
const CONNECTED_WITHIN_MS = 10_000;
/** A server that does not even answer with an error for this long is frozen or gone. */
const FROZEN_AFTER_MS = 60_000;
/** Checks within that time. */
const LOOKS = 6;

/**
 * Starts the PostgreSQL server that came from npm on a free port of 127.0.0.1. Its files survive a restart; the server
 * stops with this process, however that ends; one that was left behind is stopped first. As long as this process runs,
 * the server is started again whenever it or its guardian ends, and when it is frozen.
 *
 * As root it runs as the OS user `postgres` (PostgreSQL refuses root), and where that user cannot enter the checkout,
 * its binaries and files go to a folder under /var/lib/courier named by a hash of the checkout.
 * The callback receives a sentence when the server ends and when it runs again.
 * @throws CourierError store_unreachable when it does not start
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  say: (sentence: string) => void = () => undefined,
  frozenAfterMs = FROZEN_AFTER_MS,
): Promise<EmbeddedPostgres> {
  const place = await choosePlace(path.resolve(dataDir));
  const data = path.join(place.folder, 'postgres');
  const password = ensurePassword(path.join(place.folder, 'postgres-password'));
  if (!fs.existsSync(path.join(data, 'PG_VERSION'))) initialise(place, data, password);
  const port = await freePort();
  const address = (database: string) => `postgres://courier:${password}@127.0.0.1:${port}/${database}`;
  const server = new Server(place, data, port, address('postgres'), say, frozenAfterMs);
  await server.start();
  await ensureDatabase(address('postgres'));
  server.watch();
  return { url: address('courier'), folder: place.folder, stop: () => server.stop() };
}

class Server {
  private guardian: ChildProcess | undefined;
  private isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private restarting: Promise<void> | undefined;
  private readonly logFile: string;

  constructor(
    private readonly place: Place,
    private readonly data: string,
    private readonly port: number,
    private readonly url: string,
    private readonly say: (sentence: string) => void,
    private readonly frozenAfterMs: number,
  ) {
    this.logFile = path.join(place.folder, 'postgres.log');
  }

  /** @throws CourierError store_unreachable when the server does not get ready */
  async start(): Promise<void> {
    await stopLeftover(this.data);
    const guardian = this.spawnGuardian();
    this.guardian = guardian;
    try {
      await waitUntilReady(this.url, guardian);
    } catch (error) {
      guardian.stdin?.end();
      throw new CourierError(
        'store_unreachable',
        `The embedded PostgreSQL did not start: ${sentenceOf(error)}. Its log is ${this.logFile}; or set COURIER_DATABASE_URL to a PostgreSQL of your own.`,
      );
    }
  }

  /** Starts the server again whenever it ends from now on. */
  watch(): void {
    this.guardian?.once('exit', (code, signal) => {
      if (!this.isStopping) this.restarting = this.restart(signal ?? `code ${code ?? '?'}`);
    });
    this.timer ??= this.watchForFreeze();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    await this.restarting;
    const { guardian } = this;
    if (guardian && guardian.exitCode === null && guardian.signalCode === null) {
      const ended = new Promise<void>((resolve) => guardian.once('exit', () => resolve()));
      guardian.stdin?.end();
      const timer = setTimeout(() => guardian.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    }
    // Of a guardian that was killed, also just now, the server is left.
    await stopLeftover(this.data);
  }

  private async restart(why: string): Promise<void> {
    const began = performance.now();
    this.say(`PostgreSQL ended (${why}); starting it again`);
    for (
      let backoffMs = FIRST_BACKOFF_MS;
      !this.isStopping;
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS)
    ) {
      try {
        await this.start();
        this.watch();
        this.say(`PostgreSQL runs again after ${((performance.now() - began) / 1000).toFixed(1)} s`);
        return;
      } catch (error) {
        this.say(`${sentenceOf(error)} Trying again in ${backoffMs / 1000} s`);
        await pause(backoffMs);
      }
    }
  }

  /** Ends a server that answers nothing at all, so that it is started again. */
  private watchForFreeze(): NodeJS.Timeout {
    const everyMs = this.frozenAfterMs / LOOKS;
    let silentSince: number | null = null;
    let lookedAt = performance.now();
    return setInterval(() => {
      const now = performance.now();
      // This process itself was stopped or the machine slept: the silence in between proves nothing.
      if (now - lookedAt > 2 * everyMs) silentSince = null;
      lookedAt = now;
      void doesAnswer(this.url).then((answers) => {
        if (answers || this.isStopping) silentSince = null;
        else silentSince ??= now;
        if (silentSince === null || performance.now() - silentSince < this.frozenAfterMs) return;
        silentSince = null;
        this.say(`PostgreSQL has not answered for ${this.frozenAfterMs / 1000} s and is ended`);
        const pid = postmasterOf(this.data);
        if (pid !== null) process.kill(pid, 'SIGKILL');
        // A guardian that is stopped does not notice that its server is gone; without it everything is started again.
        this.guardian?.kill('SIGKILL');
      });
    }, everyMs).unref();
  }

  private spawnGuardian(): ChildProcess {
    const options = {
      listen_addresses: '127.0.0.1',
      port: String(this.port),
      unix_socket_directories: '',
      max_connections: '200',
      shared_buffers: '256MB',
      max_wal_size: '2GB',
      log_line_prefix: '%m [%p] ',
      // A client receives the errors of its own statements; in the log they would repeat user input. COPY detects repeated
      // facts by failing, which is no fault either.
      log_min_messages: 'log',
      log_min_error_statement: 'panic',
      log_error_verbosity: 'terse',
      log_checkpoints: 'off',
    };
    const args = [
      '-D',
      this.data,
      ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const command = path.join(this.place.bin, 'postgres');
    const order = { command, args, logFile: this.logFile, ...this.place.owner };
    const script = fileURLToPath(new URL('./guardian.mjs', import.meta.url));
    // A log of release 0.1 was open to all.
    if (fs.existsSync(this.logFile)) fs.chmodSync(this.logFile, 0o600);
    return spawn(process.execPath, [script, JSON.stringify(order)], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    }).on('error', () => undefined);
  }
}

async function waitUntilReady(url: string, guardian: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await withClient(url, () => Promise.resolve());
      return;
    } catch (error) {
      if (guardian.exitCode !== null || guardian.signalCode !== null)
        throw new Error(`it ended with ${guardian.signalCode ?? `code ${guardian.exitCode}`}`, {
          cause: error,
        });
      if (performance.now() > deadline) throw error;
      await pause(50);
    }
  }
}

/** Whether a server answers, an error of its own included; a refused connection is no answer. */
async function doesAnswer(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
    return true;
  } catch (error) {
    return error instanceof DatabaseError;
  }
}

async function ensureDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'courier'");
    if (found.rowCount === 0) await client.query('CREATE DATABASE courier');
  });
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECTED_WITHIN_MS,
    query_timeout: 30_000,
  });
  // A connection that breaks is an event beside the failed query; unheard it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
