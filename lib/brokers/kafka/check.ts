import { CHECK_STEPS, type CheckLine, type CheckStep } from '@/lib/contract/clusters';
import { sentenceOf } from '@/lib/errors';
import { KafkaConnectError } from '@/lib/kafka-client/connect/connect-error';
import {
  openConnection,
  type ConnectionEvent,
  type ConnectionOptions,
} from '@/lib/kafka-client/connect/connection';
import { addressText, type KafkaAddress } from '@/lib/kafka-client/settings/address';
import type { ConnectionFindings } from '../broker';
import { foundSentence, type FoundCode } from './check-words';
import { KafkaConnections } from './connections';
import { KafkaGroups } from './groups';
import { KafkaMetadata } from './metadata';
import { readRights } from './rights';

/** A certificate that ends within this time is named. */
const SOON_MS = 30 * 86_400_000;
const DAY_MS = 86_400_000;

/** The step that a cause belongs to, by the beginning of its code. */
const STEP_OF: readonly [start: string, step: CheckStep][] = [
  ['files', 'files'],
  ['tlsClientExpired', 'files'],
  ['name', 'name'],
  ['port', 'port'],
  ['tls', 'tls'],
  ['kafka', 'version'],
  ['version', 'version'],
  ['signIn', 'signIn'],
  ['token', 'signIn'],
  ['aws', 'signIn'],
  ['advertised', 'brokers'],
];

/**
 * Tests a connection step by step, over connections of its own: each bootstrap address until one answers, then every
 * broker that it names, then each right. Nothing is changed on the cluster.
 */
export async function checkConnection(
  seeds: readonly KafkaAddress[],
  options: ConnectionOptions,
): Promise<ConnectionFindings> {
  const lines: CheckLine[] = [];
  const connections = new KafkaConnections(seeds, options);
  try {
    if (!(await checkSeeds(seeds, options, lines))) return { lines: withUntried(lines), rights: null };
    const metadata = new KafkaMetadata(connections, seeds.map(addressText));
    const answer = await metadata.read(null).catch((error: unknown) => {
      throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
    });
    await checkBrokers(answer.brokers, connections, lines);
    const groups = new KafkaGroups(connections, metadata);
    const rights = await readRights(connections, groups, options.requestTimeoutMs);
    const missing = rights.filter(({ granted }) => granted === false).length;
    const values = { count: String(rights.length), missing: String(missing) };
    lines.push(found('rights', missing === 0 ? 'rightsAll' : 'rightsMissing', values, missing > 0));
    return { lines, rights };
  } catch (error) {
    const line = failed(error);
    const others = lines.filter(({ step, outcome }) => step !== line.step || outcome !== 'ok');
    return { lines: withUntried([...others, line]), rights: null };
  } finally {
    await connections.close();
  }
}

/** Tries the bootstrap addresses; those that fail beside one that answers are warnings. */
async function checkSeeds(
  seeds: readonly KafkaAddress[],
  options: ConnectionOptions,
  lines: CheckLine[],
): Promise<boolean> {
  const failures: CheckLine[] = [];
  let answered: CheckLine[] | null = null;
  let reached: CheckLine[] = [];
  for (const address of seeds) {
    const passed: CheckLine[] = [];
    try {
      const connection = await openConnection(address, options, (event) =>
        passed.push(...linesOf(event, address, options)),
      );
      connection.close();
      if (!options.signIn) passed.push(found('signIn', 'signInNone', {}));
      answered ??= passed;
    } catch (error) {
      failures.push(failed(error));
      if (passed.length > reached.length) reached = passed;
    }
  }
  if (answered)
    lines.push(...failures.map((line) => ({ ...line, outcome: 'warning' as const })), ...answered);
  // Of addresses that all fail, the one that came furthest is the most helpful.
  else lines.push(...reached, ...failures);
  lines.sort((a, b) => CHECK_STEPS.indexOf(a.step) - CHECK_STEPS.indexOf(b.step));
  return answered !== null;
}

function linesOf(event: ConnectionEvent, address: KafkaAddress, { tls }: ConnectionOptions): CheckLine[] {
  const where = addressText(address);
  switch (event.step) {
    case 'port':
      return [found('port', 'port', { address: where }), ...(tls ? [] : [found('tls', 'tlsNone', {})])];
    case 'tls': {
      const { certificate } = event;
      const days = Math.floor((Date.parse(certificate.until) - Date.now()) / DAY_MS);
      const isSoon = Date.parse(certificate.until) - Date.now() < SOON_MS;
      const values = { ...certificate, days: String(days) };
      return [
        found('tls', isSoon ? 'tlsSoon' : 'tls', values, isSoon),
        ...(tls?.settings.checksName === false ? [found('tls', 'tlsAnyName', {}, true)] : []),
      ];
    }
    case 'version':
      return [found('version', 'version', { release: event.release })];
    case 'signIn': {
      const seconds = Math.round(event.lifetimeMs / 1_000);
      const values = { mechanism: event.mechanism, user: event.user ?? '?', seconds: String(seconds) };
      return [found('signIn', seconds > 0 ? 'signInFor' : 'signIn', values)];
    }
  }
}

async function checkBrokers(
  brokers: { nodeId: number; host: string; port: number }[],
  connections: KafkaConnections,
  lines: CheckLine[],
): Promise<void> {
  const failures = await Promise.all(
    brokers.map(({ nodeId }) =>
      connections.connectionTo(nodeId).then(
        () => [],
        (error: unknown) => [failed(error, 'brokers')],
      ),
    ),
  );
  const names = brokers.map((broker) => `${broker.nodeId}: ${addressText(broker)}`).join(', ');
  if (failures.flat().length > 0) lines.push(...failures.flat());
  else lines.push(found('brokers', 'brokers', { count: String(brokers.length), brokers: names }));
}

function found(
  step: CheckStep,
  code: FoundCode,
  values: Record<string, string>,
  isWarning = false,
): CheckLine {
  const text = foundSentence(code, values);
  return { step, outcome: isWarning ? 'warning' : 'ok', code: `found.${code}`, values, text };
}

function failed(error: unknown, step?: CheckStep): CheckLine {
  if (!(error instanceof KafkaConnectError)) {
    const values = { reason: sentenceOf(error) };
    return { ...found(step ?? 'brokers', 'other', values), outcome: 'failed' };
  }
  const of = STEP_OF.find(([start]) => error.code.startsWith(start))?.[1];
  return {
    step: step ?? of ?? 'version',
    outcome: 'failed',
    code: `cause.${error.code}`,
    values: error.values,
    text: error.message,
  };
}

/** Steps behind the one that failed are listed as not tried. */
function withUntried(lines: CheckLine[]): CheckLine[] {
  const last = Math.max(...lines.map(({ step }) => CHECK_STEPS.indexOf(step)));
  const untried = CHECK_STEPS.slice(last + 1).map((step) => ({
    ...found(step, 'untried', {}),
    outcome: 'untried' as const,
  }));
  return [...lines, ...untried];
}
