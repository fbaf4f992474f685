/**
 * Settings of Java's producers, consumers and admin clients (Kafka 4.3, `configNames()`) that do not change how Courier
 * connects. A `client.properties` file may contain them, and are listed as not needed.
 */
const NOT_NEEDED = new Set(
  `acks allow.auto.create.topics auto.commit.interval.ms auto.offset.reset batch.size bootstrap.controllers buffer.memory
  check.crcs client.dns.lookup client.rack compression.gzip.level compression.lz4.level compression.type
  compression.zstd.level connections.max.idle.ms default.api.timeout.ms delivery.timeout.ms enable.auto.commit
  enable.idempotence enable.metrics.push exclude.internal.topics fetch.max.bytes fetch.max.wait.ms fetch.min.bytes
  group.id group.instance.id group.protocol group.remote.assignor heartbeat.interval.ms interceptor.classes
  isolation.level key.deserializer key.serializer linger.ms max.block.ms max.in.flight.requests.per.connection
  max.partition.fetch.bytes max.poll.interval.ms max.poll.records max.request.size metadata.max.age.ms
  metadata.max.idle.ms metadata.recovery.rebootstrap.trigger.ms metadata.recovery.strategy metric.reporters
  metrics.num.samples metrics.recording.level metrics.sample.window.ms partition.assignment.strategy
  partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms partitioner.class partitioner.ignore.keys
  receive.buffer.bytes reconnect.backoff.max.ms reconnect.backoff.ms retries retry.backoff.max.ms retry.backoff.ms
  sasl.client.callback.handler.class sasl.kerberos.kinit.cmd sasl.kerberos.min.time.before.relogin
  sasl.kerberos.service.name sasl.kerberos.ticket.renew.jitter sasl.kerberos.ticket.renew.window.factor
  sasl.login.callback.handler.class sasl.login.connect.timeout.ms sasl.login.read.timeout.ms
  sasl.login.refresh.buffer.seconds sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor
  sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms
  sasl.oauthbearer.clock.skew.seconds sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer
  sasl.oauthbearer.header.urlencode sasl.oauthbearer.jwks.endpoint.refresh.ms
  sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms sasl.oauthbearer.jwks.endpoint.retry.backoff.ms
  sasl.oauthbearer.jwks.endpoint.url sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name
  send.buffer.bytes session.timeout.ms share.acknowledgement.mode share.acquire.mode
  socket.connection.setup.timeout.max.ms ssl.keymanager.algorithm ssl.keystore.type ssl.protocol ssl.provider
  ssl.secure.random.implementation ssl.trustmanager.algorithm ssl.truststore.password ssl.truststore.type
  transaction.timeout.ms transaction.two.phase.commit.enable transactional.id value.deserializer value.serializer`.split(
    /\s+/,
  ),
);

/** Settings of libraries around Kafka's client that share its file: Schema Registry, Confluent's own. */
const OTHER_LIBRARIES =
  /^(schema\.registry\.|basic\.auth\.|bearer\.auth\.|confluent\.|auto\.register\.|use\.latest\.|specific\.|sasl\.kerberos\.)/;

/** Settings that change who connects or what is trusted, and that Courier cannot follow, each with the way out. */
export const REFUSED_KEYS: Record<string, string> = {
  'config.providers':
    'Courier resolves no providers of Java; in courier.yaml ${env:NAME} and ${file:/path} stand for a value',
  'sasl.login.class': 'a login class of Java cannot run here; use SCRAM, PLAIN, OAUTHBEARER or AWS_MSK_IAM',
  'sasl.oauthbearer.jwt.retriever.class':
    'a class of Java cannot run here; tokens come from sasl.oauthbearer.token.endpoint.url by client id and secret',
  'sasl.oauthbearer.jwt.validator.class': 'a class of Java cannot run here; leave it out',
  'security.providers': 'providers of Java cannot run here; leave it out',
  'ssl.cipher.suites':
    "Java's names of cipher suites mean nothing here; leave it out, and limit TLS by ssl.enabled.protocols",
  'ssl.engine.factory.class': 'a class of Java cannot run here; name PEM or PKCS12 files instead',
};

/** Whether a setting of a Java client may be left unread without changing how Courier connects. */
export function isNotNeeded(key: string): boolean {
  return NOT_NEEDED.has(key) || OTHER_LIBRARIES.test(key);
}
