import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { EmbeddedGroups } from '@/lib/brokers/embedded/groups';
import { CourierError, sentenceOf } from '@/lib/errors';
import { parseBatch, recordFacts } from '@/lib/operations/facts/record';
import type { ReportedFact } from '@/lib/operations/facts/fact-schema';
import { announceInstance } from '@/lib/operations/instances/announce';
import { contextOf, type Actor, type Context } from '@/lib/operations/context';
import { invalid } from '@/lib/operations/operation';
import { findServiceToken } from '@/lib/operations/tokens/find';
import { LIMITS } from '@/lib/protocol/fact';
import { CLUSTER_HEADER } from '@/lib/protocol/headers';
import { isStoreUnreachable } from '@/lib/postgres';
import { Batcher } from './batcher';
import { BROKER_SCHEMAS } from './intake-schemas';
import { factsCollected, intakeRequests } from './metrics';

/** Requests that may be under way at once; more are asked to come again. */
const MOST_AT_ONCE = 256;
const TOKEN_AGE_MS = 10_000;

type Handler = (body: unknown, actor: Actor, cluster: ClusterDoor) => Promise<unknown>;

/** A cluster that facts are for, and the batcher that writes them. */
interface ClusterDoor {
  context: Context;
  facts: Batcher<ReportedFact>;
}

/** The intake: where services send facts and heartbeats over HTTP, and reach the embedded broker. */
export class Intake {
  private readonly server: Server;
  private readonly routes: ReadonlyMap<string, Handler>;
  private readonly tokens = new Map<string, { name: string; at: number }>();
  private readonly doors: ReadonlyMap<Context, ClusterDoor>;
  private readonly context: Context;
  private underWay = 0;
  private stopping = false;

  constructor(
    private readonly contexts: [Context, ...Context[]],
    embedded: EmbeddedGroups | null,
  ) {
    this.context = contexts[0];
    this.doors = new Map(
      contexts.map((context) => {
        const write = (facts: ReportedFact[]) => recordFacts(context, facts, { source: 'intake' });
        return [context, { context, facts: new Batcher((facts) => write(facts).then(() => undefined)) }];
      }),
    );
    this.routes = routesOf(embedded);
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.requestTimeout = 60_000;
    this.server.keepAliveTimeout = 65_000;
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

  /** Takes no new requests, ends those under way, and writes what they brought. */
  async close(): Promise<void> {
    this.stopping = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    setTimeout(() => this.server.closeAllConnections(), 5_000).unref();
    await closed;
    await Promise.all([...this.doors.values()].map((door) => door.facts.drain()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const known = this.routes.has(path) ? path : 'other';
    this.underWay += 1;
    try {
      const handler = this.find(request, path);
      const actor = await this.authenticate(request);
      const result = await handler(await readJson(request), actor, this.doorOf(request));
      send(response, 200, result ?? {});
      intakeRequests.inc({ path: known, status: '200' });
    } catch (thrown) {
      const error = this.errorOf(thrown);
      if (error.code === 'internal') this.context.log.error({ err: thrown, path }, 'intake request failed');
      if (error.status === 429 || error.status === 503) response.setHeader('retry-after', '1');
      send(response, error.status, { error: { code: error.code, message: error.message, ...error.details } });
      intakeRequests.inc({ path: known, status: String(error.status) });
    } finally {
      this.underWay -= 1;
      // What was not read of a refused body must not be taken for the next request.
      if (!request.complete) request.destroy();
    }
  }

  private find(request: IncomingMessage, path: string): Handler {
    const handler = this.routes.get(path);
    if (!handler)
      throw new CourierError(
        'not_found',
        `${path} is not of the intake: ${[...this.routes.keys()].join(', ')}.`,
      );
    if (request.method !== 'POST')
      throw new CourierError('invalid_input', `${path} takes POST, not ${request.method ?? ''}.`);
    if (this.stopping)
      throw new CourierError('shutting_down', 'This intake stops; nothing was kept. Send again in a second.');
    if (this.underWay > MOST_AT_ONCE) {
      throw new CourierError(
        'too_many_requests',
        `${MOST_AT_ONCE} requests are under way. Send again in a second.`,
      );
    }
    const type = request.headers['content-type'] ?? '';
    if (!/^application\/json\s*(;|$)/i.test(type)) {
      throw new CourierError(
        'unsupported_media_type',
        `The content type is ${JSON.stringify(type)}; the intake takes application/json.`,
      );
    }
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > LIMITS.intakeBytes) throw tooLarge(length);
    return handler;
  }

  /** The cluster that the header `courier-cluster` names; the first where it is absent. */
  private doorOf(request: IncomingMessage): ClusterDoor {
    const name = request.headers[CLUSTER_HEADER];
    const context = contextOf(this.contexts, typeof name === 'string' ? name : null);
    return this.doors.get(context) as ClusterDoor;
  }

  private async authenticate(request: IncomingMessage): Promise<Actor> {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token)
      throw new CourierError(
        'wrong_token',
        'The header Authorization: Bearer <token> is missing. `npm run courier -- token <service>` makes a token.',
      );
    const known = this.tokens.get(token);
    if (known && performance.now() - known.at < TOKEN_AGE_MS)
      return { id: null, name: known.name, role: 'service' };
    const name = await findServiceToken(this.context, token);
    if (name === null)
      throw new CourierError(
        'wrong_token',
        'The token is not known or was revoked. `npm run courier -- token <service>` makes one.',
      );
    if (this.tokens.size > 1_000) this.tokens.clear();
    this.tokens.set(token, { name, at: performance.now() });
    return { id: null, name, role: 'service' };
  }

  private errorOf(thrown: unknown): CourierError {
    if (thrown instanceof CourierError) return thrown;
    if (isStoreUnreachable(thrown)) {
      return new CourierError(
        'store_unreachable',
        `The tracking store does not answer (${sentenceOf(thrown)}); nothing was kept. Send again.`,
      );
    }
    return new CourierError(
      'internal',
      'Something failed inside Courier; nothing was kept. Send again, or look into its log.',
    );
  }
}

function routesOf(embedded: EmbeddedGroups | null): Map<string, Handler> {
  const routes = new Map<string, Handler>([
    [
      '/v1/facts',
      async (body, _, { facts }) => {
        const parsed = parseBatch(body);
        const [bad] = parsed.rejected;
        if (bad) {
          throw new CourierError(
            'invalid_input',
            `${bad.place}: ${bad.reason}. None of the ${parsed.facts.length + parsed.rejected.length} facts was kept.`,
            {
              rejected: parsed.rejected.map(({ place, reason }) => ({ place, reason })).slice(0, 50),
            },
          );
        }
        if (parsed.facts.length > 0) await facts.add(parsed.facts);
        factsCollected.inc({ source: 'intake' }, parsed.facts.length);
        return { kept: parsed.facts.length };
      },
    ],
    ['/v1/instances', (body, actor, { context }) => announceInstance.call(context, actor, body)],
  ]);
  const add = <S extends z.ZodType>(verb: string, schema: S, run: (input: z.output<S>) => Promise<unknown>) =>
    routes.set(`/v1/broker/${verb}`, (body) => {
      if (!embedded)
        throw new CourierError(
          'not_found',
          'This Courier has no embedded broker; connect with the brokers of its Kafka.',
        );
      const parsed = schema.safeParse(body);
      if (!parsed.success) throw invalid(parsed.error);
      return run(parsed.data);
    });
  add('topics', BROKER_SCHEMAS.topics, async (input) => embedded?.topics(input));
  add('publish', BROKER_SCHEMAS.publish, async ({ records }) =>
    embedded?.publish({
      records: records.map(({ partition, ...rest }) => ({
        ...rest,
        ...(partition === undefined ? {} : { partition }),
      })),
    }),
  );
  add('join', BROKER_SCHEMAS.join, async (input) => embedded?.join(input));
  add('poll', BROKER_SCHEMAS.poll, async (input) => embedded?.poll(input));
  add('commit', BROKER_SCHEMAS.commit, async (input) => embedded?.commit(input));
  add('leave', BROKER_SCHEMAS.leave, async (input) => embedded?.leave(input));
  return routes;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > LIMITS.intakeBytes) throw tooLarge(length);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof CourierError) throw error;
    throw new CourierError('invalid_input', `The body broke off after ${length} bytes; nothing was kept.`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)));
  } catch (error) {
    throw new CourierError('invalid_input', `The body is no JSON in UTF-8: ${sentenceOf(error)}`);
  }
}

function tooLarge(bytes: number): CourierError {
  return new CourierError(
    'too_large',
    `The body has ${bytes} bytes or more; ${LIMITS.intakeBytes} are allowed. Send several smaller ones.`,
  );
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
