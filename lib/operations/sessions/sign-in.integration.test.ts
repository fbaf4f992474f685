import type { CourierError } from '@/lib/errors';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, SYSTEM, type Actor, type Context } from '@/lib/context/context';
import { listAllMessages } from '../messages/list';
import { createOperator } from '../operators/create';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { foldName } from '@/lib/domain/operators/name';
import { foldOperatorNames } from '@/lib/store/operators/operators';
import { hashPassword } from '../operators/hash-password';
import { waitingSignIns } from './admission';
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
    expect(await actorOf(context, [token])).toMatchObject({ name: 'Mei', role: 'administrator' });
    const stored = await context.store.query('SELECT * FROM session');
    expect(JSON.stringify(stored.rows)).not.toContain(token);
    const operator = await context.store.query<{ password_hash: string }>(
      'SELECT password_hash FROM operator',
    );
    expect(operator.rows[0]?.password_hash).toMatch(/^scrypt\$17\$8\$1\$/);
    await signOut.call(context, NOBODY, { tokens: [token] });
    expect(await actorOf(context, [token])).toMatchObject({ role: 'anonymous' });
  });

  it('ends a session that was idle or is too old', async () => {
    const { token } = await attempt('Mei', PASSWORD);
    await context.store.query("UPDATE session SET seen_at = now() - interval '31 minutes'");
    expect(await actorOf(context, [token])).toMatchObject({ role: 'anonymous' });
    const second = await attempt('Mei', PASSWORD);
    await context.store.query("UPDATE session SET expires_at = now() - interval '1 second', seen_at = now()");
    expect(await actorOf(context, [second.token])).toMatchObject({ role: 'anonymous' });
  });

  it('writes down once a minute that a session is used, not at each look', async () => {
    const { token } = await attempt('Mei', PASSWORD);
    const seenAfter = async (idle: string) => {
      await context.store.query('UPDATE session SET seen_at = now() - $1::interval', [idle]);
      await actorOf(context, [token]);
      const { rows } = await context.store.query<{ ago: number }>(
        'SELECT min(extract(epoch FROM now() - seen_at))::int AS ago FROM session',
      );
      return rows[0]?.ago ?? -1;
    };
    expect(await seenAfter('50 seconds')).toBeGreaterThanOrEqual(50);
    expect(await seenAfter('70 seconds')).toBeLessThan(50);
  });

  it('keeps a session for what a person does, not for what a page asks by itself', async () => {
    const { token } = await attempt('Mei', PASSWORD);
    const seenAfter = async (isActive: boolean) => {
      await context.store.query("UPDATE session SET seen_at = now() - interval '20 minutes'");
      expect(await actorOf(context, [token], isActive)).toMatchObject({ name: 'Mei' });
      const { rows } = await context.store.query<{ ago: number }>(
        'SELECT min(extract(epoch FROM now() - seen_at))::int AS ago FROM session',
      );
      return rows[0]?.ago ?? -1;
    };
    expect(await seenAfter(false)).toBeGreaterThan(1_000);
    expect(await seenAfter(true)).toBeLessThan(10);
  });

  it('keeps a session of one idle minute for somebody who is active', async () => {
    const { token } = await attempt('Mei', PASSWORD);
    const short = { ...context, settings: { ...context.settings, COURIER_SESSION_IDLE_MINUTES: 1 } };
    for (let round = 0; round < 3; round += 1) {
      await context.store.query("UPDATE session SET seen_at = seen_at - interval '40 seconds'");
      expect(await actorOf(short, [token])).toMatchObject({ name: 'Mei' });
    }
  });

  it('takes the first of several tokens that is valid', async () => {
    const { token } = await attempt('Mei', PASSWORD);
    expect(await actorOf(context, ['stale', token])).toMatchObject({ name: 'Mei' });
    expect(await actorOf(context, ['a', 'b', 'c', token])).toMatchObject({ role: 'anonymous' });
  });

  it('reads the same for a wrong name and a wrong password, and audits both', async () => {
    await expect(attempt('nobody', PASSWORD, 'there')).rejects.toThrow('Name or password is wrong.');
    await expect(attempt('Mei', 'wrong', 'there')).rejects.toThrow('Name or password is wrong.');
    const { rows } = await context.store.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM audit_entry WHERE operation = 'sessions.sign-in' AND outcome = 'refused'",
    );
    expect(rows[0]?.n).toBeGreaterThan(1);
  });

  it('takes a name as a name: no character of it stands for others', async () => {
    for (const name of ['%', 'm%', '_ei', 'Me_', 'M%i', '\\Mei', 'me*', '.*'])
      await expect(attempt(name, PASSWORD, `from ${name}`), name).rejects.toMatchObject({
        code: 'wrong_credentials',
      });
    for (const name of ['MEI', ' mei ', 'Ｍｅｉ']) expect((await attempt(name, PASSWORD)).name).toBe('Mei');
  });

  it('makes an address wait longer from wrong attempt to wrong attempt, and says for how long', async () => {
    for (let tried = 0; tried < 2; tried += 1)
      await expect(attempt(`guess ${tried}`, 'wrong', 'guesser')).rejects.toMatchObject({
        code: 'wrong_credentials',
      });
    // At once, since each try takes a second on a busy machine, which would be the wait itself.
    await context.store.query(
      `INSERT INTO sign_in_attempt (account, address)
       SELECT account, address FROM sign_in_attempt WHERE address = 'guesser' UNION ALL
       SELECT account, address FROM sign_in_attempt WHERE address = 'guesser'`,
    );
    const refused = await attempt('guess 6', 'wrong', 'guesser').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'too_many_requests' });
    const { retryAfterSeconds } = (refused as CourierError).details as { retryAfterSeconds: number };
    // Eight seconds from the last try.
    expect(retryAfterSeconds).toBeGreaterThan(4);
    expect(retryAfterSeconds).toBeLessThanOrEqual(8);
  });

  it('never locks the owner out: a known device has a lane of its own, and a new pass phrase forgets what others tried', async () => {
    const { devices } = await attempt('Mei', PASSWORD, 'home');
    const guesses = Array.from({ length: 200 }, (_, index) => ({
      account: 'mei',
      address: `10.0.0.${index}`,
    }));
    await context.store.query(
      `INSERT INTO sign_in_attempt (account, address) SELECT account, address
       FROM jsonb_to_recordset($1) AS g (account text, address text)`,
      [JSON.stringify(guesses)],
    );
    const gone = new AbortController();
    const stranger = signIn.call(context, NOBODY, {
      name: 'Mei',
      password: PASSWORD,
      address: 'elsewhere',
      devices: devices.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      signal: gone.signal,
    });
    await expect.poll(waitingSignIns).toBe(1);
    const known = { name: 'mei', password: PASSWORD, address: 'elsewhere', devices };
    expect((await signIn.call(context, NOBODY, known)).name).toBe('Mei');
    gone.abort();
    await expect(stranger).rejects.toMatchObject({ code: 'too_many_requests' });
    expect(waitingSignIns()).toBe(0);
    await createOperator.call(context, SYSTEM, { name: 'MEI', password: PASSWORD });
    expect((await attempt('mei', PASSWORD, 'yet another')).name).toBe('Mei');
  });

  it('is limited on a known device as well', async () => {
    const { devices } = await attempt('Mei', PASSWORD, 'home');
    const wrong = { name: 'mei', password: 'wrong', address: 'home', devices };
    // However long the hashes take, no delay passes meanwhile.
    const now = new Date();
    const still = { ...context, now: () => now };
    for (let tried = 0; tried < 3; tried += 1)
      await expect(signIn.call(still, NOBODY, wrong)).rejects.toMatchObject({ code: 'wrong_credentials' });
    await expect(signIn.call(still, NOBODY, wrong)).rejects.toMatchObject({ code: 'too_many_requests' });
  });

  it('is one operator whatever the case of the name, and gives way to the last pass phrase after an upgrade', async () => {
    const hash = await hashPassword('the newer pass phrase');
    await context.store.query(
      `INSERT INTO operator (name, password_hash) VALUES ('Bob', 'old'), ('bob', $1), ('Ärger', 'x')`,
      [hash],
    );
    await foldOperatorNames(context.store, foldName);
    await foldOperatorNames(context.store, foldName);
    const { rows } = await context.store.query<{ name: string; folded: string | null; active: boolean }>(
      `SELECT name, folded, disabled_at IS NULL AS active FROM operator WHERE name <> 'Mei' ORDER BY id`,
    );
    expect(rows).toEqual([
      { name: 'Bob', folded: 'bob', active: true },
      { name: 'bob', folded: null, active: false },
      { name: 'Ärger', folded: 'ärger', active: true },
    ]);
    expect((await attempt('BOB', 'the newer pass phrase', 'bob')).name).toBe('Bob');
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
