import net from 'node:net';

/** What the proxy does to the request that the armed fault waits for. */
export type Fault =
  | 'cut_before' // the request is not passed on, the connection is closed
  | 'cut_during' // half of the request is passed on, then the connection is closed
  | 'cut_after' // passed on and answered; the answer is dropped and the connection closed
  | 'swallow' // passed on and answered; the answer never comes
  | 'refuse'; // connections are closed and new ones refused

/** How the proxy finds the request that writes a record in the bytes of a protocol. */
export interface Dialect {
  /** Length of the first whole frame in the buffer, or null while it is incomplete. */
  frameLength(bytes: Buffer, fromClient: boolean, first: boolean): number | null;
  isWrite(frame: Buffer): boolean;
  /** Whether the answer to a write may begin with this frame; PostgreSQL answers in several. */
  endsAnswer(frame: Buffer): boolean;
}

/** Kafka: frames with a 32-bit length; api key 0 is Produce. */
export const KAFKA_DIALECT: Dialect = {
  frameLength: (bytes) =>
    bytes.length < 4 || bytes.length < 4 + bytes.readInt32BE(0) ? null : 4 + bytes.readInt32BE(0),
  isWrite: (frame) => frame.readInt16BE(4) === 0,
  endsAnswer: () => true,
};

/** PostgreSQL: a type byte and a 32-bit length, except the first frame of a client; a write names the record table. */
export const POSTGRES_DIALECT: Dialect = {
  frameLength(bytes, fromClient, first) {
    const at = fromClient && first ? 0 : 1;
    if (bytes.length < at + 4) return null;
    const length = at + bytes.readInt32BE(at);
    return bytes.length < length ? null : length;
  },
  isWrite: (frame) => frame.includes('INSERT INTO embedded_record'),
  endsAnswer: (frame) => frame[0] === 0x5a,
};

/** A TCP proxy that can break the connection around exactly one write. */
export class FaultProxy {
  private server: net.Server | undefined;
  private readonly sockets = new Set<net.Socket>();
  private armed: Fault | null = null;
  private left = 0;
  /** Writes that were passed on. */
  writes = 0;

  constructor(
    private readonly dialect: Dialect,
    private readonly target: { host: string; port: number },
    private port = 0,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Listens. Waits until a given port is free: a broker's proxied listener advertises the same port to all its users. */
  async listen(): Promise<void> {
    const server = net.createServer((client) => this.join(client));
    for (let waited = 0; !(await this.tryToListen(server)); waited += 1) {
      if (waited > 500) throw new Error(`port ${this.port} was not given up within 50 s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    this.port = (server.address() as net.AddressInfo).port;
    this.server = server;
  }

  private tryToListen(server: net.Server): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error);
      server.once('error', onError).listen(this.port, '127.0.0.1', () => {
        server.off('error', onError);
        resolve(true);
      });
    });
  }

  /** Applies a fault to the next writes, by default to one; later writes pass. */
  arm(fault: Fault | null, writes = 1): void {
    this.armed = fault;
    this.left = writes;
  }

  /** Closes every connection and refuses new ones until `listen`. */
  async close(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(client: net.Socket): void {
    const server = net.connect(this.target.port, this.target.host);
    let hold: Fault | null = null;
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
    let cut = false;
    this.frames(client, true, (frame) => {
      // Frames that came in the same packet as the one that was cut off must not slip through.
      if (cut) return;
      const fault = this.armed;
      if (fault === null || !this.dialect.isWrite(frame)) {
        server.write(frame);
        return;
      }
      this.left -= 1;
      if (this.left <= 0) this.armed = null;
      cut = fault === 'cut_before' || fault === 'cut_during' || fault === 'refuse';
      if (fault === 'refuse') void this.close();
      else if (fault === 'cut_before') client.destroy();
      else if (fault === 'cut_during')
        server.write(frame.subarray(0, frame.length >> 1), () => client.destroy());
      else {
        this.writes += 1;
        hold = fault;
        server.write(frame);
      }
    });
    this.frames(server, false, (frame) => {
      if (hold === null) client.write(frame);
      else if (hold === 'cut_after' && this.dialect.endsAnswer(frame)) client.destroy();
    });
  }

  private frames(socket: net.Socket, fromClient: boolean, take: (frame: Buffer) => void): void {
    let left = Buffer.alloc(0);
    let first = true;
    socket.on('data', (bytes) => {
      left = Buffer.concat([left, bytes]);
      for (let length = this.dialect.frameLength(left, fromClient, first); length !== null;) {
        const frame = left.subarray(0, length);
        left = left.subarray(length);
        first = false;
        take(frame);
        length = this.dialect.frameLength(left, fromClient, first);
      }
    });
  }
}
