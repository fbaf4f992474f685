import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { parseProperties } from '@/lib/kafka-client/settings/properties-file';
import { adapterOf, ADAPTERS } from '../registry';
import {
  CLUSTER_NAME,
  ENVIRONMENTS,
  problemsTogether,
  type ClusterSetting,
  type Environment,
} from './cluster-setting';
import { resolveReferences } from './references';

/** Keys of a cluster that are Courier's own; all others are settings of the broker's clients. */
const OWN_KEYS = ['broker', 'environment', 'properties'];

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const cluster = z.record(z.string(), z.union([scalar, z.array(scalar)]));
const document = z.strictObject({ clusters: z.record(z.string(), cluster) });

/**
 * The clusters of a `courier.yaml`: under `clusters`, by name, the settings of each by the names of Kafka's clients.
 * @param file its path; files that it names are relative to its folder
 * @returns the clusters in the order of the file, or every problem as a sentence
 */
export function clustersOfFile(
  file: string,
  environment: Record<string, string | undefined>,
): ClusterSetting[] | { problems: string[] } {
  const read = readDocument(file);
  if ('problems' in read) return read;
  const problems: string[] = [];
  const entries = Object.entries(read.clusters);
  if (entries.length === 0) problems.push(`${file}: clusters is empty; name at least one.`);
  const clusters = entries.flatMap(([name, values]) => {
    const own: string[] = [];
    const found = readCluster(name, values, file, environment, own);
    problems.push(...own.map((sentence) => `${file}, clusters.${name}: ${sentence}`));
    return found ? [found] : [];
  });
  problems.push(...problemsTogether(clusters).map((sentence) => `${file}: ${sentence}.`));
  return problems.length > 0 ? { problems } : clusters;
}

type Values = z.infer<typeof cluster>;

function readDocument(file: string): { clusters: Record<string, Values> } | { problems: string[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      problems: [`${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`],
    };
  }
  const parsed = parseDocument(text, { uniqueKeys: true });
  // A message of the parser quotes the line, which may hold a secret; its code and place are enough.
  const [first] = parsed.errors;
  if (first) {
    const line = first.linePos?.[0].line ?? '?';
    return { problems: [`${file}, line ${line}: it is not valid YAML (${first.code}).`] };
  }
  const checked = document.safeParse(parsed.toJS({ maxAliasCount: 0 }));
  if (checked.success) return checked.data;
  const place = checked.error.issues[0]?.path.join('.') ?? '';
  return {
    problems: [
      `${file}${place ? `, ${place}` : ''}: expected is clusters, then each cluster by its name, then settings such as bootstrap.servers: host:9092, each on one line.`,
    ],
  };
}

function readCluster(
  name: string,
  values: Values,
  file: string,
  environment: Record<string, string | undefined>,
  problems: string[],
): ClusterSetting | null {
  const folder = path.dirname(file);
  const problem = (sentence: string) => problems.push(sentence);
  if (!CLUSTER_NAME.test(name)) problem('its name may have small letters, digits and hyphens.');
  const texts = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      resolveReferences(
        Array.isArray(value) ? value.join(',') : String(value),
        environment,
        folder,
        (sentence) => problem(`${key}: ${sentence}.`),
      ),
    ]),
  );
  const scheme = texts.broker ?? 'kafka';
  const adapter = ADAPTERS.find((item) => item.scheme === scheme);
  if (!adapter)
    problem(
      `broker is ${JSON.stringify(scheme)}; allowed is ${ADAPTERS.map((item) => item.scheme).join(' or ')}.`,
    );
  const stage = environmentOf(texts.environment, problem);
  if (!adapter) return null;
  const properties = { ...filed(texts.properties, folder, problem), ...withoutOwn(texts) };
  const { 'bootstrap.servers': bootstrap, ...others } = properties;
  const addresses = bootstrap === undefined ? [] : bootstrap.split(',').map((address) => address.trim());
  problems.push(...adapterOf(scheme).problemsOf(addresses, others));
  const paths = Object.fromEntries(
    Object.entries(others).map(([key, value]) => [
      key,
      key.endsWith('.location') ? path.resolve(folder, value) : value,
    ]),
  );
  return { name, scheme, addresses, environment: stage, properties: paths };
}

function withoutOwn(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !OWN_KEYS.includes(key)));
}

function filed(
  name: string | undefined,
  folder: string,
  problem: (sentence: string) => void,
): Record<string, string> {
  if (name === undefined) return {};
  try {
    return parseProperties(readFileSync(path.resolve(folder, name), 'utf8'));
  } catch (error) {
    problem(
      `properties: the file ${name} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}).`,
    );
    return {};
  }
}

function environmentOf(given: string | undefined, problem: (sentence: string) => void): Environment {
  if (given === undefined) return 'development';
  const known = ENVIRONMENTS.find((stage) => stage === given);
  if (!known) problem(`environment is ${JSON.stringify(given)}; allowed is ${ENVIRONMENTS.join(', ')}.`);
  return known ?? 'development';
}
