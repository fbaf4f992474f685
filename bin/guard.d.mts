import type { IncomingMessage, ServerResponse } from 'node:http';

type Environment = Record<string, string | undefined>;

export function allowedHosts(env: Environment): (host: string) => boolean;
export function refusal(
  request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  isAllowed: (host: string) => boolean,
): { status: number; code: string; message: string } | null;
export function setHeaders(request: IncomingMessage, response: ServerResponse, env: Environment): void;
