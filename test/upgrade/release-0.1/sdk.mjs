// lib/protocol/topics.ts
var COURIER_PREFIX = "courier.";
var FACTS_TOPIC = "courier.facts";
var LEGAL = /^[a-zA-Z0-9._-]+$/;
var MAX_TOPIC = 249;
function topicSafe(group, room = MAX_TOPIC - 32) {
  if (LEGAL.test(group) && group.length <= room) return group;
  return `${group.replace(/[^a-zA-Z0-9._-]/g, "_").slice(0, room - 9)}-${fnv1a(group)}`;
}
function retryTopicOf(group) {
  return `courier.retry.${topicSafe(group)}`;
}
function deadLetterTopicOf(group) {
  return `courier.dlq.${topicSafe(group)}`;
}
function retryGroupOf(group) {
  return `${group}.retry`;
}
function roleOfTopic(topic) {
  if (topic === FACTS_TOPIC) return "facts";
  if (topic.startsWith("courier.retry.")) return "retry";
  if (topic.startsWith("courier.dlq.")) return "dead_letter";
  if (topic.startsWith(COURIER_PREFIX) || topic.startsWith("__")) return "internal";
  return "message";
}
function fnv1a(text) {
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

// lib/sdk/backoff.ts
var DEFAULT_RETRY = {
  attempts: 4,
  firstMs: 1e3,
  factor: 3,
  mostMs: 6e4,
  jitter: 0.2,
  when: () => true
};
function waitAfter(policy, attempt, random = Math.random) {
  const whole = Math.min(policy.firstMs * policy.factor ** (attempt - 1), policy.mostMs);
  return Math.round(whole * (1 - policy.jitter * random()));
}

// lib/sdk/facts.ts
import path from "node:path";
import { fileURLToPath } from "node:url";

// lib/protocol/fact.ts
var MESSAGE_KINDS = ["event", "broadcast", "ordered", "transactional", "delayed"];
var FACT_KINDS = [
  "committed",
  /** Seen on its topic by Courier's own reader, whether or not its sender reports anything. */
  "indexed",
  "send_failed",
  "started",
  "handled",
  "handle_failed",
  "push_failed",
  "skipped",
  "dead_lettered",
  "expected",
  "overdue"
];
var REPORTED_KINDS = FACT_KINDS.filter((kind) => kind !== "expected" && kind !== "overdue");
var LIMITS = {
  factsPerBatch: 1e3,
  batchBytes: 9e5,
  intakeBytes: 4e6,
  stackBytes: 16384,
  messageBytes: 4096,
  keyCharacters: 1024
};

// lib/protocol/headers.ts
var HEADER = {
  /** UUIDv7 of the message, made by the sender. */
  id: "courier-id",
  /** Topic the message was published to first; differs from the topic it is read from on retry and dead-letter topics. */
  topic: "courier-topic",
  type: "courier-type",
  version: "courier-version",
  service: "courier-service",
  kind: "courier-kind",
  /** Time of the publish call, ISO 8601 with milliseconds. */
  time: "courier-time",
  /** From the second try of a publish on, its number; a copy may already be on the topic. */
  publishAttempt: "courier-publish-attempt",
  /** The sender's own id of the message, where it has one. */
  producerId: "courier-producer-id",
  traceparent: "traceparent",
  /** Raised only by a deliberate retry; absent means 0. */
  generation: "courier-generation",
  retryId: "courier-retry-id",
  retryJobId: "courier-retry-job-id",
  /** Number of the send of one retry, 1 first. */
  attempt: "courier-attempt",
  /** `topic/partition/offset` of the record a retry was made from. */
  source: "courier-source",
  targetGroup: "courier-target-group",
  /** `1` on a send that repeats one whose outcome was not known. */
  possibleDuplicate: "courier-possible-duplicate",
  payloadSha256: "courier-payload-sha256",
  /** How many times the record was given to a group anew; at most 10. */
  hops: "courier-hops"
};
var DEAD_LETTER_HEADER = {
  group: "courier-dlq-group",
  /** `handle_failed` or `push_failed`. */
  kind: "courier-dlq-kind",
  factId: "courier-dlq-fact-id",
  errorType: "courier-dlq-error-type",
  errorMessage: "courier-dlq-error-message",
  errorStack: "courier-dlq-error-stack",
  attempts: "courier-dlq-attempts",
  at: "courier-dlq-at",
  startedAt: "courier-dlq-started-at",
  duration: "courier-dlq-duration-ms",
  service: "courier-dlq-service",
  release: "courier-dlq-release",
  host: "courier-dlq-host",
  process: "courier-dlq-process",
  member: "courier-dlq-member",
  /** Milliseconds since 1970 of a record that has no id of ours: with its place it says which message it is. */
  recordTime: "courier-dlq-record-time",
  partition: "courier-dlq-partition",
  offset: "courier-dlq-offset"
};
var RETRY_HEADERS = [
  HEADER.generation,
  HEADER.retryId,
  HEADER.retryJobId,
  HEADER.attempt,
  HEADER.source,
  HEADER.targetGroup,
  HEADER.possibleDuplicate,
  HEADER.payloadSha256,
  HEADER.hops
];
var CLUSTER_HEADER = "courier-cluster";

// lib/sdk/http.ts
var IntakeError = class extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
  status;
  name = "IntakeError";
};
async function post(intake, path2, body, timeoutMs = 1e4) {
  const response = await fetch(new URL(path2, intake.url), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${intake.token}`,
      ...intake.cluster ? { [CLUSTER_HEADER]: intake.cluster } : {}
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs)
  });
  const text = await response.text();
  if (!response.ok)
    throw new IntakeError(response.status, `${path2} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

// lib/sdk/uuid.ts
function newUuidV7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at += 1) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) & 255;
  bytes[6] = (bytes[6] ?? 0) & 15 | 112;
  bytes[8] = (bytes[8] ?? 0) & 63 | 128;
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
function isUuidV7(text) {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text ?? "");
}

// lib/sdk/facts.ts
var NEVER = /* @__PURE__ */ new Set([400, 413, 415]);
var MOST_WAITING = 1e4;
var FLUSH_EVERY_MS = 200;
var AGAIN_MS = 1e3;
var FactReporter = class {
  constructor(transport, intake, identity) {
    this.transport = transport;
    this.intake = intake;
    this.identity = identity;
  }
  transport;
  intake;
  identity;
  waiting = [];
  droppedSinceBatch = 0;
  timer;
  sending;
  closed = false;
  /** Facts of the next batch at most; fewer while one is looked for that nobody takes. */
  most = LIMITS.factsPerBatch;
  /** Facts dropped since the process began. */
  dropped = 0;
  /** Adds a fact; returns its id at once. */
  report(fact) {
    const factId = fact.factId ?? newUuidV7();
    if (this.waiting.length >= MOST_WAITING) {
      this.dropped += 1;
      this.droppedSinceBatch += 1;
      return factId;
    }
    this.waiting.push({ ...fact, ...this.identity, factId, at: fact.at ?? (/* @__PURE__ */ new Date()).toISOString() });
    this.schedule(FLUSH_EVERY_MS);
    return factId;
  }
  /** Sends what waits; gives up after the time, and what is left is lost with the process. */
  async close(timeoutMs = 5e3) {
    this.closed = true;
    clearTimeout(this.timer);
    const deadline = Date.now() + timeoutMs;
    while ((this.waiting.length > 0 || this.sending) && Date.now() < deadline) {
      await (this.sending ?? this.flush());
      if (this.waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  schedule(milliseconds) {
    if (this.timer || this.sending || this.closed) return;
    this.timer = setTimeout(() => {
      this.timer = void 0;
      void this.flush();
    }, milliseconds);
    this.timer.unref();
  }
  async flush() {
    this.sending ??= this.sendBatch().then((sent) => {
      this.sending = void 0;
      if (this.waiting.length > 0) this.schedule(sent ? 0 : AGAIN_MS);
    }).finally(() => this.sending = void 0);
    await this.sending;
  }
  /** @returns whether the batch was delivered */
  async sendBatch() {
    const facts = this.takeBatch();
    if (facts.length === 0) return true;
    const dropped = this.droppedSinceBatch;
    const batch = { v: 1, service: this.identity.service, host: this.identity.host, dropped, facts };
    const outcome = await this.deliver(batch);
    if (outcome === "delivered") this.droppedSinceBatch -= dropped;
    else if (outcome === "later") this.waiting = [...facts, ...this.waiting];
    else if (facts.length > 1) {
      this.most = Math.ceil(facts.length / 2);
      this.waiting = [...facts, ...this.waiting];
    } else {
      this.dropped += 1;
      this.droppedSinceBatch += 1;
    }
    if (outcome === "delivered" || facts.length === 1) this.most = LIMITS.factsPerBatch;
    return outcome !== "later";
  }
  takeBatch() {
    let bytes = 0;
    let count = 0;
    for (const fact of this.waiting) {
      bytes += JSON.stringify(fact).length * 3;
      if (count > 0 && (bytes > LIMITS.batchBytes || count >= this.most)) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }
  async deliver(batch) {
    const value = Buffer.from(JSON.stringify(batch));
    const result = await this.transport.sendFacts({ topic: FACTS_TOPIC, key: null, value, headers: [] });
    if (result.outcome === "committed") return "delivered";
    if (!this.intake) return result.outcome === "refused" ? "never" : "later";
    return post(this.intake, "/v1/facts", batch).then(
      () => "delivered",
      (error) => error instanceof IntakeError && NEVER.has(error.status) ? "never" : "later"
    );
  }
};
function factErrorOf(thrown) {
  try {
    if (!(thrown instanceof Error))
      return { type: typeof thrown, message: cut(String(thrown), LIMITS.messageBytes) };
    const named = thrown.name !== "Error" ? thrown.name : thrown.constructor.name;
    return {
      type: cut(String(named), 200),
      message: cut(String(thrown.message), LIMITS.messageBytes),
      ...thrown.stack ? { stack: cut(withoutOurFrames(String(thrown.stack)), LIMITS.stackBytes) } : {}
    };
  } catch {
    return { type: "unknown", message: "what was thrown could not be read" };
  }
}
function cut(text, bytes) {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((buffer[end] ?? 0) & 192) === 128) end -= 1;
  return buffer.toString("utf8", 0, end);
}
var OUR_FOLDER = path.dirname(fileURLToPath(import.meta.url)) + path.sep;
function withoutOurFrames(stack) {
  const lines = stack.split("\n");
  return lines.filter((line) => !(/^\s*at /.test(line) && line.includes(OUR_FOLDER))).join("\n");
}

// lib/sdk/http-transport.ts
import { hostname } from "node:os";

// lib/sdk/transport.ts
function encodeDone(offsets) {
  const sorted = [...offsets].sort((a, b) => a < b ? -1 : 1);
  const ranges = [];
  for (const offset of sorted) {
    const last = ranges.at(-1);
    if (last && offset === last[1] + 1n) last[1] = offset;
    else ranges.push([offset, offset]);
  }
  let text = "";
  for (const [from, to] of ranges) {
    const next = from === to ? `${from}` : `${from}-${to}`;
    if (text.length + next.length > 4e3) break;
    text += text === "" ? `done:${next}` : `,${next}`;
  }
  return text;
}
function decodeDone(metadata) {
  const done = /* @__PURE__ */ new Set();
  if (!metadata?.startsWith("done:")) return done;
  for (const part of metadata.slice("done:".length).split(",")) {
    const [from = "", to = from] = part.split("-");
    if (!/^\d+$/.test(from) || !/^\d+$/.test(to)) return /* @__PURE__ */ new Set();
    for (let offset = BigInt(from); offset <= BigInt(to) && done.size < 1e5; offset += 1n)
      done.add(offset.toString());
  }
  return done;
}
function errorOf(thrown) {
  if (!(thrown instanceof Error)) return new Error(String(thrown));
  if (thrown.message === "fetch failed" && thrown.cause instanceof Error)
    return new Error(`no answer: ${thrown.cause.message}`, { cause: thrown.cause });
  return thrown;
}

// lib/sdk/http-transport.ts
var POLL_WAIT_MS = 1e3;
var AGAIN_MS2 = 500;
var HttpTransport = class {
  constructor(intake, clientId) {
    this.intake = intake;
    this.clientId = clientId;
  }
  intake;
  clientId;
  async createTopics(topics) {
    await post(this.intake, "/v1/broker/topics", { topics });
  }
  async partitionsOf(topics) {
    const answer = await post(
      this.intake,
      "/v1/broker/topics",
      { topics: [] }
    );
    const found = answer.topics.filter((topic) => topics.includes(topic.name));
    return new Map(found.map((topic) => [topic.name, topic.partitions]));
  }
  async send(record) {
    const request = { records: [toWire(record)] };
    try {
      const { answers } = await post(this.intake, "/v1/broker/publish", request);
      const [answer] = answers;
      if (answer?.outcome === "acknowledged")
        return { outcome: "committed", partition: answer.partition, offset: answer.offset };
      return {
        outcome: answer?.outcome ?? "unknown",
        error: new Error(answer?.reason ?? "an answer without the record")
      };
    } catch (error) {
      return failureOf(error);
    }
  }
  sendFacts(record) {
    return this.send(record);
  }
  async consume(options) {
    const running = new HttpConsumption(this.intake, this.clientId, options);
    await running.start();
    return running;
  }
  close() {
    return Promise.resolve();
  }
};
var HttpConsumption = class {
  constructor(intake, clientId, options) {
    this.intake = intake;
    this.clientId = clientId;
    this.options = options;
  }
  intake;
  clientId;
  options;
  member = newUuidV7();
  generation = 0;
  positions = /* @__PURE__ */ new Map();
  paused = /* @__PURE__ */ new Set();
  running = true;
  loop = Promise.resolve();
  async start() {
    await this.join();
    this.loop = this.run();
  }
  pause(topic, partition) {
    this.paused.add(`${topic}/${partition}`);
  }
  resume(topic, partition) {
    this.paused.delete(`${topic}/${partition}`);
  }
  async commit(topic, partition, offset, metadata) {
    const request = {
      group: this.options.group,
      member: this.member,
      generation: this.generation,
      offsets: [{ topic, partition, offset, metadata }]
    };
    await post(this.intake, "/v1/broker/commit", request);
  }
  async stop() {
    this.running = false;
    await this.loop;
    const request = { group: this.options.group, member: this.member };
    await post(this.intake, "/v1/broker/leave", request).catch(() => void 0);
  }
  async run() {
    while (this.running) {
      try {
        if (await this.poll()) await this.join();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS2));
      }
    }
  }
  async join() {
    const request = {
      group: this.options.group,
      member: this.member,
      clientId: this.clientId,
      host: hostname(),
      topics: this.options.topics,
      fromBeginning: this.options.fromBeginning
    };
    const answer = await post(this.intake, "/v1/broker/join", request);
    for (const { topic, partition } of this.positions.values()) this.options.onRevoked(topic, partition);
    this.positions.clear();
    this.paused.clear();
    this.generation = answer.generation;
    for (const one of answer.assignment) {
      this.positions.set(`${one.topic}/${one.partition}`, { ...one, done: decodeDone(one.metadata) });
    }
  }
  /** @returns whether the group's members changed */
  async poll() {
    const open = [...this.positions.entries()].filter(([place]) => !this.paused.has(place)).map(([, position]) => position);
    const request = {
      group: this.options.group,
      member: this.member,
      generation: this.generation,
      waitMs: POLL_WAIT_MS,
      maxBytes: 1e6,
      positions: open.map(({ topic, partition, offset }) => ({ topic, partition, offset }))
    };
    const answer = await post(
      this.intake,
      "/v1/broker/poll",
      request,
      POLL_WAIT_MS + 1e4
    );
    if (answer.rejoin) return true;
    for (const gap of answer.gaps) {
      const position = this.positions.get(`${gap.topic}/${gap.partition}`);
      if (position) position.offset = gap.to;
    }
    for (const position of open) {
      const records = answer.records.filter((record) => record.topic === position.topic && record.partition === position.partition).map(fromWire);
      const last = records.at(-1);
      if (!last) continue;
      position.offset = (BigInt(last.offset) + 1n).toString();
      this.options.onRecords(position.topic, position.partition, records, position.done);
    }
    return false;
  }
};
function toWire(record) {
  return {
    topic: record.topic,
    key: record.key?.toString("base64") ?? null,
    value: record.value?.toString("base64") ?? null,
    headers: record.headers.map(([name, value]) => [name, value?.toString("base64") ?? null])
  };
}
function fromWire(record) {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    key: record.key === null ? null : Buffer.from(record.key, "base64"),
    value: record.value === null ? null : Buffer.from(record.value, "base64"),
    headers: record.headers.map(([name, value]) => [
      name,
      value === null ? null : Buffer.from(value, "base64")
    ])
  };
}
var COME_AGAIN = /* @__PURE__ */ new Set([401, 403, 408, 425, 429]);
function failureOf(thrown) {
  const error = errorOf(thrown);
  if (error instanceof IntakeError) {
    if (COME_AGAIN.has(error.status)) return { outcome: "not_written", error };
    if (error.status < 500) return { outcome: "refused", error };
  }
  const cause = error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : "";
  return { outcome: cause === "ECONNREFUSED" ? "not_written" : "unknown", error };
}

// lib/sdk/identity.ts
import { hostname as hostname2 } from "node:os";
function identityOf(service, release) {
  return { service, release, host: hostname2(), process: `${process.pid}-${newUuidV7().slice(-6)}` };
}

// lib/sdk/kafka-transport.ts
import { setTimeout as sleep } from "node:timers/promises";
import {
  Kafka,
  logLevel
} from "kafkajs";
var REFUSED = /* @__PURE__ */ new Set([
  "MESSAGE_TOO_LARGE",
  "INVALID_TOPIC_EXCEPTION",
  "RECORD_LIST_TOO_LARGE",
  "TOPIC_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "INVALID_TIMESTAMP",
  "POLICY_VIOLATION",
  "INVALID_RECORD"
]);
var FIRST_WAIT_MS = 300;
var MOST_WAIT_MS = 1e4;
var KafkaTransport = class {
  /** For consumers and administration, which may wait for a broker. */
  kafka;
  /** For sends: kafkajs would try to connect for ten seconds before it tells that nobody answers. */
  sending;
  producers = /* @__PURE__ */ new Map();
  admin;
  constructor(config) {
    process.env.KAFKAJS_NO_PARTITIONER_WARNING = "1";
    const settings = {
      logLevel: logLevel.NOTHING,
      connectionTimeout: 3e3,
      requestTimeout: 1e4,
      ...config
    };
    this.kafka = new Kafka(settings);
    this.sending = new Kafka({ ...settings, retry: { retries: 0 } });
  }
  async createTopics(topics) {
    const admin = await this.connectedAdmin();
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: -1
      }))
    });
  }
  async partitionsOf(topics) {
    const admin = await this.connectedAdmin();
    const existing = new Set(await admin.listTopics());
    const found = topics.filter((topic) => existing.has(topic));
    if (found.length === 0) return /* @__PURE__ */ new Map();
    const metadata = await admin.fetchTopicMetadata({ topics: found });
    return new Map(metadata.topics.map((topic) => [topic.name, topic.partitions.length]));
  }
  send(record) {
    return this.sendBy("messages", record);
  }
  sendFacts(record) {
    return this.sendBy("facts", record);
  }
  async consume(options) {
    const consumer = this.kafka.consumer({
      groupId: options.group,
      allowAutoTopicCreation: false,
      sessionTimeout: 1e4,
      heartbeatInterval: 1e3,
      maxWaitTimeInMs: 500,
      retry: { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 300, maxRetryTime: 5e3 }
    });
    const running = new KafkaConsumption(consumer, options, await this.connectedAdmin());
    await running.start();
    return running;
  }
  async close() {
    const open = [...this.producers.values(), this.admin].filter((one) => one !== void 0);
    this.producers.clear();
    this.admin = void 0;
    await Promise.allSettled(open.map(async (one) => (await one).disconnect()));
  }
  async sendBy(name, record) {
    let producer;
    try {
      producer = await this.producer(name);
    } catch (thrown) {
      return { outcome: "not_written", error: errorOf(thrown) };
    }
    try {
      const headers = /* @__PURE__ */ Object.create(null);
      for (const [header, value] of record.headers) {
        const bytes = value ?? Buffer.alloc(0);
        const before = headers[header];
        headers[header] = before === void 0 ? bytes : Array.isArray(before) ? [...before, bytes] : [before, bytes];
      }
      const answers = await producer.send({
        topic: record.topic,
        acks: -1,
        messages: [{ key: record.key, value: record.value, headers }]
      });
      const [answer] = answers;
      if (answer?.errorCode !== 0 || answer.baseOffset === void 0 || BigInt(answer.baseOffset) < 0n) {
        return {
          outcome: "unknown",
          error: new Error("the broker answered without saying where the record stands")
        };
      }
      return { outcome: "committed", partition: answer.partition, offset: answer.baseOffset };
    } catch (thrown) {
      const error = errorOf(thrown);
      const type = "type" in error ? String(error.type) : "";
      return { outcome: REFUSED.has(type) ? "refused" : "unknown", error };
    }
  }
  producer(name) {
    const known = this.producers.get(name);
    if (known) return known;
    const made = (async () => {
      const producer = this.sending.producer({
        idempotent: false,
        allowAutoTopicCreation: false,
        retry: { retries: 0 }
      });
      await producer.connect();
      return producer;
    })();
    this.producers.set(name, made);
    made.catch(() => this.producers.delete(name));
    return made;
  }
  connectedAdmin() {
    if (!this.admin) {
      const admin = this.kafka.admin();
      this.admin = admin.connect().then(() => admin);
      this.admin.catch(() => this.admin = void 0);
    }
    return this.admin;
  }
};
var KafkaConsumption = class {
  constructor(consumer, options, admin) {
    this.consumer = consumer;
    this.options = options;
    this.admin = admin;
  }
  consumer;
  options;
  admin;
  member = "";
  isStopped = false;
  /** Grows from crash to crash, until the group is joined. */
  wait = FIRST_WAIT_MS;
  /** How often the group was joined: what belongs to an earlier time is stale. */
  joins = 0;
  assigned = /* @__PURE__ */ new Set();
  /** Read anew at each rebalance; batches wait for it. */
  done = Promise.resolve(/* @__PURE__ */ new Map());
  async start() {
    this.consumer.on(
      "consumer.group_join",
      ({ payload }) => this.onJoined(payload.memberId, payload.memberAssignment)
    );
    this.consumer.on("consumer.crash", ({ payload }) => {
      if (!payload.restart) void this.startAgain();
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: this.options.topics, fromBeginning: true });
    await this.consumer.run(this.runConfig);
  }
  pause(topic, partition) {
    this.consumer.pause([{ topic, partitions: [partition] }]);
  }
  resume(topic, partition) {
    this.consumer.resume([{ topic, partitions: [partition] }]);
  }
  async commit(topic, partition, offset, metadata) {
    await this.consumer.commitOffsets([{ topic, partition, offset, metadata }]);
  }
  async stop() {
    this.isStopped = true;
    await this.consumer.disconnect();
  }
  runConfig = {
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async (payload) => {
      const { batch } = payload;
      const { joins } = this;
      const done = (await this.done).get(`${batch.topic}/${batch.partition}`) ?? /* @__PURE__ */ new Set();
      if (joins !== this.joins || payload.isStale() || !payload.isRunning()) return;
      const records = batch.messages.map((message) => ({
        topic: batch.topic,
        partition: batch.partition,
        offset: message.offset,
        timestamp: Number(message.timestamp),
        key: message.key,
        value: message.value,
        headers: listOf(message.headers)
      }));
      this.options.onRecords(batch.topic, batch.partition, records, done);
      const last = batch.messages.at(-1);
      if (last) payload.resolveOffset(last.offset);
    }
  };
  /** kafkajs gives up for good where it thinks that trying again is of no use: a right that is missing may be given. */
  async startAgain() {
    for (let isRunning = false; !isRunning && !this.isStopped; ) {
      await sleep(this.wait);
      this.wait = Math.min(this.wait * 2, MOST_WAIT_MS);
      if (this.isStopped) return;
      try {
        await this.consumer.connect();
        await this.consumer.run(this.runConfig);
        isRunning = true;
      } catch {
      }
    }
    if (this.isStopped) await this.consumer.disconnect().catch(() => void 0);
  }
  onJoined(member, assignment) {
    this.member = member;
    this.wait = FIRST_WAIT_MS;
    this.joins += 1;
    const now = new Set(
      Object.entries(assignment).flatMap(([topic, list]) => list.map((one) => `${topic}/${one}`))
    );
    for (const place of this.assigned) {
      const at = place.lastIndexOf("/");
      const [topic, partition] = [place.slice(0, at), Number(place.slice(at + 1))];
      this.options.onRevoked(topic, partition);
      this.resume(topic, partition);
    }
    this.assigned = now;
    this.done = this.readDoneAtLast(assignment, this.joins);
  }
  /** Tries until it is known what is done: without that, a group that is new would be given the whole log. */
  async readDoneAtLast(assignment, joins) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, MOST_WAIT_MS)) {
      try {
        return await this.readDone(assignment);
      } catch {
        await sleep(wait);
      }
      if (this.isStopped || joins !== this.joins) return /* @__PURE__ */ new Map();
    }
  }
  /** What earlier commits name as done; partitions without a position get theirs now. */
  async readDone(assignment) {
    const topics = Object.keys(assignment);
    if (topics.length === 0) return /* @__PURE__ */ new Map();
    const offsets = await this.admin.fetchOffsets({ groupId: this.options.group, topics });
    const done = /* @__PURE__ */ new Map();
    for (const { topic, partitions } of offsets) {
      const unread = partitions.filter(
        (one) => one.offset === "-1" && assignment[topic]?.includes(one.partition)
      );
      await this.fixPositions(
        topic,
        unread.map((one) => one.partition)
      );
      for (const one of partitions) done.set(`${topic}/${one.partition}`, decodeDone(one.metadata));
    }
    return done;
  }
  /**
   * Commits where a group begins before it has read anything: otherwise what arrives before the first commit is passed
   * over by the next member that starts at the end, and nobody could tell how far behind the group is.
   */
  async fixPositions(topic, partitions) {
    if (partitions.length === 0) return;
    const ends = await this.admin.fetchTopicOffsets(topic);
    for (const end of ends.filter((one) => partitions.includes(one.partition))) {
      const offset = this.options.fromBeginning ? end.low : end.high;
      await this.consumer.commitOffsets([{ topic, partition: end.partition, offset, metadata: "" }]);
      this.consumer.seek({ topic, partition: end.partition, offset });
    }
  }
};
function listOf(headers) {
  return Object.entries(headers ?? {}).flatMap(
    ([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [
      name,
      one === void 0 || one === null ? null : Buffer.isBuffer(one) ? one : Buffer.from(one)
    ])
  );
}

// lib/sdk/publisher.ts
import { randomBytes } from "node:crypto";

// lib/sdk/message.ts
function identify(record) {
  const headers = new Map(record.headers.map(([name, value]) => [name, value?.toString("utf8") ?? ""]));
  const role = roleOfTopic(record.topic);
  const origin = headers.get(HEADER.topic);
  const ownId = headers.get(HEADER.id);
  const isOurs = isUuidV7(ownId) && origin !== void 0 && (origin === record.topic || role === "retry" || role === "dead_letter");
  const text = (name) => headers.get(name) || void 0;
  const kind = text(HEADER.kind);
  const key = record.key === null ? void 0 : cut(record.key.toString("utf8"), LIMITS.keyCharacters);
  const description = {
    topic: isOurs ? origin : record.topic,
    size: record.value?.length ?? 0,
    ...optional("key", key),
    ...isOurs ? {
      ...optional("type", text(HEADER.type)),
      ...optional("version", text(HEADER.version)),
      ...optional("service", text(HEADER.service)),
      ...MESSAGE_KINDS.includes(kind) ? { kind } : {},
      ...optional("sentAt", text(HEADER.time)),
      ...optional("producerId", text(HEADER.producerId))
    } : {},
    ...optional("traceId", text(HEADER.traceparent)?.split("-")[1])
  };
  return {
    id: isOurs ? ownId : void 0,
    topic: description.topic,
    // A retry comes by the original topic too, where the group reads no retry topic.
    generation: isOurs ? Number(text(HEADER.generation) ?? 0) || 0 : 0,
    retryId: isOurs ? text(HEADER.retryId) : void 0,
    headers,
    description
  };
}
function optional(name, value) {
  return value === void 0 ? {} : { [name]: value };
}

// lib/sdk/publisher.ts
var PublishError = class extends Error {
  constructor(message, id, outcome, options) {
    super(message, options);
    this.id = id;
    this.outcome = outcome;
  }
  id;
  outcome;
  name = "PublishError";
};
var TRIES = 4;
var FIRST_WAIT_MS2 = 200;
async function publish(transport, facts, identity, input) {
  const { record, description, id } = prepare(identity, input);
  let last;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const startedAt = /* @__PURE__ */ new Date();
    const again = attempt > 1 ? [[HEADER.publishAttempt, Buffer.from(String(attempt))]] : [];
    const result = await transport.send({ ...record, headers: [...record.headers, ...again] });
    const durationMs = Date.now() - startedAt.getTime();
    const common = {
      messageId: id,
      message: description,
      attempt,
      startedAt: startedAt.toISOString(),
      durationMs
    };
    if (result.outcome === "committed") {
      const { partition, offset } = result;
      facts.report({ kind: "committed", ...common, position: { topic: input.topic, partition, offset } });
      return { id, topic: input.topic, partition, offset };
    }
    last = result;
    const goesOn = result.outcome !== "refused" && attempt < TRIES;
    const waitMs = FIRST_WAIT_MS2 * 2 ** (attempt - 1);
    facts.report({
      kind: "send_failed",
      ...common,
      error: factErrorOf(result.error),
      held: false,
      ...result.outcome === "unknown" ? { mayBeStored: true } : {},
      ...goesOn ? { nextTryAt: new Date(Date.now() + waitMs).toISOString() } : {}
    });
    if (!goesOn) break;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  const outcome = last?.outcome ?? "unknown";
  throw new PublishError(
    `${input.topic} did not take ${input.type} ${id} (${outcome}): ${last?.error.message ?? ""}`,
    id,
    outcome,
    {
      cause: last?.error
    }
  );
}
function prepare(identity, input) {
  if (!input.topic || !input.type) {
    throw new TypeError(
      `publish needs a topic and a type; topic is ${JSON.stringify(input.topic)}, type is ${JSON.stringify(input.type)}`
    );
  }
  const id = newUuidV7();
  const sentAt = (/* @__PURE__ */ new Date()).toISOString();
  const traceparent = input.traceparent ?? `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
  const version = String(input.version ?? 1);
  const kind = input.kind ?? "event";
  const own = {
    [HEADER.id]: id,
    [HEADER.topic]: input.topic,
    [HEADER.type]: input.type,
    [HEADER.version]: version,
    [HEADER.service]: identity.service,
    [HEADER.kind]: kind,
    [HEADER.time]: sentAt,
    [HEADER.producerId]: input.producerId,
    [HEADER.traceparent]: traceparent
  };
  const added = Array.isArray(input.headers) ? input.headers : Object.entries(input.headers ?? {});
  const headers = [
    ...Object.entries(own).flatMap(
      ([name, value2]) => value2 === void 0 ? [] : [[name, Buffer.from(value2)]]
    ),
    // Headers that were forwarded from another message would say that this one is that.
    ...added.filter(([name]) => !name.startsWith("courier-") && name !== HEADER.traceparent).map(([name, value2]) => [name, Buffer.isBuffer(value2) ? value2 : Buffer.from(value2)])
  ];
  const value = bytesOf(input.payload);
  const key = input.key === void 0 || input.key === null ? null : Buffer.from(input.key);
  const record = { topic: input.topic, key, value, headers };
  const description = {
    topic: input.topic,
    type: input.type,
    service: identity.service,
    kind,
    sentAt,
    size: value?.length ?? 0,
    version,
    ...optional("key", key === null ? void 0 : cut(key.toString("utf8"), LIMITS.keyCharacters)),
    ...optional("producerId", input.producerId),
    ...optional("traceId", traceparent.split("-")[1])
  };
  return { record, description, id };
}
function bytesOf(payload) {
  if (payload === null || payload === void 0) return null;
  if (Buffer.isBuffer(payload)) return payload;
  if (payload instanceof Uint8Array) return Buffer.from(payload);
  return Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
}

// lib/sdk/partition-queue.ts
var WINDOW = 500;
var PartitionQueue = class {
  constructor(work, onFull) {
    this.work = work;
    this.onFull = onFull;
  }
  work;
  onFull;
  lanes = /* @__PURE__ */ new Map();
  /** Offsets read and not behind the commit, in order; the log may have holes, so they need not follow each other. */
  open = [];
  done = /* @__PURE__ */ new Set();
  readTo;
  revoked = false;
  /** Takes records in order; those that an earlier commit names as done are not worked again. */
  add(records, already) {
    for (const record of records) {
      const offset = BigInt(record.offset);
      this.open.push(offset);
      this.readTo = offset + 1n;
      if (already.has(record.offset)) {
        this.done.add(offset);
        continue;
      }
      const key = record.key === null ? `#${record.offset}` : record.key.toString("base64");
      const lane = this.lanes.get(key) ?? { records: [], running: false };
      lane.records.push(record);
      this.lanes.set(key, lane);
      if (!lane.running) void this.run(key, lane);
    }
    this.advance();
    if (this.open.length >= WINDOW) this.onFull(true);
  }
  /** The offset to commit and the set done beyond it; null where nothing was read yet. */
  position() {
    const offset = this.open[0] ?? this.readTo;
    return offset === void 0 ? null : { offset, beyond: this.done };
  }
  revoke() {
    this.revoked = true;
    this.lanes.clear();
  }
  /** Records that are read and not done. */
  get busy() {
    return this.open.length - this.done.size;
  }
  async run(key, lane) {
    lane.running = true;
    for (let record = lane.records.shift(); record && !this.revoked; record = lane.records.shift()) {
      const finished = await this.work(record, () => this.revoked);
      if (this.revoked || !finished) return;
      this.done.add(BigInt(record.offset));
      this.advance();
      if (this.open.length < WINDOW / 2) this.onFull(false);
    }
    lane.running = false;
    if (lane.records.length === 0) this.lanes.delete(key);
  }
  advance() {
    while (this.open[0] !== void 0 && this.done.delete(this.open[0])) this.open.shift();
  }
};

// lib/sdk/subscriber.ts
var STARTED_AFTER_MS = 1e3;
var COMMIT_EVERY_MS = 500;
var DEAD_LETTER_AGAIN_MS = 1e3;
var Subscriber = class {
  constructor(transport, facts, identity, input) {
    this.transport = transport;
    this.facts = facts;
    this.identity = identity;
    this.input = input;
  }
  transport;
  facts;
  identity;
  input;
  queues = /* @__PURE__ */ new Map();
  committed = /* @__PURE__ */ new Map();
  consumers = [];
  timer;
  stopping = false;
  retryReady = false;
  retryProblem;
  get member() {
    return this.consumers[0]?.consumption.member ?? "";
  }
  /** Joins the group; resolves once its topics are being read. */
  async start() {
    const { group, topics, fromBeginning } = this.input;
    await this.ensureOwnTopics();
    try {
      await this.consume("main", group, topics, fromBeginning);
      if (this.retryReady) await this.consume("retry", retryGroupOf(group), [retryTopicOf(group)], true);
    } catch (error) {
      await this.stop(0);
      throw error;
    }
    this.timer = setInterval(() => void this.commit(), COMMIT_EVERY_MS);
  }
  /** Stops reading, lets running handlers end, commits. Waiting tries are left to the next start. */
  async stop(graceMs = 1e4) {
    this.stopping = true;
    clearInterval(this.timer);
    const deadline = Date.now() + graceMs;
    while (this.running > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    await this.commit();
    await Promise.allSettled(this.consumers.map(({ consumption }) => consumption.stop()));
  }
  running = 0;
  waiting = /* @__PURE__ */ new Map();
  /** Waits for one of the places of handlers that run at the same time. */
  async takePlace(partition) {
    if (this.running < this.input.concurrency) {
      this.running += 1;
      return;
    }
    const queue = this.waiting.get(partition) ?? [];
    this.waiting.set(partition, queue);
    await new Promise((resolve) => queue.push(resolve));
  }
  /** Partitions take turns: one with a full window before it must not keep another from being read at all. */
  givePlace() {
    const [turn] = this.waiting;
    if (!turn) {
      this.running -= 1;
      return;
    }
    const [partition, queue] = turn;
    this.waiting.delete(partition);
    const next = queue.shift();
    if (queue.length > 0) this.waiting.set(partition, queue);
    next?.();
  }
  async ensureOwnTopics() {
    const { group, topics } = this.input;
    try {
      const own = [retryTopicOf(group), deadLetterTopicOf(group)];
      const found = await this.transport.partitionsOf([...topics, ...own]);
      const partitions = Math.max(1, ...topics.map((topic) => found.get(topic) ?? 0));
      const missing = own.filter((name) => !found.has(name)).map((name) => ({ name, partitions }));
      if (missing.length > 0) await this.transport.createTopics(missing);
      this.retryReady = true;
    } catch (error) {
      this.retryProblem = error instanceof Error ? error.message : String(error);
    }
  }
  async consume(prefix, group, topics, fromBeginning) {
    const consumption = await this.transport.consume({
      group,
      topics,
      fromBeginning,
      onRecords: (topic, partition, records, done) => this.queueOf(prefix, topic, partition).add(records, done),
      onRevoked: (topic, partition) => {
        const place = `${prefix} ${topic} ${partition}`;
        this.queues.get(place)?.revoke();
        this.queues.delete(place);
        this.committed.delete(place);
      }
    });
    this.consumers.push({ consumption, prefix });
  }
  queueOf(prefix, topic, partition) {
    const place = `${prefix} ${topic} ${partition}`;
    const known = this.queues.get(place);
    if (known) return known;
    const queue = new PartitionQueue(
      (record, isRevoked) => this.work(record, isRevoked),
      (full) => {
        const consumer = this.consumers.find((one) => one.prefix === prefix)?.consumption;
        if (full) consumer?.pause(topic, partition);
        else consumer?.resume(topic, partition);
      }
    );
    this.queues.set(place, queue);
    return queue;
  }
  async commit() {
    for (const [place, queue] of this.queues) {
      const position = queue.position();
      if (!position) continue;
      const [prefix = "", topic = "", partition = ""] = place.split(" ");
      const metadata = encodeDone(position.beyond);
      const text = `${position.offset} ${metadata}`;
      if (this.committed.get(place) === text) continue;
      const consumer = this.consumers.find((one) => one.prefix === prefix)?.consumption;
      try {
        await consumer?.commit(topic, Number(partition), position.offset.toString(), metadata);
        this.committed.set(place, text);
      } catch {
      }
    }
  }
  /** Works one record to its end. @returns false when it was left unfinished, so that it is read again */
  async work(record, isRevoked) {
    const identity = identify(record);
    const { types } = this.input;
    if (types && (identity.description.type === void 0 || !types.includes(identity.description.type)))
      return true;
    const target = identity.headers.get(HEADER.targetGroup);
    if (identity.retryId !== void 0 && target !== void 0 && target !== this.input.group) return true;
    for (let attempt = 1; ; attempt += 1) {
      await this.takePlace(`${record.topic}/${record.partition}`);
      if (this.stopping || isRevoked()) {
        this.givePlace();
        return false;
      }
      const outcome = await this.attempt(record, identity, attempt).finally(() => this.givePlace());
      if (outcome === "handled") return true;
      const last = attempt >= this.input.retry.attempts || outcome.kind === "push_failed" || !this.maySucceed(outcome.thrown);
      if (last) return this.giveUp(record, identity, outcome);
      const waitMs = waitAfter(this.input.retry, attempt);
      this.facts.report({ ...outcome.fact, nextTryAt: new Date(Date.now() + waitMs).toISOString() });
      await this.pause(waitMs, isRevoked);
    }
  }
  /** The author's own filter; one that throws says nothing for another try. */
  maySucceed(thrown) {
    try {
      return this.input.retry.when(thrown);
    } catch {
      return false;
    }
  }
  async attempt(record, identity, attempt) {
    const startedAt = /* @__PURE__ */ new Date();
    const began = performance.now();
    const common = this.common(record, identity, attempt, startedAt);
    const timer = setTimeout(() => this.facts.report({ ...common, kind: "started" }), STARTED_AFTER_MS);
    let kind = "push_failed";
    try {
      const payload = this.input.decode(record.value);
      kind = "handle_failed";
      let skipped;
      const skip = (reason) => {
        skipped = reason;
      };
      await this.input.handle({ ...messageOf(record, identity, attempt, payload), skip });
      const durationMs = Math.round(performance.now() - began);
      this.facts.report({
        ...common,
        durationMs,
        ...skipped === void 0 ? { kind: "handled" } : { kind: "skipped", reason: skipped }
      });
      return "handled";
    } catch (thrown) {
      const error = factErrorOf(thrown);
      const durationMs = Math.round(performance.now() - began);
      const fact = {
        ...common,
        kind,
        durationMs,
        error,
        factId: newUuidV7(),
        at: (/* @__PURE__ */ new Date()).toISOString()
      };
      return { kind, thrown, error, fact, attempt };
    } finally {
      clearTimeout(timer);
    }
  }
  common(record, identity, attempt, startedAt) {
    const position = { topic: record.topic, partition: record.partition, offset: record.offset };
    return {
      ...optional("messageId", identity.id),
      ...identity.id === void 0 ? { recordTime: record.timestamp } : {},
      message: identity.description,
      position,
      group: this.input.group,
      attempt,
      startedAt: startedAt.toISOString(),
      member: this.member,
      ...identity.generation > 0 ? { generation: identity.generation } : {},
      ...optional("retryId", identity.retryId)
    };
  }
  /** Puts the record on the group's dead-letter topic, as often as it takes: a message is never dropped. */
  async giveUp(record, identity, failure) {
    let dead = this.deadLetter(record, identity, failure);
    for (; ; ) {
      const result = await this.transport.send(dead);
      if (result.outcome === "committed") {
        const to = { topic: dead.topic, partition: result.partition, offset: result.offset };
        this.facts.report({ ...failure.fact, gaveUp: { to } });
        return true;
      }
      if (result.outcome === "refused" && dead.headers.some(([name]) => name === DEAD_LETTER_HEADER.errorStack)) {
        dead = { ...dead, headers: dead.headers.filter(([name]) => name !== DEAD_LETTER_HEADER.errorStack) };
        continue;
      }
      if (result.outcome === "refused" || this.stopping) {
        if (result.outcome === "refused") this.facts.report({ ...failure.fact, gaveUp: { to: null } });
        return result.outcome === "refused";
      }
      await this.pause(DEAD_LETTER_AGAIN_MS, () => false);
    }
  }
  deadLetter(record, identity, failure) {
    const { fact, error, attempt } = failure;
    const kept = record.headers.filter(
      ([name]) => !RETRY_HEADERS.includes(name) && !name.startsWith("courier-dlq-")
    );
    const origin = identity.headers.has(HEADER.topic) ? [] : [[HEADER.topic, Buffer.from(record.topic)]];
    const truth = {
      [DEAD_LETTER_HEADER.group]: this.input.group,
      [DEAD_LETTER_HEADER.kind]: failure.kind,
      [DEAD_LETTER_HEADER.factId]: fact.factId,
      [DEAD_LETTER_HEADER.errorType]: error.type,
      [DEAD_LETTER_HEADER.errorMessage]: error.message,
      [DEAD_LETTER_HEADER.errorStack]: error.stack,
      [DEAD_LETTER_HEADER.attempts]: attempt,
      [DEAD_LETTER_HEADER.at]: fact.at,
      [DEAD_LETTER_HEADER.startedAt]: fact.startedAt,
      [DEAD_LETTER_HEADER.duration]: fact.durationMs,
      [DEAD_LETTER_HEADER.service]: this.identity.service,
      [DEAD_LETTER_HEADER.release]: this.identity.release,
      [DEAD_LETTER_HEADER.host]: this.identity.host,
      [DEAD_LETTER_HEADER.process]: this.identity.process,
      [DEAD_LETTER_HEADER.member]: this.member,
      [DEAD_LETTER_HEADER.recordTime]: identity.id === void 0 ? record.timestamp : void 0,
      [DEAD_LETTER_HEADER.partition]: record.partition,
      [DEAD_LETTER_HEADER.offset]: record.offset,
      [HEADER.source]: `${record.topic}/${record.partition}/${record.offset}`,
      [HEADER.generation]: identity.generation || void 0,
      [HEADER.retryId]: identity.retryId
    };
    const added = Object.entries(truth).flatMap(
      ([name, value]) => value === void 0 ? [] : [[name, Buffer.from(String(value))]]
    );
    return {
      topic: deadLetterTopicOf(this.input.group),
      key: record.key,
      value: record.value,
      headers: [...kept, ...origin, ...added]
    };
  }
  async pause(milliseconds, isRevoked) {
    const until = Date.now() + milliseconds;
    while (Date.now() < until && !this.stopping && !isRevoked()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(200, until - Date.now())));
    }
  }
};
function messageOf(record, identity, attempt, payload) {
  return {
    id: identity.id,
    type: identity.description.type,
    version: identity.description.version,
    topic: identity.topic,
    key: record.key?.toString("utf8") ?? null,
    payload,
    headers: identity.headers,
    attempt,
    generation: identity.generation,
    sentAt: new Date(identity.description.sentAt ?? record.timestamp),
    raw: { key: record.key, value: record.value }
  };
}

// lib/sdk/index.ts
var BEAT_EVERY_MS = 1e4;
function connect(options) {
  const intake = intakeOf(options);
  const identity = identityOf(options.service, options.release ?? "unknown");
  const transport = options.brokers ? new KafkaTransport({ clientId: options.service, brokers: options.brokers, ...options.kafka }) : new HttpTransport(needIntake(intake), options.service);
  const facts = new FactReporter(transport, intake, identity);
  const subscribers = /* @__PURE__ */ new Set();
  const beat = async () => {
    if (!intake || subscribers.size === 0) return;
    const body = {
      v: 1,
      instance: `${identity.service}@${identity.host}#${identity.process}`,
      ...identity,
      dropped: facts.dropped,
      subscriptions: [...subscribers].map((one) => ({
        group: one.input.group,
        topics: one.input.topics,
        ...one.input.types ? { types: one.input.types } : {},
        retryTopic: one.retryReady ? retryTopicOf(one.input.group) : null,
        retryReady: one.retryReady,
        ...one.retryProblem ? { retryProblem: one.retryProblem } : {},
        member: one.member
      }))
    };
    await post(intake, "/v1/instances", body).catch(() => void 0);
  };
  const timer = setInterval(() => void beat(), BEAT_EVERY_MS);
  timer.unref();
  return {
    publish: (input) => publish(transport, facts, identity, input),
    createTopics: (topics) => transport.createTopics(topics),
    async subscribe(given) {
      const subscriber = new Subscriber(transport, facts, identity, {
        group: given.group,
        topics: given.topics,
        handle: given.handle,
        ...given.types ? { types: given.types } : {},
        retry: { ...DEFAULT_RETRY, ...given.retry },
        concurrency: given.concurrency ?? 8,
        fromBeginning: given.from === "beginning",
        decode: given.decode ?? decodeJson
      });
      await subscriber.start();
      subscribers.add(subscriber);
      await beat();
      return {
        async stop() {
          subscribers.delete(subscriber);
          await subscriber.stop();
        }
      };
    },
    async close() {
      clearInterval(timer);
      await Promise.allSettled([...subscribers].map((one) => one.stop()));
      await facts.close();
      await transport.close();
    }
  };
}
function intakeOf(options) {
  const url = options.intakeUrl ?? process.env.COURIER_INTAKE_URL;
  const token = options.token ?? process.env.COURIER_TOKEN;
  const cluster = options.cluster ?? process.env.COURIER_CLUSTER;
  return url && token ? { url, token, ...cluster ? { cluster } : {} } : null;
}
function needIntake(intake) {
  if (intake) return intake;
  throw new TypeError(
    "connect needs either brokers (Kafka) or intakeUrl and token (embedded broker); COURIER_INTAKE_URL and COURIER_TOKEN are not set either"
  );
}
function decodeJson(value) {
  return value === null ? null : JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(value));
}
export {
  PublishError,
  connect
};
