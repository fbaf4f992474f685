import type { Socket } from 'node:net';
import { WireReader, WireWriter } from '../wire/bytes';
import type { WireRequest } from '../wire/request';

/** The largest answer that is taken; Kafka's own clients stop at the same size. */
const MAX_ANSWER_BYTES = 100 * 1024 * 1024;

/** Why a channel ended, or a request on it was not answered. */
export type ChannelFailure = 'closed' | 'silent' | 'other';

/** A request that was sent, or may have been, and was not answered. */
export class ChannelError extends Error {
  override readonly name = 'KafkaChannelError';

  constructor(
    readonly failure: ChannelFailure,
    message: string,
    /** The first bytes received that are not an answer of Kafka's. */
    readonly received: Buffer | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface Waiting {
  resolve: (body: Buffer) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/**
 * Kafka's frames over one socket: requests by correlation id, each with a deadline. The first failure ends the channel,
 * because answers that come later could no longer be matched.
 */
export class Channel {
  /** When the last answer came, as `performance.now()`. */
  usedAt = performance.now();
  private readonly waiting = new Map<number, Waiting>();
  private chunks: Buffer[] = [];
  private buffered = 0;
  private correlation = 0;
  private ended: ChannelError | null = null;
  /** Whether an answer of Kafka's ever came. */
  private isKafka = false;

  constructor(
    private readonly socket: Socket,
    private readonly clientId: string,
    private readonly onEnd: (error: ChannelError) => void = () => undefined,
  ) {
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', (error) => {
      this.end(new ChannelError('closed', `the connection broke (${error.message})`, null, { cause: error }));
    });
    socket.on('close', () => this.end(new ChannelError('closed', 'the broker closed the connection')));
  }

  get isOpen(): boolean {
    return this.ended === null;
  }

  /** Requests that wait for their answers. */
  get pending(): number {
    return this.waiting.size;
  }

  /**
   * Sends one request and reads its answer.
   * @throws ChannelError after which it is unknown whether the broker has the request; RangeError for a malformed answer
   */
  async send<T>(request: WireRequest<T>, version: number, timeoutMs: number): Promise<T> {
    const body = await this.exchange(request, version, timeoutMs);
    return request.read(new WireReader(body), version);
  }

  end(error: ChannelError): void {
    if (this.ended) return;
    this.ended = error;
    this.socket.destroy();
    this.chunks = [];
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.waiting.clear();
    this.onEnd(error);
  }

  private exchange(request: WireRequest<unknown>, version: number, timeoutMs: number): Promise<Buffer> {
    if (this.ended) return Promise.reject(this.ended);
    this.correlation = (this.correlation + 1) % 0x7fffffff;
    const id = this.correlation;
    const frame = new WireWriter()
      .int16(request.apiKey)
      .int16(version)
      .int32(id)
      .string(this.clientId)
      .bytes(request.write(version))
      .toBuffer();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.end(
          new ChannelError('silent', `no answer to ${request.apiName} within ${Math.round(timeoutMs)} ms`),
        );
      }, timeoutMs);
      this.waiting.set(id, { resolve, reject, timer });
      const length = Buffer.alloc(4);
      length.writeInt32BE(frame.length);
      this.socket.cork();
      this.socket.write(length);
      this.socket.write(frame);
      this.socket.uncork();
    });
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    while (this.ended === null && this.buffered >= 4) {
      const size = this.peekSize();
      if (size < 4 || size > MAX_ANSWER_BYTES) {
        const start = Buffer.concat(this.chunks).subarray(0, 16);
        this.end(new ChannelError('other', `an answer of ${size} bytes was announced`, start));
        return;
      }
      if (this.buffered < size + 4) return;
      const all = this.chunks.length === 1 && this.chunks[0] ? this.chunks[0] : Buffer.concat(this.chunks);
      const rest = all.subarray(size + 4);
      this.chunks = rest.length > 0 ? [rest] : [];
      this.buffered = rest.length;
      this.answer(all.subarray(4, size + 4));
    }
  }

  private peekSize(): number {
    const [first] = this.chunks;
    if (first && first.length >= 4) return first.readInt32BE(0);
    return Buffer.concat(this.chunks).readInt32BE(0);
  }

  private answer(frame: Buffer): void {
    const waiting = this.waiting.get(frame.readInt32BE(0));
    if (!waiting) {
      const received = this.isKafka ? null : frame.subarray(0, 16);
      this.end(new ChannelError('other', 'an answer came that nobody waits for', received));
      return;
    }
    this.isKafka = true;
    this.usedAt = performance.now();
    this.waiting.delete(frame.readInt32BE(0));
    clearTimeout(waiting.timer);
    waiting.resolve(frame.subarray(4));
  }
}
