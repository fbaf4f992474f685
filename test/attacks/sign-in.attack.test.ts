import { describe, expect, inject, it } from 'vitest';
import { startRealCourier, ask, signIn } from './courier';

const target = inject('target');
const isLong = process.env.FAULTS === 'long';

describe('the sign-in under attack', () => {
  it('takes no name for a pattern (F2)', async () => {
    for (const [index, name] of ['%', 'a%', '_dmin', 'adm_n', 'ad%', '\\admin', 'admin%', 'admi_'].entries())
      expect((await signIn(target, name, target.password, { address: `10.9.0.${index}` })).status, name).toBe(
        401,
      );
    for (const name of ['admin', 'ADMIN', ' Admin ', 'ａｄｍｉｎ'])
      expect((await signIn(target, name, target.password)).status, name).toBe(200);
  });

  it('reads one session from one cookie, for pages and API (F22, F26)', async () => {
    const { cookie } = await signIn(target, 'admin', target.password);
    const session = cookie.split('; ').find((part) => part.startsWith('courier-session-')) ?? '';
    const name = session.split('=')[0] ?? '';
    expect(name).toMatch(/^courier-session-[0-9a-f]{8}$/);
    const page = (headers: string) => ask(`${target.console}/overview`, { cookie: headers });
    const api = (headers: string) => ask(`${target.console}/api/overview`, { cookie: headers });
    for (const both of [
      session,
      `${name}=stale; ${session}`,
      `${session}; ${name}=stale`,
      `courier-session=other; ${session}`,
    ]) {
      expect((await page(both)).status, both).toBe(200);
      expect((await api(both)).status, both).toBe(200);
    }
    for (const none of [`${name}=stale`, 'courier-session-00000000=x']) {
      expect((await page(none)).status, none).toBe(307);
      expect((await api(none)).status, none).toBe(401);
    }
    const secure = await ask(`${target.console}/api/session`, {
      body: { name: 'admin', password: target.password },
      headers: { 'x-forwarded-proto': 'https, https' },
    });
    const hosted = secure.headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .join('; ');
    expect(hosted).toContain('__Host-courier-session-');
    const https = { 'x-forwarded-proto': 'https, https' };
    expect((await ask(`${target.console}/overview`, { cookie: hosted, headers: https })).status).toBe(200);
    expect((await ask(`${target.console}/api/overview`, { cookie: hosted, headers: https })).status).toBe(
      200,
    );
  });

  it('takes two writings of one name for one operator, with the last pass phrase alone (F8)', async () => {
    const own = await startRealCourier();
    try {
      const first = await own.setUp('Bob');
      expect((await signIn(own, 'bob', first)).status).toBe(200);
      const second = await own.setUp('bob');
      expect((await signIn(own, 'BOB', second)).status).toBe(200);
      for (const name of ['Bob', 'bob']) expect((await signIn(own, name, first)).status, name).toBe(401);
    } finally {
      await own.stop();
    }
  });

  it('ends a session that only polls, and keeps one whose person acts (F23)', async () => {
    const { cookie } = await signIn(target, 'admin', target.password);
    const ends = async (headers: Record<string, string>) =>
      Date.parse(String((await ask(`${target.console}/api/session`, { cookie, headers })).body.idleEndsAt));
    const browser = { 'sec-fetch-site': 'same-origin' };
    const first = await ends(browser);
    // A tenth of the idle time is the finest step in which activity is written.
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    expect(await ends(browser)).toBe(first);
    await ask(`${target.console}/api/workers`, { cookie, headers: { ...browser, 'x-courier-active': '1' } });
    expect(await ends(browser)).toBeGreaterThan(first);
  });

  it('never locks the owner out, and `courier setup` ends what others did (F6, F7)', async () => {
    const courier = await startRealCourier({ COURIER_TRUSTED_PROXIES: '1' });
    try {
      const password = await courier.setUp('admin');
      const home = await signIn(courier, 'admin', password, { address: '192.0.2.1' });
      expect(home.status).toBe(200);
      // With more guesses than strangers have at once a new device waits for up to 45 s.
      const [names, guesses] = isLong ? [1_000, 200] : [40, 15];
      const gone = new AbortController();
      const strangers = [
        ...Array.from({ length: names }, (_, index) => ({
          name: `nobody${index}`,
          address: `10.1.0.${index % 250}`,
        })),
        ...Array.from({ length: guesses }, (_, index) => ({
          name: 'admin',
          address: `10.2.0.${index % 100}`,
        })),
      ].map(async ({ name, address }, index, all) => {
        // A steady stream is worse than a burst: some requests come just before a waiting one, and some just after.
        if (isLong)
          await new Promise((resolve) =>
            setTimeout(resolve, ((index * 7) % all.length) * (60_000 / all.length)),
          );
        return ask(`${courier.console}/api/session`, {
          body: { name, password: 'a wrong pass phrase' },
          headers: { 'x-forwarded-for': address },
          signal: gone.signal,
        }).then(
          ({ status }) => status,
          () => 0,
        );
      });
      if (isLong) await new Promise((resolve) => setTimeout(resolve, 12_000));
      const timed = async (work: () => Promise<{ status: number; retryAfter: number }>, withinMs: number) => {
        const began = performance.now();
        for (;;) {
          const { status, retryAfter } = await work();
          const took = performance.now() - began;
          if (status === 200 || took > withinMs) return { status, took };
          await new Promise((resolve) => setTimeout(resolve, Math.min(retryAfter, 5) * 1_000));
        }
      };
      const known = await timed(
        () => signIn(courier, 'admin', password, { address: '10.2.0.1', cookie: home.cookie }),
        5_000,
      );
      expect(known).toMatchObject({ status: 200 });
      expect(known.took).toBeLessThan(5_000);
      const fresh = await timed(() => signIn(courier, 'admin', password, { address: '192.0.2.99' }), 60_000);
      expect(fresh).toMatchObject({ status: 200 });
      expect(fresh.took).toBeLessThan(60_000);
      gone.abort();
      const answers = await Promise.all(strangers);
      expect(answers.filter((status) => status === 200)).toEqual([]);
      expect(answers.filter((status) => status >= 500)).toEqual([]);
      const again = await courier.setUp('ADMIN');
      expect((await signIn(courier, 'admin', again, { address: '192.0.2.77' })).status).toBe(200);
      expect((await signIn(courier, 'admin', password, { address: '192.0.2.78' })).status).toBe(401);
    } finally {
      await courier.stop();
    }
  });
});
