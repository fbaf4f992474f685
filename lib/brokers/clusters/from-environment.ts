import { readFileSync } from 'node:fs';
import { withoutSecret } from '@/lib/kafka-client/settings/address';
import { CONNECTION_SETTINGS } from '@/lib/kafka-client/settings/kafka-settings';
import { parseProperties } from '@/lib/kafka-client/settings/properties-file';
import { adapterOf, ADAPTERS } from '../registry';
import { problemsTogether, type ClusterSetting, type Environment } from './cluster-setting';
import { resolveReferences } from './references';

/** Variables of the connection to the one Kafka that `COURIER_BROKERS` names. */
export const KAFKA_PREFIX = 'COURIER_KAFKA_';
/** The variable that names a `client.properties` file. */
export const PROPERTIES_VARIABLE = `${KAFKA_PREFIX}PROPERTIES`;

/** The variable of a setting of Kafka's clients: `security.protocol` is `COURIER_KAFKA_SECURITY_PROTOCOL`. */
export function variableOf(key: string): string {
  return KAFKA_PREFIX + key.toUpperCase().replaceAll('.', '_');
}

const KEY_OF = new Map(Object.keys(CONNECTION_SETTINGS).map((key) => [variableOf(key), key]));

/** Whether a variable is one of the connection to Kafka. */
export function isKafkaVariable(name: string): boolean {
  return name === PROPERTIES_VARIABLE || KEY_OF.has(name);
}

/**
 * The clusters of the environment variables: `COURIER_BROKERS`, and of one Kafka how to connect to it.
 * @returns the clusters, or every problem as a sentence
 */
export function clustersOfEnvironment(
  environment: Record<string, string | undefined>,
  environmentOf: (cluster: string) => Environment,
): ClusterSetting[] | { problems: string[] } {
  const problems: string[] = [];
  const problem = (sentence: string) => problems.push(sentence);
  const properties = kafkaProperties(environment, problem);
  const given = environment.COURIER_BROKERS?.trim() || null;
  const bootstrap = properties['bootstrap.servers'];
  const text = given ?? (bootstrap === undefined ? 'embedded:' : `kafka://${bootstrap.replaceAll(' ', '')}`);
  const clusters = text.split(';').flatMap((entry): ClusterSetting[] => {
    const found = parseEntry(entry);
    if (typeof found === 'string') {
      problem(found);
      return [];
    }
    return [{ ...found, environment: environmentOf(found.name), properties: {} }];
  });
  if (problems.length > 0) return { problems };
  problems.push(...problemsTogether(clusters).map((sentence) => `COURIER_BROKERS: ${sentence}.`));
  if (Object.keys(properties).length > 0) connect(clusters, properties, problem);
  for (const cluster of clusters)
    problems.push(
      ...adapterOf(cluster.scheme).problemsOf(cluster.addresses, cluster.properties).map(asVariables),
    );
  return problems.length > 0 ? { problems } : clusters;
}

/** Gives the settings of the connection to the one Kafka that there is. */
function connect(
  clusters: ClusterSetting[],
  properties: Record<string, string>,
  problem: (sentence: string) => void,
): void {
  const kafkas = clusters.filter(({ scheme }) => scheme === 'kafka');
  const [first] = kafkas;
  if (!first || kafkas.length > 1) {
    problem(
      `${KAFKA_PREFIX}* is about one Kafka, and COURIER_BROKERS names ${kafkas.length === 0 ? 'none' : kafkas.length}. Several clusters with settings of their own stand in courier.yaml.`,
    );
    return;
  }
  const { 'bootstrap.servers': bootstrap, ...others } = properties;
  const asWritten = bootstrap
    ?.split(',')
    .map((address) => address.trim())
    .join(',');
  if (asWritten !== undefined && asWritten !== first.addresses.join(','))
    problem(
      `COURIER_BROKERS names ${first.addresses.join(',')}, and bootstrap.servers ${withoutSecret(asWritten)}. Leave one of them out.`,
    );
  first.properties = others;
}

/** The properties of the file and of the variables; a variable outweighs the file. */
function kafkaProperties(
  environment: Record<string, string | undefined>,
  problem: (sentence: string) => void,
): Record<string, string> {
  const file = environment[PROPERTIES_VARIABLE]?.trim();
  let properties: Record<string, string> = {};
  if (file) {
    try {
      properties = parseProperties(readFileSync(file, 'utf8'));
    } catch (error) {
      problem(`${PROPERTIES_VARIABLE}: the file ${file} cannot be read (${codeOf(error)}).`);
    }
  }
  for (const [variable, key] of KEY_OF) {
    const value = environment[variable];
    if (value === undefined || (value.trim() === '' && key !== 'ssl.endpoint.identification.algorithm'))
      continue;
    properties[key] = resolveReferences(value, environment, '.', (sentence) =>
      problem(`${variable}: ${sentence}.`),
    );
  }
  return properties;
}

/** @returns one cluster of `COURIER_BROKERS`, or a sentence with the problem */
function parseEntry(entry: string): Pick<ClusterSetting, 'name' | 'scheme' | 'addresses'> | string {
  const forms = ADAPTERS.map(({ form }) => `[name=]${form}`).join(' or ');
  const allowed = `${forms}, and several of them separated by ;`;
  const shown = JSON.stringify(entry.trim().replace(/\/\/[^;]*@/g, '//***@'));
  const match = /^(?:([a-z0-9-]+)=)?([a-z]+):(.*)$/.exec(entry.trim());
  const adapter = ADAPTERS.find(({ scheme }) => scheme === match?.[2]);
  if (!adapter) return `COURIER_BROKERS is ${shown}; allowed is ${allowed}.`;
  const addresses = adapter.addressesOf(match?.[3] ?? '');
  if (!Array.isArray(addresses)) return `COURIER_BROKERS is ${shown}; ${addresses.problem}.`;
  return { name: match?.[1] ?? adapter.defaultCluster, scheme: adapter.scheme, addresses };
}

/** Adds the variable's name to a sentence that has Kafka's name of the setting. */
function asVariables(sentence: string): string {
  const [key] = /^[a-z.]+/.exec(sentence) ?? [];
  return key && key in CONNECTION_SETTINGS ? `${variableOf(key)}: ${sentence}` : sentence;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
