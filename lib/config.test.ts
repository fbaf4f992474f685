import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentOf, readSettings } from './config';
import { configurationPage } from './configuration-page';

describe('settings', () => {
  it("have a default for everything but what is one's own", () => {
    expect(readSettings({})).toMatchObject({
      COURIER_BROKERS: 'embedded:',
      COURIER_PORT: 3000,
      COURIER_RETENTION_DAYS: 30,
    });
  });

  it('are refused with name, value and what is allowed, all at once', () => {
    const wrong = () =>
      readSettings({ COURIER_PORT: '99999', COURIER_BROKERS: 'http://x', COURIER_NONSENSE: '1' });
    expect(wrong).toThrow(/COURIER_NONSENSE is no setting/);
    expect(wrong).toThrow(/COURIER_PORT is "99999"; allowed is .*65535/);
    expect(wrong).toThrow(/COURIER_BROKERS is "http:\/\/x"; allowed is \[name=\]embedded: or/);
  });

  it.each(['abc', '1.5', '99999', '-1', ''])('say the same of whatever is no port: %j', (value) => {
    const read = () => readSettings({ COURIER_PORT: value });
    if (value === '') expect(read().COURIER_PORT).toBe(3000);
    else
      expect(read).toThrow(
        `COURIER_PORT is ${JSON.stringify(value)}; allowed is a whole number from 0 to 65535.`,
      );
  });

  it('never show a password', () => {
    expect(() => readSettings({ COURIER_DATABASE_URL: 'mysql://me:secret@host/db' })).toThrow(
      /COURIER_DATABASE_URL is \(not shown\)/,
    );
  });

  it('take clusters apart', () => {
    const { clusters } = readSettings({ COURIER_BROKERS: 'eu=kafka://a:9092,[::1]:9093; embedded:' });
    expect(clusters).toMatchObject([
      { name: 'eu', scheme: 'kafka', addresses: ['a:9092', '[::1]:9093'], environment: 'development' },
      { name: 'embedded', scheme: 'embedded', addresses: [] },
    ]);
    expect(readSettings({ COURIER_BROKERS: 'kafka://a:9092' }).clusters[0]?.name).toBe('main');
  });

  it('refuse two clusters of one name, and say what each cluster is', () => {
    expect(() => readSettings({ COURIER_BROKERS: 'kafka://a:9092;kafka://b:9092' })).toThrow(
      /every cluster has a name of its own/,
    );
    expect(() => readSettings({ COURIER_ENVIRONMENT: 'main=live' })).toThrow(
      /development, staging or production/,
    );
    expect(environmentOf('main=production;staging', 'main')).toBe('production');
    expect(environmentOf('main=production;staging', 'dr')).toBe('staging');
    expect(environmentOf('main=production', 'dr')).toBe('development');
  });

  it('stand in docs/configuration.md as they are', () => {
    expect(readFileSync('docs/configuration.md', 'utf8'), 'run npm run docs:configuration').toBe(
      configurationPage(),
    );
  });
});
