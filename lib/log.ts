import pino, { type Logger } from 'pino';

export type Log = Logger;

/** A logger that writes JSON lines to standard error and never the value of a secret. */
export function createLog(level: string, bindings: Record<string, unknown> = {}): Log {
  return pino(
    {
      level,
      base: bindings,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'password',
          'token',
          'authorization',
          'cookie',
          '*.password',
          '*.token',
          '*.authorization',
          '*.cookie',
        ],
        censor: '(not shown)',
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
