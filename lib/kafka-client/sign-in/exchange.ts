import { WireWriter } from '../wire/bytes';
import type { WireRequest } from '../wire/request';

export interface HandshakeAnswer {
  error: number;
  /** Mechanisms that the listener offers. */
  offers: string[];
}

/** SaslHandshake v1: names the mechanism; the answer lists those that are offered whatever was named. */
export function saslHandshakeRequest(mechanism: string): WireRequest<HandshakeAnswer> {
  return {
    apiKey: 17,
    apiName: 'SaslHandshake',
    least: 1,
    most: 1,
    write: () => new WireWriter().string(mechanism).toBuffer(),
    read: (reader) => ({ error: reader.int16(), offers: reader.array(() => reader.string() ?? '') }),
  };
}

export interface AuthenticateAnswer {
  error: number;
  message: string | null;
  data: Buffer;
  /** Milliseconds for which the session lasts; 0: without end (KIP-368). */
  lifetimeMs: number;
}

/** SaslAuthenticate v1: one message of a mechanism. */
export function saslAuthenticateRequest(message: Buffer): WireRequest<AuthenticateAnswer> {
  return {
    apiKey: 36,
    apiName: 'SaslAuthenticate',
    least: 1,
    most: 1,
    write: () => new WireWriter().int32(message.length).bytes(message).toBuffer(),
    read: (reader) => ({
      error: reader.int16(),
      message: reader.string(),
      data: reader.bytes32() ?? Buffer.alloc(0),
      lifetimeMs: Number(reader.int64()),
    }),
  };
}

/** Sends one message of a mechanism and answers what came back. */
export type Exchange = (message: Buffer) => Promise<AuthenticateAnswer>;

/** The wrong mechanism for a listener, and a listener without sign-in (Kafka's error codes). */
export const UNSUPPORTED_SASL_MECHANISM = 33;
export const ILLEGAL_SASL_STATE = 34;
