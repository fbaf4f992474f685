import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { KafkaBroker } from '@/lib/brokers/kafka/adapter';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { HEADER } from '@/lib/protocol/headers';
import { retryTopicOf } from '@/lib/protocol/topics';
import { mergeFacts } from '@/lib/store/facts/merge';
import { putOperator } from '@/lib/store/operators/operators';
import { makePartitions } from '@/lib/store/schema/partitions';
import { readItems } from '@/lib/store/retries/items';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact } from '@/lib/testing/facts';
import { makeFailedMessage, type FailedMessage } from '@/lib/testing/failed-message';
import { FaultProxy, KAFKA_DIALECT } from '@/lib/testing/fault-proxy';
import { listEpisodes } from '../episodes/list';
import { createRetry } from './create';
import { closeUnansweredItems, decideHeldItems } from './decide-held';
import { FAILPOINTS } from '@/lib/engine/sending/failpoint';
import { followSent } from '@/lib/engine/sending/follow';
import { getRetry } from './get';
import { reconcile } from '@/lib/engine/sending/reconcile';
import { sendDue } from '@/lib/engine/sending/send';
import { brokersUnderTest } from '@/lib/testing/fixtures';

const kafka = inject('kafka');

const TIMES = { leaseSeconds: 1, reconcileSeconds: 0 };
const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };

describe.each(brokersUnderTest())('the ledger of retries: %s', (name, address) => {
  let database: TestDatabase;
  let context: Context;
  const prefix = `ledger-${name}-${randomBytes(3).toString('hex')}`;
  const environment = () => ({
    COURIER_DATABASE_URL: database.url,
    COURIER_BROKERS: address ? `kafka://${address}` : 'embedded:',
    COURIER_REQUEST_TIMEOUT_SECONDS: '1.5',
  });

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings(environment()), database.url, createLog('error'));
    await makePartitions(context.store, Date.now(), Date.now());
    await putOperator(context.store, {
      name: 'mei',
      folded: 'mei',
      passwordHash: 'none',
      role: 'administrator',
    });
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  const ask = (message: FailedMessage, key?: string) =>
    createRetry.call(context, mei, {
      selected: { messageId: message.id, groups: [message.group] },
      ...(key ? { idempotencyKey: key } : {}),
    });
  const item = async (message: FailedMessage) =>
    (await readItems(context.store, { messageId: message.id })).at(-1);
  const stateOfRetry = async (message: FailedMessage) => {
    const { rows } = await context.store.query<{ state: string }>('SELECT state FROM retry WHERE id = $1', [
      (await item(message))?.retryId,
    ]);
    return rows[0]?.state;
  };
  const copies = async (message: FailedMessage): Promise<BrokerRecord[]> => {
    const found: BrokerRecord[] = [];
    for (const end of (await context.broker.logEnds([retryTopicOf(message.group)])).known) {
      for (let next = 0n; next < end.end;) {
        const [answer] = await context.broker.fetch([{ ...end, offset: next }], {
          maxBytes: 1_000_000,
          waitMs: 0,
        });
        found.push(...(answer?.records ?? []));
        next = answer?.next ?? end.end;
      }
    }
    return found.filter((record) => headerOf(record.headers, HEADER.id) === message.id);
  };
  /** What the group reports of a message. */
  const report = (message: FailedMessage, kind: 'handled' | 'handle_failed', generation: number) =>
    mergeFacts(context.store, context.catalog, {
      source: 'test',
      receivedAt: new Date(),
      facts: [
        makeFact(kind, message.id, 0, {
          at: new Date().toISOString(),
          group: message.group,
          generation,
          attempt: 1,
          ...(kind === 'handle_failed' ? { error: { type: 'E', message: '' }, gaveUp: { to: null } } : {}),
        }),
      ],
    });
  const goOn = async () => {
    await reconcile(context, TIMES);
    await sendDue(context, TIMES, () => undefined);
  };

  it.each(['handled', 'handle_failed'] as const)(
    'believes the place of the record that it sent, where a service names no generation: %s',
    async (kind) => {
      const message = await makeFailedMessage(
        context,
        `${prefix}.place.${kind}`,
        `${prefix}.place.${kind}.group`,
      );
      await ask(message);
      await goOn();
      const sent = await item(message);
      expect(sent?.state).toBe('SENT');
      await followSent(context);
      // The failure that it was made for is not its outcome.
      expect((await item(message))?.state).toBe('SENT');
      const position = {
        topic: sent?.targetTopic ?? '',
        partition: sent?.sentPartition ?? 0,
        offset: sent?.sentOffset ?? '',
      };
      await mergeFacts(context.store, context.catalog, {
        source: 'test',
        receivedAt: new Date(),
        facts: [
          makeFact(kind, message.id, 0, {
            at: new Date().toISOString(),
            group: message.group,
            position,
            ...(kind === 'handle_failed' ? { error: { type: 'E', message: '' }, gaveUp: { to: null } } : {}),
          }),
        ],
      });
      await followSent(context);
      const state = kind === 'handled' ? 'HANDLED' : 'FAILED_AGAIN';
      expect((await item(message))?.state).toBe(state);
      const { marks } = await listEpisodes.call(context, mei, {});
      expect(marks.find(({ id }) => id === sent?.retryId)).toMatchObject({
        kind: 'retry',
        ended: expect.any(String) as string,
        figures: { operator: 'mei', groups: [message.group], selected: 1, outcomes: { [state]: 1 } },
      });
    },
  );

  it.each(FAILPOINTS.map((item, at) => [item, at] as const))(
    'loses and doubles nothing when killed: %s',
    async (failpoint, at) => {
      const message = await makeFailedMessage(context, `${prefix}.kill${at}`, `${prefix}.kill${at}.group`);
      await ask(message);
      const signal = await new Promise((resolve) => {
        const env = { ...process.env, ...environment(), COURIER_FAILPOINT: failpoint };
        const child = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'lib/testing/send-once.ts'], {
          env,
          stdio: 'inherit',
        });
        child.once('exit', (code, how) => resolve(how ?? code));
      });
      // tsx ends with 128 + 9 where its child was killed.
      expect([137, 'SIGKILL']).toContain(signal);
      await expect
        .poll(
          async () => {
            await goOn();
            return (await item(message))?.state;
          },
          { timeout: 20_000, interval: 200 },
        )
        .toMatch(/^SENT/);
      const found = await copies(message);
      expect(found.length).toBe(1);
      const sends = (await item(message))?.sends ?? 0;
      const marked = headerOf(found[0]?.headers ?? [], HEADER.possibleDuplicate) === '1';
      expect(marked).toBe(sends > 1);
      expect(found[0]?.value).toEqual(message.value);
      expect(found[0]?.headers.slice(0, message.headers.length)).toEqual(message.headers);
      if (failpoint === 'after send') expect((await item(message))?.state).toBe('SENT_VERIFIED');
    },
  );

  it('sends once for a hundred requests with one key, and for many with keys of their own', async () => {
    const message = await makeFailedMessage(context, `${prefix}.race`, `${prefix}.race.group`);
    const same = await Promise.all(Array.from({ length: 20 }, () => ask(message, 'one and the same')));
    expect(new Set(same.map((item) => item.id)).size).toBe(1);
    const others = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(message, `another ${at}`)));
    expect(others.map((other) => other.items[message.group])).toEqual(others.map(() => 'SKIPPED'));
    await Promise.all([goOn(), goOn(), goOn()]);
    await goOn();
    expect((await copies(message)).length).toBe(1);
  });

  it('follows an item to its end, and lets it be retried again under a higher generation', async () => {
    const message = await makeFailedMessage(context, `${prefix}.follow`, `${prefix}.follow.group`);
    await ask(message);
    await goOn();
    const sent = await item(message);
    await followSent(context);
    expect((await item(message))?.state).toBe('SENT');
    await report(message, 'handle_failed', sent?.generation ?? 0);
    await followSent(context);
    expect((await item(message))?.state).toBe('FAILED_AGAIN');
    await ask(message);
    await goOn();
    const again = await item(message);
    expect(again?.generation).toBe((sent?.generation ?? 0) + 1);
    expect(again?.courierRetryId).not.toBe(sent?.courierRetryId);
    await report(message, 'handled', again?.generation ?? 0);
    await followSent(context);
    expect((await item(message))?.state).toBe('HANDLED');
    const { rows } = await context.store.query<{ state: string }>('SELECT state FROM retry WHERE id = $1', [
      again?.retryId,
    ]);
    expect(rows).toEqual([{ state: 'ENDED' }]);
    expect((await ask(message)).items[message.group]).toBe('SKIPPED');
  });

  it('names who else would see it where the group reads no retry topic, and refuses when that was not agreed to', async () => {
    const message = await makeFailedMessage(context, `${prefix}.others`, `${prefix}.others.group`);
    const topicId = await context.catalog.topicId(`${prefix}.others`);
    await context.store.query('UPDATE subscription SET retry_ready = false WHERE topic_id = $1', [topicId]);
    const other = await context.catalog.groupId(`${prefix}.bystander`);
    await context.store.query('INSERT INTO subscription (group_id, topic_id) VALUES ($1, $2)', [
      other,
      topicId,
    ]);
    await expect(ask(message)).rejects.toThrow(`${prefix}.bystander will see the message again`);
    expect(await item(message)).toBeUndefined();
    const request = {
      selected: { messageId: message.id, groups: [message.group] },
      acceptOthers: [`${prefix}.bystander`],
    };
    await createRetry.call(context, mei, request);
    expect((await item(message))?.targetTopic).toBe(`${prefix}.others`);
  });

  it('refuses with the reason what it can never send', async () => {
    const message = await makeFailedMessage(context, `${prefix}.gone`, `${prefix}.gone.group`);
    await ask(message);
    await context.broker.deleteTopic(`${prefix}.gone`);
    await expect
      .poll(async () => {
        await goOn();
        return (await item(message))?.state;
      })
      .toBe('REFUSED');
    expect((await item(message))?.reason).toBe('no_body');
    await followSent(context);
    expect(await stateOfRetry(message)).toBe('ENDED');
  });

  it('lets what cannot be read now wait, without asking again and again', async () => {
    const message = await makeFailedMessage(context, `${prefix}.wait`, `${prefix}.wait.group`);
    await ask(message);
    const broker = new KafkaBroker({ name: 'away', addresses: ['127.0.0.1:9'], requestTimeoutMs: 500 });
    expect(await sendDue({ ...context, broker }, TIMES, () => undefined)).toBe(0);
    await broker.close();
    expect(await item(message)).toMatchObject({ state: 'PENDING', sends: 0 });
    expect((await item(message))?.dueAt.getTime()).toBeGreaterThan(Date.now());
    await context.store.query("UPDATE retry_item SET due_at = now() WHERE state = 'PENDING'");
    await goOn();
    expect((await item(message))?.state).toBe('SENT');
  });

  it('holds what it cannot look for until a person decides: to send again, marked, or to close', async () => {
    for (const decision of ['send_again', 'close_as_sent'] as const) {
      const message = await makeFailedMessage(
        context,
        `${prefix}.${decision}`,
        `${prefix}.${decision}.group`,
      );
      await ask(message);
      await goOn();
      const sent = await item(message);
      const id = sent?.retryId ?? '';
      await context.store.query(
        "UPDATE retry_item SET state = 'HELD', reason = 'cannot_scan' WHERE retry_id = $1",
        [id],
      );
      await context.store.query("UPDATE send_attempt SET result = 'unknown' WHERE item_id = $1", [sent?.id]);
      await decideHeldItems.call(context, mei, { id, decision });
      await goOn();
      await followSent(context);
      const found = await copies(message);
      const marks = found.map((item) => headerOf(item.headers, HEADER.possibleDuplicate));
      if (decision === 'send_again') {
        expect((await item(message))?.state).toBe('SENT');
        expect(marks).toEqual([undefined, '1']);
      } else {
        expect(await item(message)).toMatchObject({ state: 'PASSED', reason: 'closed_as_sent' });
        expect(marks).toEqual([undefined]);
        expect(await stateOfRetry(message)).toBe('ENDED');
      }
      await expect(decideHeldItems.call(context, mei, { id, decision })).rejects.toMatchObject({
        code: 'conflict',
      });
    }
  });

  it('ends what is not answered for a day, which may then be retried, closed, and be replaced by a late report', async () => {
    const message = await makeFailedMessage(context, `${prefix}.silent`, `${prefix}.silent.group`);
    await ask(message);
    await goOn();
    expect((await item(message))?.state).toBe('SENT');
    await followSent(context);
    expect((await item(message))?.state).toBe('SENT');
    await context.store.query(
      "UPDATE retry_item SET sent_at = now() - interval '25 hours' WHERE message_id = $1",
      [message.id],
    );
    await followSent(context);
    expect((await item(message))?.state).toBe('NO_ANSWER');
    expect(await stateOfRetry(message)).toBe('ENDED');
    const id = (await item(message))?.retryId ?? '';
    expect((await getRetry.call(context, mei, { id })).unanswered).toBe(1);
    expect(await closeUnansweredItems.call(context, mei, { id })).toEqual({ items: 1 });
    await expect(closeUnansweredItems.call(context, mei, { id })).rejects.toMatchObject({ code: 'conflict' });
    expect(await getRetry.call(context, mei, { id })).toMatchObject({
      unanswered: 0,
      states: { NO_ANSWER: 1 },
    });
    await report(message, 'handled', 1);
    await followSent(context);
    expect((await item(message))?.state).toBe('HANDLED');

    const other = await makeFailedMessage(context, `${prefix}.silent2`, `${prefix}.silent2.group`);
    await ask(other);
    await goOn();
    await context.store.query(
      "UPDATE retry_item SET sent_at = now() - interval '25 hours' WHERE message_id = $1",
      [other.id],
    );
    await followSent(context);
    expect((await ask(other)).items).toEqual({ [other.group]: 'PENDING' });
    expect((await item(other))?.generation).toBe(2);
  });

  it('takes a report that comes late for what it is, until the message is given again', async () => {
    const message = await makeFailedMessage(context, `${prefix}.late`, `${prefix}.late.group`);
    await ask(message);
    await goOn();
    const sent = await item(message);
    await context.store.query("UPDATE retry_item SET state = 'PASSED', ended_at = now() WHERE id = $1", [
      sent?.id,
    ]);
    await report(message, 'handled', sent?.generation ?? 0);
    await followSent(context);
    expect((await item(message))?.state).toBe('HANDLED');
  });

  if (kafka && address) {
    it('shows a swallowed answer as uncertain, and finds the one copy', async () => {
      const [host = '', port = '0'] = kafka.proxied.split(':');
      const proxy = new FaultProxy(KAFKA_DIALECT, { host, port: Number(port) }, kafka.proxyPort);
      await proxy.listen();
      const broker = new KafkaBroker({
        name: 'proxied',
        addresses: [proxy.address],
        requestTimeoutMs: 1_000,
      });
      const message = await makeFailedMessage(context, `${prefix}.swallow`, `${prefix}.swallow.group`);
      await ask(message);
      proxy.arm('swallow');
      await sendDue({ ...context, broker }, TIMES, () => undefined);
      expect(await item(message)).toMatchObject({ state: 'UNCERTAIN', sends: 1 });
      await goOn();
      expect(await item(message)).toMatchObject({ state: 'SENT_VERIFIED', sends: 1, copies: 1 });
      expect((await copies(message)).length).toBe(1);
      await broker.close();
      await proxy.close();
    });
  }
});
