import type { IncomingMessage } from 'node:http';
import { CourierError, sentenceOf } from '@/lib/errors';
import { LIMITS } from '@/lib/protocol/fact';

/** Refuses what the headers alone show to be wrong, before anything of the body is read. */
export function checkBodyHeaders(request: IncomingMessage): void {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new CourierError(
      'unsupported_media_type',
      `The content type is ${JSON.stringify(type)}; the intake takes application/json.`,
    );
  }
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > LIMITS.intakeBytes) throw tooLarge(length);
}

/** A body that is this small, or here this soon, takes nothing that has to be limited. */
const SMALL_BYTES = 65_536;
const SOON_MS = 100;

/**
 * Reads a JSON body.
 * @param timeoutMs within which it has to have come whole
 * @param place counts the request while a large or slow body comes
 * @throws CourierError timed_out, too_large, too_many_requests or invalid_input
 */
export async function readJson(
  request: IncomingMessage,
  timeoutMs: number,
  place: { read(): void },
): Promise<unknown> {
  const isLarge = Number(request.headers['content-length'] ?? Infinity) > SMALL_BYTES;
  if (isLarge) place.read();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The body did not come within ${timeoutMs / 1000} s; nothing was kept.`;
      reject(new CourierError('timed_out', message));
    }, timeoutMs);
  });
  const body = readWhole(request);
  try {
    if (!isLarge && (await isSlow(body))) place.read();
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await Promise.race([body, late]));
    return JSON.parse(text);
  } catch (error) {
    body.catch(() => undefined);
    if (error instanceof CourierError) throw error;
    throw new CourierError('invalid_input', `The body is no JSON in UTF-8: ${sentenceOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

async function isSlow(body: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<true>((resolve) => (timer = setTimeout(() => resolve(true), SOON_MS)));
  try {
    return await Promise.race([
      slow,
      body.then(
        () => false,
        () => false,
      ),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function readWhole(request: IncomingMessage): Promise<Buffer> {
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
  return Buffer.concat(parts);
}

function tooLarge(bytes: number): CourierError {
  return new CourierError(
    'too_large',
    `The body has ${bytes} bytes or more; ${LIMITS.intakeBytes} are allowed. Send several smaller ones.`,
  );
}
