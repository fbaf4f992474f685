import { expect, it } from 'vitest';
import { sourceOf } from './source';

it('has the name of the worker, whenever a fact was written', () => {
  expect(sourceOf('facts topic')).toBe('collector');
  expect(sourceOf('dead-letter topic')).toBe('dead-letter index');
  expect(sourceOf('clock')).toBe('deadlines');
  for (const name of ['collector', 'topic index', 'intake']) expect(sourceOf(name)).toBe(name);
});
