import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** The metrics that the worker exposes to Prometheus at `/metrics`. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry, prefix: 'courier_' });

export const factsCollected = new Counter({
  name: 'courier_facts_collected_total',
  help: 'Facts read, by where they came from',
  labelNames: ['source'] as const,
  registers: [registry],
});

export const intakeRequests = new Counter({
  name: 'courier_intake_requests_total',
  help: 'Requests to the intake, by path and status',
  labelNames: ['path', 'status'] as const,
  registers: [registry],
});

export const intakeActive = new Gauge({
  name: 'courier_intake_active_requests',
  help: 'Requests at the intake: those that are read, worked on, and waiting for records',
  labelNames: ['phase'] as const,
  registers: [registry],
});

export const retrySends = new Counter({
  name: 'courier_retry_sends_total',
  help: 'Sends of retries, by what became of them',
  labelNames: ['outcome'] as const,
  registers: [registry],
});

export const groupLag = new Gauge({
  name: 'courier_consumer_group_lag',
  help: 'Records a consumer group is behind on a topic',
  labelNames: ['cluster', 'group', 'topic'] as const,
  registers: [registry],
});

export const groupStandings = new Gauge({
  name: 'courier_consumer_groups',
  help: 'Consumer groups by what they need: needs_a_look, on_its_way, well, not_known',
  labelNames: ['cluster', 'standing'] as const,
  registers: [registry],
});

export const openEpisodes = new Gauge({
  name: 'courier_episodes_open',
  help: 'Troubles and releases that have begun and not ended, by kind',
  labelNames: ['cluster', 'kind'] as const,
  registers: [registry],
});

export const consumerCrashes = new Gauge({
  name: 'courier_consumer_crashes',
  help: "Crashes and failed starts of a group's consumers since their processes began, by service",
  labelNames: ['cluster', 'group', 'service'] as const,
  registers: [registry],
});

export const unreadableRecords = new Gauge({
  name: 'courier_consumer_unreadable_records',
  help: "Records that a group's consumers passed over since their processes began, because they can not be read",
  labelNames: ['cluster', 'group', 'service'] as const,
  registers: [registry],
});

const ofSource = { labelNames: ['cluster', 'source'] as const, registers: [registry] };

export const sourceUnread = new Gauge({
  name: 'courier_source_unread_records',
  help: 'Records of the topics that a source of Courier reads which it has not read yet',
  ...ofSource,
});

export const sourceDelay = new Gauge({
  name: 'courier_source_delay_seconds',
  help: 'How late the records were that a source of Courier wrote last',
  ...ofSource,
});
