// Every path and document that a comment or docs/ names exists, and no test is named without its subject.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOMS = 'app|bench|bin|components|demo|docs|e2e|i18n|lib|messages|prisma|public|scripts|test';
/** A path of the repository, with or without an extension. Names in <> or with … are patterns and do not match. */
const PATH = new RegExp(`(?<![\\w./@-])(?:${ROOMS})/[\\w./-]*\\w(?![\\w/-]*[<>…*{])`, 'g');
const DOCUMENT = /(?<![\w./-])[\w-]+\.md\b/g;
const CODE = /\.(ts|tsx|mjs|mts)$/;
const NAMELESS_TESTS =
  /(^|\/)(hard|wide|misc|more|other|states|various|nameless)\.(spec|test|integration\.test)\.ts$/;

const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file && !file.includes('/generated/') && !file.startsWith('test/upgrade/release'));
const documents = new Set(files.filter((file) => file.endsWith('.md')).map((file) => path.basename(file)));
const problems = [];

for (const file of files) {
  if (NAMELESS_TESTS.test(file)) problems.push(`${file}: a test is named by its subject`);
  const isDocument = file.endsWith('.md') && !file.startsWith('bench/') && file !== 'CHANGELOG.md';
  if (!CODE.test(file) && !isDocument) continue;
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      const text = isDocument ? line : commentOf(line);
      for (const name of text.match(PATH) ?? [])
        if (!name.includes('...') && !isThere(name))
          problems.push(`${file}:${index + 1}: there is no ${name}`);
      for (const name of text.match(DOCUMENT) ?? [])
        if (!documents.has(name)) problems.push(`${file}:${index + 1}: there is no document ${name}`);
    });
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}

/** The comment of a line of code; lines of a block comment begin with a star. */
function commentOf(line) {
  return /^\s*(?:\/\*\*?|\*|\/\/)(.*)$/.exec(line)?.[1] ?? /\s\/\/ (.*)$/.exec(line)?.[1] ?? '';
}

function isThere(name) {
  return [name, `${name}.ts`, `${name}.tsx`, `${name}.mjs`, `${name}.md`].some((candidate) =>
    existsSync(candidate),
  );
}
