import type { KafkaSettings } from '../settings/kafka-settings';
import { SignIn } from '../sign-in/sign-in';
import type { ConnectionOptions } from './connection';
import { TlsFiles } from './tls-files';

const MAX_CONNECT_MS = 3_000;

/** How connections are made by these settings. @param requestTimeoutMs where the settings have none */
export function connectionOptions(settings: KafkaSettings, requestTimeoutMs: number): ConnectionOptions {
  const timeoutMs = settings.requestTimeoutMs ?? requestTimeoutMs;
  const connectTimeoutMs = settings.connectTimeoutMs ?? Math.min(timeoutMs, MAX_CONNECT_MS);
  return {
    clientId: settings.clientId ?? 'courier',
    tls: settings.tls ? new TlsFiles(settings.tls) : null,
    signIn: settings.sasl ? new SignIn(settings.sasl, connectTimeoutMs) : null,
    connectTimeoutMs,
    requestTimeoutMs: timeoutMs,
  };
}
