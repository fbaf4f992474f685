import { expect, it } from 'vitest';
import { z } from 'zod';
import { formsOf, readQuery } from './request-input';

const forms = formsOf(
  z.strictObject({
    limit: z.number().int().default(50),
    partition: z.number().nullable().default(null),
    running: z.boolean(),
    states: z.array(z.string()).default([]),
    name: z.string().optional(),
    after: z.record(z.string(), z.string()).optional(),
  }),
);
const read = (query: string) => readQuery(new URLSearchParams(query), forms);

it('reads numbers, booleans and lists by the form of their field', () => {
  expect(read('limit=20&partition=3&running=false&states=A,B&name=12')).toEqual({
    limit: 20,
    partition: 3,
    running: false,
    states: ['A', 'B'],
    name: '12',
  });
});

it('reads a list whose name is repeated without splitting its values', () => {
  expect(read('states=A,1&states=B')).toEqual({ states: ['A,1', 'B'] });
});

it('leaves what does not fit as it was written, for the operation to refuse', () => {
  expect(read('limit=many&running=perhaps&unknown=x')).toEqual({
    limit: 'many',
    running: 'perhaps',
    unknown: 'x',
  });
});

it('counts an empty value as absent', () => {
  expect(read('limit=&name=&states=')).toEqual({});
});
