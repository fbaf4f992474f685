import { z } from 'zod';
import { isStorable, storable } from './text';

// Every string of every input is one of these, since what PostgreSQL can't store would otherwise fail inside. The linter
// keeps `z.string()` out of the operations.

/** A text of up to so many characters, taken as it is; none at all is allowed. */
export const anyText = (max: number) =>
  z.string().max(max).refine(isStorable, { error: 'a text without NUL and lone surrogates' });

/** A text of at least one character. */
export const text = (max: number) => anyText(max).min(1);

/** A consumer group as Kafka allows it: empty, and of any length that an address carries. */
export const groupName = anyText(10_000);

/** As `text`, without the spaces around it: what a person types. */
export const words = (max: number) => z.string().trim().pipe(text(max));

/** Why a person did something. */
export const reason = z.string().trim().pipe(anyText(1_000));

/** A text of a form, such as an offset. @param what is allowed, in words */
export const format = (pattern: RegExp, what: string) => z.string().regex(pattern, { error: what });

const MAX_OFFSET = 9_223_372_036_854_775_807n;
const AN_OFFSET = `an offset, from 0 to ${MAX_OFFSET}`;

/** An offset of Kafka, as text. */
export const offsetText = format(/^\d{1,19}$/, AN_OFFSET).refine((offset) => BigInt(offset) <= MAX_OFFSET, {
  error: AN_OFFSET,
});

/** A program's description of itself. Characters that cannot be stored are replaced, since nothing depends on it. */
export const clientText = (max: number) =>
  z
    .string()
    .max(max)
    .transform((given) => storable(given, max * 4));

/** A text that is stored escaped, so that it may contain anything. */
export const rawText = (max: number) => z.string().max(max);
