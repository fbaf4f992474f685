import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIMITS, type FactBatch, type FactError, type ReportedFact } from '../protocol/fact';
import { FACTS_TOPIC } from '../protocol/topics';
import { IntakeError, post, type IntakeOptions } from './http';
import type { Identity } from './identity';
import type { Transport } from './transport';
import { newUuidV7 } from '../protocol/uuid';

/** A fact before the reporter completes it with what is the same for all of them. */
export type FactDraft = Omit<ReportedFact, 'factId' | 'at' | 'service' | 'release' | 'host' | 'process'> & {
  factId?: string;
  at?: string;
};

interface RefusedFact {
  reason: string;
}
/** Outcome of a batch. If some facts were refused permanently, the others were delivered. */
type Delivery = 'delivered' | 'later' | 'never' | { refused: RefusedFact[] };

/** Answers of the intake that the same batch would get each time. */
const NEVER = new Set([400, 413, 415]);
const MAX_WAITING = 10_000;
const WARN_EVERY_MS = 60_000;
const FLUSH_EVERY_MS = 200;
const AGAIN_MS = 1_000;

/**
 * Collects facts and sends them in batches: to the topic `courier.facts`, or to the intake when the broker is away.
 * It never blocks and never throws; when its buffer is full it drops, counts what it dropped and reports the count.
 */
export class FactReporter {
  private waiting: ReportedFact[] = [];
  private droppedSinceBatch = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private closed = false;
  /** Maximum size of the next batch; smaller while an undeliverable fact is being isolated. */
  private most: number = LIMITS.factsPerBatch;
  /** Facts dropped since the process began. */
  dropped = 0;
  private warnedAt = -Infinity;

  constructor(
    private readonly transport: Pick<Transport, 'sendFacts'>,
    private readonly intake: IntakeOptions | null,
    private readonly identity: Identity,
  ) {}

  /** Adds a fact; returns its id at once. */
  report(fact: FactDraft): string {
    const factId = fact.factId ?? newUuidV7();
    if (this.waiting.length >= MAX_WAITING) {
      this.dropped += 1;
      this.droppedSinceBatch += 1;
      return factId;
    }
    this.waiting.push({ ...fact, ...this.identity, factId, at: fact.at ?? new Date().toISOString() });
    this.schedule(FLUSH_EVERY_MS);
    return factId;
  }

  /** Sends what waits; gives up after the time, and what is left is lost with the process. */
  async close(timeoutMs = 5_000): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const deadline = Date.now() + timeoutMs;
    while ((this.waiting.length > 0 || this.sending) && Date.now() < deadline) {
      await (this.sending ?? this.flush());
      if (this.waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private schedule(milliseconds: number): void {
    if (this.timer || this.sending || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, milliseconds);
    this.timer.unref();
  }

  private async flush(): Promise<void> {
    this.sending ??= this.sendBatch()
      .then((sent) => {
        this.sending = undefined;
        // What was reported meanwhile could not schedule a batch of its own.
        if (this.waiting.length > 0) this.schedule(sent ? 0 : AGAIN_MS);
      })
      .finally(() => (this.sending = undefined));
    await this.sending;
  }

  /** @returns whether the batch was delivered */
  private async sendBatch(): Promise<boolean> {
    const facts = this.takeBatch();
    if (facts.length === 0) return true;
    const dropped = this.droppedSinceBatch;
    const { service, host } = this.identity;
    const outcome = await this.deliver({ v: 1, service, host, dropped, facts });
    if (typeof outcome === 'object') {
      // Refused permanently: the token belongs to another service.
      this.warn(outcome.refused.length, outcome.refused[0]?.reason ?? '');
      this.droppedSinceBatch -= dropped;
      this.dropped += outcome.refused.length;
      this.droppedSinceBatch += outcome.refused.length;
      return true;
    }
    if (outcome === 'delivered') this.droppedSinceBatch -= dropped;
    else if (outcome === 'later') this.waiting = [...facts, ...this.waiting];
    else if (facts.length > 1) {
      // One fact is undeliverable: the batch is halved until it is alone, so that it does not block the others.
      this.most = Math.ceil(facts.length / 2);
      this.waiting = [...facts, ...this.waiting];
    } else {
      this.dropped += 1;
      this.droppedSinceBatch += 1;
    }
    if (outcome === 'delivered' || facts.length === 1) this.most = LIMITS.factsPerBatch;
    return outcome !== 'later';
  }

  private takeBatch() {
    let bytes = 0;
    let count = 0;
    for (const fact of this.waiting) {
      // Three bytes a character are the most that UTF-8 takes of UTF-16.
      bytes += JSON.stringify(fact).length * 3;
      if (count > 0 && (bytes > LIMITS.batchBytes || count >= this.most)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private warn(count: number, reason: string): void {
    if (performance.now() - this.warnedAt < WARN_EVERY_MS) return;
    this.warnedAt = performance.now();
    console.warn(`Courier refused ${count} facts for good; they are dropped. ${reason}`);
  }

  private async deliver(batch: FactBatch): Promise<Delivery> {
    const value = Buffer.from(JSON.stringify(batch));
    const result = await this.transport.sendFacts({ topic: FACTS_TOPIC, key: null, value, headers: [] });
    if (result.refusedFacts) return { refused: result.refusedFacts };
    if (result.outcome === 'committed') return 'delivered';
    if (!this.intake) return result.outcome === 'refused' ? 'never' : 'later';
    // After an unclear send both may arrive; the same fact twice is one.
    return post<{ refused?: RefusedFact[] }>(this.intake, '/v1/facts', batch).then(
      ({ refused }): Delivery => (refused ? { refused } : 'delivered'),
      (error: unknown): Delivery => {
        if (!(error instanceof IntakeError)) return 'later';
        if (error.status === 403) return { refused: batch.facts.map(() => ({ reason: error.message })) };
        return NEVER.has(error.status) ? 'never' : 'later';
      },
    );
  }
}

/**
 * An error as facts carry it: the type is the class's name, message and stack are cut. A handler may throw anything, also
 * a value that throws again when its properties are read.
 */
export function factErrorOf(thrown: unknown): FactError {
  try {
    if (!(thrown instanceof Error))
      return { type: typeof thrown, message: cut(String(thrown), LIMITS.messageBytes) };
    const named = thrown.name !== 'Error' ? thrown.name : thrown.constructor.name;
    return {
      type: cut(String(named), 200),
      message: cut(String(thrown.message), LIMITS.messageBytes),
      ...(thrown.stack ? { stack: cut(withoutOurFrames(String(thrown.stack)), LIMITS.stackBytes) } : {}),
    };
  } catch {
    return { type: 'unknown', message: 'what was thrown could not be read' };
  }
}

/** Cuts text to so many UTF-8 bytes without breaking a character. */
export function cut(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return buffer.toString('utf8', 0, end);
}

const OUR_FOLDER = path.dirname(fileURLToPath(import.meta.url)) + path.sep;

/** A stack without the frames of the SDK, which are the same for every error. */
function withoutOurFrames(stack: string): string {
  const lines = stack.split('\n');
  return lines.filter((line) => !(/^\s*at /.test(line) && line.includes(OUR_FOLDER))).join('\n');
}
