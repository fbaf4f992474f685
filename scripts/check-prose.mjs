// Comments are plain technical English: the subject of a sentence acts, and machines do not speak, know or look. Files that
// were written before that rule have a number of exceptions in prose-exceptions.json, which may only become smaller.
//   node scripts/check-prose.mjs           what is too many
//   node scripts/check-prose.mjs --write   lowers the numbers to what is left
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const LIST = 'scripts/prose-exceptions.json';
/** Words that a reader has to decode, each with what to write instead. */
const RIDDLES = [
  [/\b(says?|said|tells?|told|speaks?|hears?|heard)\b/gi, 'returns, reports, states, is notified'],
  [
    /\b(knows?|knew|known of|looks?( at| for)?|looked( at| for)?|wants?)\b/gi,
    'reads, has, searches, requires',
  ],
  [/\b(stands?|stood|lies)\b/gi, 'is, is stored, is written'],
  [/\b(whoever|somebody|nobody|one's|ours)\b/gi, 'a caller, a client, no group, Courier'],
  [
    /\b(who asks|what comes|what is there|that which|of what|what of)\b/gi,
    'the caller, the next record, the rows',
  ],
  [
    /\b(on and on|for good|wake up|wakes up|woken up|at its begin|gone through)\b/gi,
    'in a loop, permanently, before hydration, at the start',
  ],
];

/** Comments of a source text, without the code between them. */
function commentsOf(text) {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g)].map(([comment]) => comment).join('\n');
}

function riddlesOf(text) {
  const comments = commentsOf(text);
  return RIDDLES.flatMap(([pattern, instead]) =>
    [...comments.matchAll(pattern)].map(([word]) => ({ word, instead })),
  );
}

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/generated|release-|check-prose/.test(file));
const allowed = JSON.parse(readFileSync(LIST, 'utf8'));
const left = {};
let failed = false;
for (const file of files) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    continue; // Deleted, and not committed yet.
  }
  const riddles = riddlesOf(text);
  if (riddles.length > 0) left[file] = Math.min(riddles.length, allowed[file] ?? 0);
  if (left[file] === 0) delete left[file];
  if (riddles.length > (allowed[file] ?? 0)) {
    failed = true;
    const words = [...new Set(riddles.map(({ word, instead }) => `“${word}” (${instead})`))];
    console.error(
      `${file}: ${riddles.length} words in comments to decode, ${allowed[file] ?? 0} allowed: ${words.join(', ')}`,
    );
  }
}
const isShorter = Object.keys(allowed).some((file) => (left[file] ?? 0) < allowed[file]);
if (process.argv.includes('--write')) writeFileSync(LIST, `${JSON.stringify(left, null, 2)}\n`);
else if (isShorter) {
  failed = true;
  console.error(`${LIST} allows more than is left: run node scripts/check-prose.mjs --write`);
}
process.exitCode = failed ? 1 : 0;
