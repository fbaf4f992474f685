const DOT = '~2E';
const TILDE = '~7E';

/**
 * A name as one segment of an address. Browsers take the segments `.` and `..` for steps, however they are encoded, so
 * these two names are written otherwise; a name that looks like that way of writing is told apart.
 */
export function segmentOf(name: string): string {
  if (name === '.' || name === '..') return DOT.repeat(name.length);
  if (name.startsWith(DOT) || name.startsWith(TILDE)) return `${TILDE}${encodeURIComponent(name.slice(1))}`;
  return encodeURIComponent(name);
}

/** The name of a segment. @param segment decoded already, as Next hands it to a route */
export function nameOfSegment(segment: string): string {
  if (segment === DOT || segment === DOT + DOT) return '.'.repeat(segment.length / DOT.length);
  return segment.startsWith(TILDE) ? `~${segment.slice(TILDE.length)}` : segment;
}

/** As `nameOfSegment`, of a segment as Next hands it to a page. */
export function nameOfPage(segment: string): string {
  return nameOfSegment(decodeURIComponent(segment));
}
