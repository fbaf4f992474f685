import { createParser } from 'nuqs';

/** A time in an address, as ISO 8601 in UTC. What is no time limits nothing. */
export const parseAsTime = createParser({
  parse(text) {
    const at = Date.parse(text);
    return Number.isNaN(at) ? null : new Date(at).toISOString();
  },
  serialize: (time: string) => time,
});
