import { z } from 'zod';
import { isStorable } from '@/lib/domain/text';

/**
 * A text of an input: bounded, and such that PostgreSQL can store it. Every string of every operation is one of these or
 * a format (a number as text, a time, an id), since what can't be stored would otherwise fail inside.
 * @param max characters
 */
export const text = (max: number) => anyText(max).min(1);

/** As `text`, where nothing is allowed as well. */
export const anyText = (max: number) =>
  z.string().max(max).refine(isStorable, { error: 'a text without NUL and lone surrogates' });
