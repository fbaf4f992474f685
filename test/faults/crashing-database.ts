import * as fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@/lib/embedded-postgres/server';
import { migrate } from '@/lib/store/schema/migrate';

/** A PostgreSQL of its own behind an address that stays the same, to be stopped at once and started again. */
export class CrashingDatabase {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-crash-'));
  private readonly sockets = new Set<net.Socket>();
  private readonly proxy = net.createServer((client) => this.join(client));
  private running: EmbeddedPostgres | undefined;

  async start(): Promise<void> {
    fs.chmodSync(this.folder, 0o755);
    this.running = await startEmbeddedPostgres(this.folder);
    await migrate(this.running.url, path.resolve('prisma/migrations'));
    await new Promise<void>((resolve) => this.proxy.listen(0, '127.0.0.1', resolve));
  }

  /** From here on it answers before it has written; earlier writes are safe. */
  async answerBeforeWriting(): Promise<void> {
    const client = new Client({ connectionString: this.running?.url });
    await client.connect();
    await client.query('CHECKPOINT');
    await client.query("ALTER SYSTEM SET synchronous_commit = 'off'");
    await client.query("ALTER SYSTEM SET wal_writer_delay = '10s'");
    // A busy minute would fill what is written out early, and leave nothing to be lost.
    await client.query("ALTER SYSTEM SET wal_writer_flush_after = '1GB'");
    await client.query('SELECT pg_reload_conf()');
    await client.end();
  }

  get url(): string {
    const url = new URL(this.running?.url ?? '');
    url.port = String((this.proxy.address() as net.AddressInfo).port);
    return url.href;
  }

  /** `pg_ctl stop -m immediate`: nothing is written any more, and the next start recovers. */
  async stopAtOnce(): Promise<void> {
    const { running } = this;
    if (!running) return;
    const file = path.join(running.folder, 'postgres', 'postmaster.pid');
    process.kill(Number(fs.readFileSync(file, 'utf8').split('\n')[0]), 'SIGQUIT');
    await running.stop();
  }

  async startAgain(): Promise<void> {
    this.running = await startEmbeddedPostgres(this.folder);
  }

  async drop(): Promise<void> {
    await this.running?.stop();
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.proxy.close(resolve));
    if (this.running) fs.rmSync(this.running.folder, { recursive: true, force: true });
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private join(client: net.Socket): void {
    const server = net.connect(Number(new URL(this.running?.url ?? '').port), '127.0.0.1');
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.pipe(server).pipe(client);
  }
}
