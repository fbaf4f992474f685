import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { ACTIVE_HEADER } from '@/lib/contract/active-header';
import type { Api, Endpoint, ParamsOf } from '@/lib/contract/api';
import { nameOfSegment } from '@/lib/values/path-segment';
import { abilitiesOf } from '@/lib/domain/operators/permissions';
import { CourierError, sentenceOf } from '@/lib/errors';
import { contextOf, type Actor, type Context } from '@/lib/context/context';
import type { Operation } from '@/lib/operations/operation';
import { actorOf } from '@/lib/operations/sessions/current';
import { storeErrorOf } from '@/lib/store-errors';
import { checkOrigin } from './origin';
import { formsOf, readQuery } from './request-input';
import { serverContexts } from './server-context';
import { sessionTokens } from './session-cookie';

const MAX_BODY_BYTES = 1_000_000;

export interface RouteCall {
  context: Context;
  actor: Actor;
  request: Request;
  params: Record<string, string>;
  url: URL;
}

interface RouteOptions<Schema extends z.ZodType, Result> {
  operation: Operation<Schema, Result>;
  /** The operation's input; absent: names of the path, over the fields of the body, or of the query of a GET. */
  input?(call: RouteCall, body: unknown): unknown;
  /** The answer, where it is not simply the result as JSON. */
  answer?(result: Result, call: RouteCall): Response;
  status?: number;
}

/** Requires that the operation's result is the endpoint's answer in the contract, unless the route builds the answer. */
type Answering<E extends Endpoint, Result> = Result extends Api[E]['answer']
  ? unknown
  : { answer(result: Result, call: RouteCall): Response };

/** Requires that the operation's input accepts the endpoint's body in the contract, unless the route translates it. */
type Taking<E extends Endpoint, Schema extends z.ZodType> = Api[E] extends { body: infer Body }
  ? Body & Record<keyof ParamsOf<E>, string> extends z.input<Schema>
    ? unknown
    : { input(call: RouteCall, body: unknown): unknown }
  : unknown;

type Params = { params: Promise<Record<string, string | string[]>> };

/** A handler of Next, with what the description of the API is made from. */
export interface RouteHandler {
  (request: Request, params: Params): Promise<Response>;
  endpoint: Endpoint | null;
  status: number;
  operation: Operation<z.ZodType, unknown>;
}

/**
 * Makes the handler of an endpoint: session, origin check for changes, body, one operation, errors. Whether the caller
 * may is decided by the operation, in each handler.
 */
export function route<E extends Endpoint, Schema extends z.ZodType, Result>(
  endpoint: E,
  options: RouteOptions<Schema, Result> & Answering<E, Result> & Taking<E, Schema>,
): RouteHandler {
  return handlerOf(endpoint, options);
}

/** Makes the handler of every address that the API does not have. */
export function elsewhere<Schema extends z.ZodType>(options: RouteOptions<Schema, never>): RouteHandler {
  return handlerOf(null, options);
}

function handlerOf<Schema extends z.ZodType, Result>(
  endpoint: Endpoint | null,
  options: RouteOptions<Schema, Result>,
): RouteHandler {
  const forms = formsOf(options.operation.input);
  const handle = async (request: Request, { params }: Params): Promise<Response> => {
    try {
      const url = new URL(request.url);
      const contexts = await serverContexts();
      const [first] = contexts;
      const changes = request.method !== 'GET' && request.method !== 'HEAD';
      if (changes) checkOrigin(request, first.settings);
      const tokens = sessionTokens(request.headers, first);
      const actor = await actorOf(first, tokens, isOfPerson(request.headers));
      const name = url.searchParams.get('cluster');
      // Names of clusters are disclosed only to authenticated callers.
      const isPublic = options.operation.permission === 'public';
      if (name !== null && actor.role === 'anonymous' && !isPublic)
        throw new CourierError('not_signed_in', 'Sign in first.');
      const context = contextOf(contexts, isPublic ? null : name);
      // The cluster selects the context and is not part of any operation's input.
      url.searchParams.delete('cluster');
      const call: RouteCall = { context, actor, request, params: namesOf(await params), url };
      const body = changes ? await readBody(request) : undefined;
      const input = options.input ? options.input(call, body) : inputOf(call, body, forms);
      const result = await options.operation.call(context, actor, input);
      return options.answer?.(result, call) ?? json(withAbilities(result, actor), options.status ?? 200);
    } catch (error) {
      return answerError(error, request);
    }
  };
  return Object.assign(handle, {
    endpoint,
    status: options.status ?? 200,
    operation: options.operation as unknown as Operation<z.ZodType, unknown>,
  });
}

/** Names of the path over the fields of the body, or over those of the query where there is no body. */
function inputOf(call: RouteCall, body: unknown, forms: ReturnType<typeof formsOf>): unknown {
  if (body === undefined) return { ...readQuery(call.url.searchParams, forms), ...call.params };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return { ...body, ...idempotencyOf(call, forms), ...call.params };
}

/** The idempotency key of the request, for operations that accept one. */
function idempotencyOf({ request }: RouteCall, forms: ReturnType<typeof formsOf>): object {
  const key = request.headers.get('idempotency-key');
  return key !== null && forms.has('idempotencyKey') ? { idempotencyKey: key } : {};
}

/** Decodes the parameters of a path. */
function namesOf(params: Record<string, string | string[]> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([key, segment]) => [key, nameOfSegment([segment].flat().join('/'))]),
  );
}

/** Adds the abilities of the caller's role to an answer that has no `can` of its own. */
function withAbilities(result: unknown, actor: Actor): unknown {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return result;
  return { can: abilitiesOf(actor.role), ...result };
}

/**
 * Whether a person was active since the last request. Courier's pages send a header with each request; a client that is
 * not a browser counts as active. Browsers send `Sec-Fetch-Site` only over https and on localhost, so its absence alone
 * does not identify a client that is not a browser.
 */
function isOfPerson(headers: Headers): boolean {
  const said = headers.get(ACTIVE_HEADER);
  return said === null ? headers.get('sec-fetch-site') === null : said === '1';
}

/** A JSON answer that no cache keeps. */
export function json(
  body: unknown,
  status: number,
  headers: Record<string, string> = {},
  cookies: readonly string[] = [],
): Response {
  const answer = Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });
  for (const cookie of cookies) answer.headers.append('set-cookie', cookie);
  return answer;
}

async function readBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new CourierError(
      'unsupported_media_type',
      `The content type is ${JSON.stringify(type)}; this takes application/json.`,
    );
  }
  const bytes = await readAtMost(request, MAX_BODY_BYTES);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new CourierError('invalid_input', `The body is no JSON: ${sentenceOf(error)}`);
  }
}

/** Reads a body up to a limit. The caller is not authenticated yet, so nothing beyond the limit is read. */
async function readAtMost(request: Request, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = Number(request.headers.get('content-length') ?? 0);
  if (length > most) throw tooLarge(most);
  length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > most) throw tooLarge(most);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge(most: number): CourierError {
  return new CourierError(
    'too_large',
    `The body is larger than ${most} bytes, which is the most that is taken.`,
  );
}

async function answerError(thrown: unknown, request: Request): Promise<Response> {
  const error = await translate(thrown, request);
  const { retryAfterSeconds } = error.details;
  const headers: Record<string, string> =
    typeof retryAfterSeconds === 'number' ? { 'retry-after': String(retryAfterSeconds) } : {};
  const body = { error: { code: error.code, message: error.message, details: error.details } };
  return json(body, error.status, headers);
}

async function translate(thrown: unknown, request: Request): Promise<CourierError> {
  if (thrown instanceof CourierError) return thrown;
  const ofStore = storeErrorOf(thrown);
  if (ofStore) return ofStore;
  const reference = randomBytes(3).toString('hex').toUpperCase();
  const path = new URL(request.url).pathname;
  const [context] = await serverContexts().catch(() => []);
  if (context) context.log.error({ err: thrown, reference, path }, 'a request failed');
  else console.error(reference, path, thrown);
  return new CourierError('internal', `Something failed inside Courier (reference ${reference}).`, {
    reference,
  });
}
