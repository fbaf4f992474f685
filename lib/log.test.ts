import { describe, expect, it } from 'vitest';
import { createLog } from './log';

describe('the log', () => {
  it('says of an error what it is, and nothing of what hangs on it', () => {
    const lines: string[] = [];
    const log = createLog('info', {}, { write: (line) => void lines.push(line) });
    const error = Object.assign(new Error('it broke', { cause: new TypeError('deep') }), {
      code: '57P01',
      client: { password: 'secret-value', statements: 'x'.repeat(10_000) },
    });
    log.error({ err: error }, 'a connection broke');
    expect(lines[0]).toContain('it broke');
    expect(lines[0]).toContain('57P01');
    expect(lines[0]).toContain('deep');
    expect(lines[0]).not.toContain('secret-value');
    expect(lines[0]?.length).toBeLessThan(5_000);
  });
});
