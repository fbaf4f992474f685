import { z } from 'zod';
import { existsSync } from 'node:fs';
import { ENVIRONMENTS, type ClusterSetting, type Environment } from '@/lib/brokers/clusters/cluster-setting';
import { clustersOfEnvironment, isKafkaVariable } from '@/lib/brokers/clusters/from-environment';
import { clustersOfFile } from '@/lib/brokers/clusters/from-file';
import { CourierError } from '@/lib/errors';
import { DEFAULT_TOPIC_PREFIX, TOPIC_PREFIX } from '@/lib/protocol/topics';

/** A number within bounds; any other value gets the same error message. */
const numeric = (least: number, most: number) => {
  const error = `a number from ${least} to ${most}`;
  return z.coerce.number({ error }).min(least, { error }).max(most, { error });
};

const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error });
};

const port = (what: string, fallback: number) => whole(0, 65_535).default(fallback).describe(what);

const seconds = (what: string, fallback: number, least: number, most: number) =>
  numeric(least, most).default(fallback).describe(what);

/** Every setting of Courier, by the name of its environment variable. `docs/configuration.md` is made from this. */
export const settings = z.object({
  COURIER_DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'a PostgreSQL address such as postgres://user:password@host:5432/courier',
    })
    .optional()
    .describe(
      'The PostgreSQL (15 or newer) that holds the tracking store. Unset: an embedded PostgreSQL under COURIER_DATA_DIR.',
    ),
  COURIER_BROKERS: z
    .string()
    .default('embedded:')
    .describe(
      'The message brokers: `embedded:` or `kafka://host:port,host:port`, with an optional `name=` before it. Several clusters are separated by `;`, for example `main=kafka://a:9092;dr=kafka://c:9092`; the first is the one that pages show when they name none. How to connect to a Kafka that is secured stands in the variables `COURIER_KAFKA_*` below, or in `courier.yaml`.',
    ),
  COURIER_ENVIRONMENT: z
    .string()
    .regex(
      /^([a-z0-9-]+=)?(development|staging|production)(;([a-z0-9-]+=)?(development|staging|production))*$/,
      {
        error: 'development, staging or production, for all clusters or as name=production;name=staging',
      },
    )
    .default('development')
    .describe(
      'What the clusters are: `development`, `staging` or `production`, for all of them or for each by its name (`main=production;dr=staging`); colours the strip at the top of every page.',
    ),
  COURIER_CONFIG: z
    .string()
    .min(1)
    .default('courier.yaml')
    .describe(
      'File with the clusters and how to connect to each, instead of COURIER_BROKERS, COURIER_ENVIRONMENT and COURIER_KAFKA_*; see docs/kafka.md. Not needed where it does not exist.',
    ),
  COURIER_TOPIC_PREFIX: z
    .string()
    .regex(TOPIC_PREFIX, { error: 'at most 26 letters, digits, dots, hyphens and underscores' })
    .default(DEFAULT_TOPIC_PREFIX)
    .describe(
      "What the names of Courier's own topics begin with. Services that use the SDK need the same value in the same variable.",
    ),
  COURIER_DATA_DIR: z
    .string()
    .min(1)
    .default('.courier')
    .describe('Folder for what Courier itself keeps: embedded PostgreSQL, its password, the running ports.'),
  COURIER_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Address that the console, the intake and the workers listen on.'),
  COURIER_PORT: port('Port of the console.', 3000),
  COURIER_INTAKE_PORT: port('Port of the intake, where services send facts.', 3001),
  COURIER_WORKER_PORT: port("Port of the worker's `/healthz`, `/readyz` and `/metrics`.", 3002),
  COURIER_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// address' })
    .optional()
    .describe(
      'Address under which people open the console. https here makes the session cookie `__Host-` and Secure. Unset: the address of the request.',
    ),
  COURIER_ALLOWED_HOSTS: z
    .string()
    .regex(/^\s*(\*|(\*\.)?[a-zA-Z0-9._-]+)(\s*,\s*(\*|(\*\.)?[a-zA-Z0-9._-]+))*\s*$/, {
      error: 'names of hosts separated by commas, such as courier.example.com,*.internal',
    })
    .optional()
    .describe(
      'Names by which the console and the metrics may be called, separated by commas; `*.example.com` for all below one, `*` for any. localhost, IP addresses, the name of this machine and the host of COURIER_PUBLIC_URL always may. Any other name is answered 421, since a page of another site could make a browser use it (DNS rebinding).',
    ),
  COURIER_RETENTION_DAYS: whole(1, 3650)
    .default(30)
    .describe('Days for which messages, deliveries and facts are kept.'),
  COURIER_OLDER_RECORDS: whole(0, 100_000_000)
    .default(1_000_000)
    .describe(
      'Records with times before COURIER_RETENTION_DAYS that the topic index reads at most, as those on compacted topics or of a clock that is wrong. They are kept for as long, from when they were read.',
    ),
  COURIER_BODY_RETENTION_DAYS: whole(1, 3650)
    .default(14)
    .describe('Days for which stored copies of payloads are kept.'),
  COURIER_SAMPLE_SECONDS: seconds('Seconds between two measurements of lag.', 10, 1, 300),
  COURIER_REQUEST_TIMEOUT_SECONDS: seconds(
    'Seconds after which a request to the broker counts as unanswered.',
    10,
    0.2,
    120,
  ),
  COURIER_INTAKE_BODY_SECONDS: seconds(
    'Seconds within which the body of a request to the intake has to have come.',
    10,
    0.2,
    300,
  ),
  COURIER_MAX_BATCH_MB: whole(1, 1024)
    .default(64)
    .describe(
      "Megabytes that a compressed batch of records may unpack to, at least the broker's message.max.bytes. A larger one is passed over and listed in Settings > Sources.",
    ),
  COURIER_RETRY_ANSWER_HOURS: numeric(0.0001, 720)
    .default(24)
    .describe(
      'Hours for which a retry that was sent waits for an answer; then it has ended as "no answer", and its message may be retried again. A report that comes later still counts.',
    ),
  COURIER_FROZEN_SECONDS: seconds(
    'Seconds without a sign of life after which the supervisor ends the console or the worker and starts it again.',
    60,
    5,
    3_600,
  ),
  COURIER_SESSION_IDLE_MINUTES: whole(1, 1440)
    .default(30)
    .describe('Minutes without a request after which a session ends.'),
  COURIER_SESSION_HOURS: whole(1, 168).default(8).describe('Hours after which a session ends in any case.'),
  COURIER_TRUSTED_PROXIES: whole(0, 10)
    .default(0)
    .describe(
      'How many proxies stand before the console: so many entries at the end of X-Forwarded-For are believed, for the limit of sign-ins by address. 0: who is connected.',
    ),
  COURIER_POOL_SIZE: whole(2, 200).default(10).describe('Most PostgreSQL connections of one process.'),
  COURIER_DEMO: z.iso
    .datetime({ error: 'the time at which the demo began, as 2026-11-21T14:02:11Z' })
    .optional()
    .describe('Set by `npm run demo`: when it began. The Overview then shows five things to try.'),
  COURIER_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level of what is logged.'),
});

/** The settings of a process. */
export type Settings = z.infer<typeof settings> & {
  /** At least one; the first is the one that pages show when they name none. */
  clusters: ClusterSetting[];
};

/**
 * Reads the settings of a process.
 * @throws CourierError invalid_input, one line for each wrong variable: its name, its value, what is allowed
 */
export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const known = Object.fromEntries(
    Object.keys(settings.shape).flatMap((name) => {
      const value = environment[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const unknown = Object.keys(environment).filter(
    (name) =>
      name.startsWith('COURIER_') &&
      !(name in settings.shape) &&
      !ELSEWHERE.has(name) &&
      !isKafkaVariable(name),
  );
  const result = settings.safeParse(known);
  const lines = unknown.map(
    (name) => `${name} is no setting of Courier. docs/configuration.md lists them all.`,
  );
  if (!result.success) {
    for (const issue of result.error.issues) {
      const name = String(issue.path[0]);
      const value = SECRET.test(name) ? '(not shown)' : JSON.stringify(known[name] ?? null);
      lines.push(
        `${name} is ${value}; allowed is ${issue.message.replace(/^Invalid (input|option): expected /, '')}.`,
      );
    }
  }
  const clusters = readClusters(known, environment);
  if ('problems' in clusters) lines.push(...clusters.problems);
  if (lines.length > 0 || !result.success || 'problems' in clusters)
    throw new CourierError('invalid_input', lines.join('\n'));
  return { ...result.data, clusters };
}

/** The clusters of `courier.yaml`, where there is one, else of the variables; both together are refused. */
function readClusters(
  known: Record<string, string>,
  environment: Record<string, string | undefined>,
): ClusterSetting[] | { problems: string[] } {
  const file = known.COURIER_CONFIG ?? 'courier.yaml';
  if (known.COURIER_CONFIG === undefined && !existsSync(file))
    return clustersOfEnvironment(environment, (cluster) =>
      environmentOf(known.COURIER_ENVIRONMENT ?? 'development', cluster),
    );
  const variables = Object.keys(environment).filter(
    (name) =>
      environment[name] &&
      (isKafkaVariable(name) || ['COURIER_BROKERS', 'COURIER_ENVIRONMENT'].includes(name)),
  );
  if (variables.length === 0) return clustersOfFile(file, environment);
  return {
    problems: [`${variables.join(', ')} and ${file} both say what the clusters are. Leave one of them out.`],
  };
}

// Read by the SDK of services and by tests, which do not use this file.
const ELSEWHERE = new Set([
  'COURIER_TOKEN',
  'COURIER_CLUSTER',
  'COURIER_INTAKE_URL',
  'COURIER_PARENT_PIPE',
  'COURIER_FAILPOINT',
  'COURIER_STOP_WITH_STDIN',
]);
const SECRET = /^COURIER_DATABASE_URL$/;

/** Returns the environment that `COURIER_ENVIRONMENT` sets for a cluster; `development` if it names only other clusters. */
export function environmentOf(setting: string, cluster: string): Environment {
  const parts = setting.split(';').map((part) => part.split('='));
  const own = parts.find(([name, value]) => name === cluster && value !== undefined);
  const general = parts.find(([, value]) => value === undefined);
  const given = own?.[1] ?? general?.[0];
  return ENVIRONMENTS.find((stage) => stage === given) ?? 'development';
}
