import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

type Environment = Record<string, string | undefined>;

export function allowedHosts(env: Environment): (host: string) => boolean;
export function refusal(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'> &
    Partial<Pick<IncomingMessage, 'headersDistinct'>>,
  isAllowed: (host: string) => boolean,
): { status: number; code: string; message: string } | null;
export function requestProblem(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'> &
    Partial<Pick<IncomingMessage, 'headersDistinct'>>,
): { status: number; code: string; message: string } | null;
export function setHeaders(request: IncomingMessage, response: ServerResponse, env: Environment): void;
export function refuseConnection(error: Error & { code?: string }, socket: Duplex): void;
