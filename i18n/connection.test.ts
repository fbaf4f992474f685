import { describe, expect, it } from 'vitest';
import { FOUND } from '@/lib/brokers/kafka/check-words';
import { CAUSES } from '@/lib/kafka-client/connect/connect-error';
import { WORDS } from './words';

describe('the sentences of a connection', () => {
  it('are the same on the page and on the command line', () => {
    const { cause, found } = WORDS.en.connection.connection;
    expect(cause).toEqual(CAUSES);
    expect(found).toEqual(FOUND);
  });

  it('name the same values in each language', () => {
    const valuesOf = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
    const { cause, found } = WORDS['zh-CN'].connection.connection;
    for (const [code, sentence] of Object.entries({ ...CAUSES, ...FOUND }))
      expect(valuesOf({ ...cause, ...found }[code as keyof typeof found]), code).toEqual(valuesOf(sentence));
  });
});
