import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactoryArgs, KafkaConfig, Mechanism } from 'kafkajs';
import { connectionOptions } from '../kafka-client/connect/connection-options';
import { openConnection, type ConnectionOptions } from '../kafka-client/connect/connection';
import { KafkaConnectError } from '../kafka-client/connect/connect-error';
import { problemOf, tlsError, tlsOptions } from '../kafka-client/connect/dial';
import { firstAnswer, NEXT_ADDRESS_MS } from '../kafka-client/connect/first-answer';
import type { TlsFiles } from '../kafka-client/connect/tls-files';
import { addressText, type KafkaAddress } from '../kafka-client/settings/address';
import { readKafkaSettings, type KafkaSettings } from '../kafka-client/settings/kafka-settings';
import type { Exchange } from '../kafka-client/sign-in/exchange';
import type { SignIn } from '../kafka-client/sign-in/sign-in';

const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
/** kafkajs splits an address at its first colon, so an IPv6 address is given to it as a name of this ending. */
const V6 = '.ipv6';

/**
 * The settings of kafkajs for settings named like those of Kafka's clients, as the console connects as well.
 * @throws KafkaSettingsError with every problem at once
 */
export function kafkaConfigOf(brokers: string[], properties: Record<string, string>): KafkaConfig {
  const settings = readKafkaSettings({ 'bootstrap.servers': brokers.join(','), ...properties });
  const options = connectionOptions(settings, REQUEST_TIMEOUT_MS);
  return {
    brokers: async () => [await firstThatAnswers(settings, options)],
    connectionTimeout: options.connectTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    // The files and the checks of TLS are in the socket factory.
    ssl: options.tls !== null,
    socketFactory: (args) => socketOf(args, options),
    ...(settings.clientId === null ? {} : { clientId: settings.clientId }),
    ...(options.signIn ? { sasl: saslOf(options.signIn) } : {}),
  };
}

async function firstThatAnswers(settings: KafkaSettings, options: ConnectionOptions): Promise<string> {
  const anonymous = { ...options, signIn: null };
  const connection = await firstAnswer(
    settings.addresses,
    (address) => openConnection(address, anonymous),
    NEXT_ADDRESS_MS,
    (opened) => opened.close(),
  );
  connection.close();
  const { host, port } = connection.address;
  return `${host.includes(':') ? host.replaceAll(':', '-') + V6 : host}:${port}`;
}

function addressOf(host: string, port: number): KafkaAddress {
  return { host: host.endsWith(V6) ? host.slice(0, -V6.length).replaceAll('-', ':') : host, port };
}

function socketOf(
  { host, port, onConnect }: ISocketFactoryArgs,
  { tls: files, signIn }: ConnectionOptions,
): net.Socket {
  const address = addressOf(host, port);
  const socket = files ? tlsSocket(address, files, onConnect) : plainSocket(address, signIn, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  return socket;
}

function plainSocket(address: KafkaAddress, signIn: SignIn | null, onConnect: () => void): net.Socket {
  const socket = net.connect(address, onConnect);
  socket.once('data', (bytes: Buffer) => {
    // The alert of a TLS listener, RFC 8446 section 5.1.
    if (bytes[0] !== 0x15 || bytes[1] !== 3) return;
    const setting = signIn ? 'SASL_SSL' : 'SSL';
    socket.destroy(new KafkaConnectError('kafkaTlsPort', { address: addressText(address), setting }));
  });
  return socket;
}

function tlsSocket(address: KafkaAddress, files: TlsFiles, onConnect: () => void): net.Socket {
  const socket = tls.connect({ ...tlsOptions(address, files), ...address });
  let isSecured = false;
  socket.once('secureConnect', () => {
    isSecured = true;
    const problem = problemOf(socket, address, files);
    if (problem) socket.destroy(problem);
    else onConnect();
  });
  const destroy = socket.destroy.bind(socket);
  // An error of the handshake is named before kafkajs has it.
  socket.destroy = (error?: Error) =>
    destroy(
      error && !isSecured && !(error instanceof KafkaConnectError) ? tlsError(address, files, error) : error,
    );
  return socket;
}

/** kafkajs's messages of sign-in are length-prefixed, and a refused token is a success to it: each is checked here. */
function saslOf(signIn: SignIn): Mechanism {
  return {
    mechanism: signIn.mechanism,
    authenticationProvider: ({ host, port, saslAuthenticate }) => ({
      authenticate: async () => {
        const exchange: Exchange = async (message) => {
          try {
            const data = await saslAuthenticate({
              request: { encode: () => framed(message) },
              response: {
                decode: (raw: Buffer) => Promise.resolve(raw.subarray(4)),
                parse: (bytes: Buffer) => Promise.resolve(bytes),
              },
            });
            return {
              error: 0,
              message: null,
              data: (data as Buffer | undefined) ?? Buffer.alloc(0),
              lifetimeMs: 0,
            };
          } catch (error) {
            const refused = error instanceof Error ? error : new Error(String(error));
            if (refused.name !== 'KafkaJSProtocolError' && refused.name !== 'KafkaJSSASLAuthenticationError')
              throw error;
            return { error: -1, message: refused.message, data: Buffer.alloc(0), lifetimeMs: 0 };
          }
        };
        await signIn.run(addressOf(host, port), exchange);
      },
    }),
  };
}

function framed(message: Buffer): Promise<Buffer> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(message.length);
  return Promise.resolve(Buffer.concat([length, message]));
}
