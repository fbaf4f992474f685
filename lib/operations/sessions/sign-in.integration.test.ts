import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, SYSTEM, type Actor, type Context } from '../context';
import { listAllMessages } from '../messages/list';
import { createOperator } from '../operators/create';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { actorOf } from './current';
import { signIn } from './sign-in';
import { signOut } from './sign-out';

const NOBODY: Actor = { id: null, name: 'nobody', role: 'anonymous' };
const PASSWORD = 'a pass phrase of many words';

describe('signing in', () => {
  let database: TestDatabase;
  let context: Context;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings({}), database.url, createLog('silent'));
    await createOperator.call(context, SYSTEM, { name: 'Mei', password: PASSWORD });
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  const attempt = (name: string, password: string, address = 'here') =>
    signIn.call(context, NOBODY, { name, password, address });

  it('begins a session that ends with signing out; only hashes are stored', async () => {
    const { token } = await attempt('mei', PASSWORD);
    expect(await actorOf(context, token)).toMatchObject({ name: 'Mei', role: 'administrator' });
    const stored = await context.store.query('SELECT * FROM session');
    expect(JSON.stringify(stored.rows)).not.toContain(token);
    const operator = await context.store.query<{ password_hash: string }>(
      'SELECT password_hash FROM operator',
    );
    expect(operator.rows[0]?.password_hash).toMatch(/^scrypt\$17\$8\$1\$/);
    await signOut.call(context, NOBODY, { token });
    expect(await actorOf(context, token)).toMatchObject({ role: 'anonymous' });
  });

  it('ends a session that was idle or is too old', async () => {
    const { token } = await attempt('Mei', PASSWORD);
    await context.store.query("UPDATE session SET seen_at = now() - interval '31 minutes'");
    expect(await actorOf(context, token)).toMatchObject({ role: 'anonymous' });
    const second = await attempt('Mei', PASSWORD);
    await context.store.query("UPDATE session SET expires_at = now() - interval '1 second', seen_at = now()");
    expect(await actorOf(context, second.token)).toMatchObject({ role: 'anonymous' });
  });

  it('writes down once a minute that a session is used, not at each look', async () => {
    const { token } = await attempt('Mei', PASSWORD);
    const seenAfter = async (idle: string) => {
      await context.store.query('UPDATE session SET seen_at = now() - $1::interval', [idle]);
      await actorOf(context, token);
      const { rows } = await context.store.query<{ ago: number }>(
        'SELECT min(extract(epoch FROM now() - seen_at))::int AS ago FROM session',
      );
      return rows[0]?.ago ?? -1;
    };
    expect(await seenAfter('50 seconds')).toBeGreaterThanOrEqual(50);
    expect(await seenAfter('70 seconds')).toBeLessThan(50);
  });

  it('reads the same for a wrong name and a wrong password, audits both, and makes an account wait after ten', async () => {
    await expect(attempt('nobody', PASSWORD, 'there')).rejects.toThrow('Name or password is wrong.');
    const burst = await Promise.allSettled(
      Array.from({ length: 14 }, () => attempt('Mei', 'wrong', 'there')),
    );
    const codes = burst.map((one) =>
      one.status === 'rejected' ? (one.reason as { code: string }).code : 'in',
    );
    expect(codes).toContain('too_many_requests');
    expect(codes).not.toContain('in');
    for (let more = 0; more < 10; more += 1) await attempt('Mei', 'wrong', 'there').catch(() => undefined);
    await expect(attempt('mei', PASSWORD, 'elsewhere')).rejects.toThrow(/15 minutes/);
    const { rows } = await context.store.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM audit_entry WHERE operation = 'sessions.sign-in' AND outcome = 'refused'",
    );
    expect(rows[0]?.n).toBeGreaterThan(1);
  });

  it('is demanded by every operation that is not public, and a short password is refused', async () => {
    await expect(listAllMessages.call(context, NOBODY, {})).rejects.toMatchObject({ code: 'not_signed_in' });
    await expect(
      createOperator.call(
        context,
        { id: 1, name: 'service', role: 'service' },
        { name: 'x', password: PASSWORD },
      ),
    ).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(createOperator.call(context, SYSTEM, { name: 'x', password: 'short' })).rejects.toThrow(
      /at least 15 characters/,
    );
  });
});
