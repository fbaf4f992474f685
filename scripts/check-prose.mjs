// Comments are plain technical English: the subject of a sentence acts, and machines do not speak, know or look.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

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
for (const file of files) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    continue; // Deleted, and not committed yet.
  }
  const words = [...new Set(riddlesOf(text).map(({ word, instead }) => `“${word}” (${instead})`))];
  if (words.length === 0) continue;
  process.exitCode = 1;
  console.error(`${file}: words in comments that a reader has to decode: ${words.join(', ')}`);
}
