const DOT = '~2E';
const TILDE = '~7E';
/** The empty name, which Kafka allows for groups; an empty segment would be another address. */
const EMPTY = '~00';

/**
 * Encodes a name as one segment of an address. Browsers resolve the segments `.` and `..`, however they are encoded, so
 * these two names have a form of their own, and so has the empty one. A name that begins like such a form is escaped.
 */
export function segmentOf(name: string): string {
  if (name === '.' || name === '..') return DOT.repeat(name.length);
  if (name === '') return EMPTY;
  if ([DOT, TILDE, EMPTY].some((escape) => name.startsWith(escape)))
    return `${TILDE}${encodeURIComponent(name.slice(1))}`;
  return encodeURIComponent(name);
}

/** The name of a segment. @param segment decoded already, as Next hands it to a route */
export function nameOfSegment(segment: string): string {
  if (segment === DOT || segment === DOT + DOT) return '.'.repeat(segment.length / DOT.length);
  if (segment === EMPTY) return '';
  return segment.startsWith(TILDE) ? `~${segment.slice(TILDE.length)}` : segment;
}

/** As `nameOfSegment`, of a segment as Next hands it to a page. */
export function nameOfPage(segment: string): string {
  let decoded = segment;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    // A `%` that begins no escape is literal.
  }
  return nameOfSegment(decoded);
}
