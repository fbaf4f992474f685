const encoder = new TextEncoder();

/** Whether PostgreSQL's `text` holds a text as it is: it has no NUL and no lone surrogate. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/**
 * Text as PostgreSQL's `text` can hold it: NUL and lone surrogates become U+FFFD, and it is cut to so many UTF-8 bytes
 * at a character's edge, with an ellipsis in the last place.
 */
export function storable(text: string, maxBytes: number): string {
  const clean = text.replaceAll('\0', '\ufffd').toWellFormed();
  if (clean.length * 3 <= maxBytes || encoder.encode(clean).length <= maxBytes) return clean;
  let cut = '';
  let used = 3;
  for (const character of clean) {
    used += encoder.encode(character).length;
    if (used > maxBytes) break;
    cut += character;
  }
  return `${cut}…`;
}
