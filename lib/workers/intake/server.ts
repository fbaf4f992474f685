import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { refuseConnection, requestProblem, setHeaders } from '@/bin/guard.mjs';
import { CourierError, sentenceOf } from '@/lib/errors';
import { contextOf, type Context } from '@/lib/context/context';
import type { ReportedFact } from '@/lib/protocol/fact';
import { recordFacts } from '@/lib/engine/ingest/record';
import { CLUSTER_HEADER } from '@/lib/protocol/headers';
import { storeErrorOf } from '@/lib/store-errors';
import { Limiter } from '@/lib/values/limiter';
import { Batcher } from '../batcher';
import { factsCollected, intakeActive, intakeRequests } from '../metrics';
import { Admission, LIMITS, type Place } from './admission';
import { Tokens } from './auth';
import { checkBodyHeaders, readJson } from './body';
import { ROUTES } from './routes';

/** As many requests as may be under way for this long mean that the intake does not come to an end with them. */
const STUCK_AFTER_MS = 30_000;

/** Requests that wait for their turn among those of their kind and token. */
const TURNS = { max: 200, deadlineMs: 10_000 };
/** Characters of an answer that is not taken by the system at once. */
const LARGE_ANSWER = 65_536;

export interface IntakeOptions {
  /** Within which a body has to have come, and for how long a client may read nothing of its answer. */
  bodyTimeoutMs: number;
}

/** The intake: where services send facts and heartbeats over HTTP, and reach the embedded broker. */
export class Intake {
  private readonly server: Server;
  private readonly tokens: Tokens;
  private readonly writers: ReadonlyMap<Context, Batcher<ReportedFact>>;
  private readonly context: Context;
  private readonly stopping = new AbortController();
  /**
   * What ends each request under way: that its client is gone, or that the intake stops. Not `AbortSignal.any`, which on
   * Node 20 leaves an entry for each request at the signal that lives as long as the process.
   */
  private readonly underWay = new Set<AbortController>();
  private readonly limiters = new Map<string, Limiter>();
  readonly admission = new Admission(LIMITS, (phase, count) => intakeActive.set({ phase }, count));

  constructor(
    private readonly contexts: [Context, ...Context[]],
    private readonly options: IntakeOptions,
  ) {
    this.context = contexts[0];
    this.tokens = new Tokens(contexts[0]);
    this.writers = new Map(
      contexts.map((context) => {
        const write = (facts: ReportedFact[]) =>
          recordFacts(context, facts, { source: 'intake', isReported: true });
        return [context, new Batcher((facts) => write(facts).then(() => undefined))];
      }),
    );
    this.server = createServer(
      // How often Node checks for connections whose headers or body do not arrive.
      { connectionsCheckingInterval: 1_000 },
      (request, response) => void this.answer(request, response),
    );
    this.server.on('clientError', refuseConnection);
    this.server.headersTimeout = options.bodyTimeoutMs;
    this.server.requestTimeout = options.bodyTimeoutMs * 2;
    this.server.keepAliveTimeout = 65_000;
    this.server.maxConnections = 20_000;
  }

  /** Listens; resolves with the port. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /** Why the intake can't work, for readiness; null where it can. */
  problem(): string | null {
    const fullForMs = this.admission.fullForMs();
    if (fullForMs < STUCK_AFTER_MS) return null;
    return `the intake has had no room for requests for ${Math.round(fullForMs / 1000)} s`;
  }

  /** Takes no new requests, ends those under way, and writes what they brought. */
  async close(): Promise<void> {
    this.stopping.abort();
    for (const request of this.underWay) request.abort();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    setTimeout(() => this.server.closeAllConnections(), 5_000).unref();
    await closed;
    await Promise.all([...this.writers.values()].map((writer) => writer.drain()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const known = ROUTES.has(path) ? path : 'other';
    let place: Place | undefined;
    const gone = new AbortController();
    const ended = new AbortController();
    this.underWay.add(ended);
    response.on('close', () => {
      gone.abort();
      ended.abort();
      this.underWay.delete(ended);
    });
    try {
      setHeaders(request, response, process.env);
      const handler = this.find(request, path);
      const { actor, token } = await this.tokens.authenticate(request);
      place = this.admission.place(token);
      const body = await readJson(request, this.options.bodyTimeoutMs, place);
      await place.work(gone.signal);
      const context = this.contextFor(request, ended.signal, place);
      const work = () => handler.run(context, actor, body);
      const limited = handler.atOnce ? this.inTurn(`${path} ${token}`, handler.atOnce, work) : work();
      const result = await within(handler.deadlineMs, limited);
      const text = JSON.stringify(result ?? {});
      if (text.length > LARGE_ANSWER) place.answer();
      await sent(response, 200, text, this.options.bodyTimeoutMs);
      intakeRequests.inc({ path: known, status: '200' });
    } catch (thrown) {
      const error = this.errorOf(thrown);
      if (error.code === 'internal') this.context.log.error({ err: thrown, path }, 'intake request failed');
      if (error.status === 429 || error.status === 503) response.setHeader('retry-after', '1');
      // A small answer is with the system at once.
      const text = JSON.stringify({ error: { code: error.code, message: error.message, ...error.details } });
      void sent(response, error.status, text, this.options.bodyTimeoutMs);
      intakeRequests.inc({ path: known, status: String(error.status) });
    } finally {
      place?.leave();
      endUnread(request, response);
    }
  }

  /** Works on so many requests of one kind and token at once. @throws CourierError too_many_requests */
  private async inTurn<T>(kind: string, atOnce: number, work: () => Promise<T>): Promise<T> {
    const limiter = this.limiters.get(kind) ?? new Limiter(atOnce, TURNS);
    this.limiters.set(kind, limiter);
    const outcome = await limiter.run(work).finally(() => {
      if (limiter.isIdle) this.limiters.delete(kind);
    });
    if ('result' in outcome) return outcome.result;
    throw new CourierError(
      'too_many_requests',
      `${atOnce} requests of this kind and token are under way, and this one had no turn in time. Send again in a second.`,
    );
  }

  private find(request: IncomingMessage, path: string) {
    const malformed = requestProblem(request);
    if (malformed) throw new CourierError('invalid_input', malformed.message);
    const handler = ROUTES.get(path);
    if (!handler)
      throw new CourierError('not_found', `${path} is not of the intake: ${[...ROUTES.keys()].join(', ')}.`);
    if (request.method !== 'POST')
      throw new CourierError('method_not_allowed', `${path} takes POST, not ${request.method ?? ''}.`);
    if (this.stopping.signal.aborted)
      throw new CourierError('shutting_down', 'This intake stops; nothing was kept. Send again in a second.');
    checkBodyHeaders(request);
    return handler;
  }

  /** The context of the cluster that the header `courier-cluster` names, the first where it is absent, for one request. */
  private contextFor(request: IncomingMessage, signal: AbortSignal, place: Place): Context {
    const name = request.headers[CLUSTER_HEADER];
    const context = contextOf(this.contexts, typeof name === 'string' ? name : null);
    const writer = this.writers.get(context);
    return {
      ...context,
      request: {
        signal,
        idle: (work) => {
          return place.idle(work, signal);
        },
        async writeFacts(facts) {
          await writer?.add(facts);
          factsCollected.inc({ source: 'intake' }, facts.length);
        },
      },
    };
  }

  private errorOf(thrown: unknown): CourierError {
    if (thrown instanceof CourierError) return thrown;
    const error = storeErrorOf(thrown);
    if (error) {
      // A connection may break after a commit, so the outcome is unknown.
      return new CourierError(error.code, `${error.message} Whether it was kept is not known. Send again.`);
    }
    return new CourierError(
      'internal',
      `Something failed inside Courier (${sentenceOf(thrown)}). Whether it was kept is not known: facts may be sent again, a record may then be stored twice.`,
    );
  }
}

/** Ends the connection of a refused body, once it is answered: what was not read of it must not be taken for the next request. */
function endUnread(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  const end = () => {
    // A request without a body is complete by then.
    if (!request.complete) request.destroy();
  };
  if (response.writableFinished || response.destroyed) setImmediate(end);
  else response.once('finish', () => setImmediate(end));
}

/** @throws CourierError timed_out when the work does not end in time */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The request was not done within ${milliseconds / 1000} s. Whether it was kept is not known.`;
      reject(new CourierError('timed_out', message));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // No caller waits for the work any more.
    work.catch(() => undefined);
  }
}

/**
 * Sends an answer; resolves when all of it is with the system, or its connection is closed. A client that reads nothing of
 * it for a while loses the connection.
 */
function sent(response: ServerResponse, status: number, text: string, stuckMs: number): Promise<void> {
  if (response.headersSent || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    // Once it is finished, the response has no socket any more.
    const { socket } = response;
    const stuck = () => response.destroy();
    const done = () => {
      socket?.off('timeout', stuck);
      resolve();
    };
    response.once('finish', done);
    response.once('close', done);
    socket?.setTimeout(stuckMs);
    socket?.once('timeout', stuck);
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    });
    response.end(text);
  });
}
