/**
 * Parses the text of a Java properties file (java.util.Properties, "load"): comments with `#` or `!`, `=`, `:` or white
 * space between name and value, lines continued by an odd number of backslashes, `\uXXXX`.
 * @returns values by name; the last of a repeated name counts
 */
export function parseProperties(text: string): Record<string, string> {
  const values: [string, string][] = [];
  for (const line of logicalLines(text)) {
    const match = /^((?:\\[^]|[^\\ \t\f:=])*)[ \t\f]*[:=]?[ \t\f]*([^]*)$/.exec(line);
    values.push([unescape(match?.[1] ?? ''), unescape(match?.[2] ?? '')]);
  }
  return Object.fromEntries(values);
}

/** Lines without comments and blank ones, continued lines joined. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let begun = '';
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const line = raw.replace(/^[ \t\f]+/, '');
    if (begun === '' && (line === '' || /^[#!]/.test(line))) continue;
    const backslashes = /\\*$/.exec(line)?.[0].length ?? 0;
    if (backslashes % 2 === 1) {
      begun += line.slice(0, -1);
      continue;
    }
    lines.push(begun + line);
    begun = '';
  }
  if (begun !== '') lines.push(begun);
  return lines;
}

const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(part: string): string {
  return part.replace(/\\(u[0-9a-fA-F]{4}|[^])/g, (_, escaped: string) =>
    escaped.length === 5
      ? String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
      : (ESCAPES[escaped] ?? escaped),
  );
}
