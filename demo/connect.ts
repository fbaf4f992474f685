import type { Courier } from '../lib/sdk';

/** Connects one of the shop's services; the shop closes them all when it stops. */
export type Connect = (service: string, release: string) => Courier;

/** What a handler passes on to the messages it sends, so that they are of one trace. */
export function traceOf(headers: ReadonlyMap<string, string>): { traceparent?: string } {
  const traceparent = headers.get('traceparent');
  return traceparent ? { traceparent } : {};
}
