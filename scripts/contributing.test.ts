import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const guide = readFileSync('CONTRIBUTING.md', 'utf8');

/** Code of the guide, with the file that its first line names. */
const examples = [...guide.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, file = '', code = '']) => ({
  file,
  code,
}));

/** Files of the repository that import a module, but for tests. */
function importersOf(file: string): string[] {
  const name = file.replace(/\.ts$/, '');
  const isImport = (from: string, specifier: string): boolean =>
    specifier === `@/${name}` ||
    (specifier.startsWith('.') && path.join(path.dirname(from), specifier) === name);
  return sources
    .filter(({ file: from, text }) =>
      [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].some(([, specifier = '']) =>
        isImport(from, specifier),
      ),
    )
    .map(({ file: from }) => from);
}

const sources = ['lib', 'app', 'components']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  )
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|generated/.test(file))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe('the guide for contributors', () => {
  it('shows code as it stands in the files that it names', () => {
    expect(examples.length).toBeGreaterThan(5);
    for (const { file, code } of examples) expect(readFileSync(file, 'utf8'), file).toContain(code);
  });

  it('names every room of lib, and none that is not there', () => {
    const rooms = readdirSync('lib', { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const named = [...guide.matchAll(/^\| `lib\/([\w-]+)/gm)].map(([, room = '']) => room);
    expect(named.filter((room) => !rooms.includes(room))).toEqual([]);
    expect(rooms.filter((room) => !named.includes(room))).toEqual([]);
  });
});

/** Members of the extension points, each with the one file that may name it. */
const MEMBERS = [
  ...membersIn('lib/engine/ingest/dead-letters/dialects', 'registry.ts', ['dialect.ts']),
  ...readdirSync('lib/brokers', { withFileTypes: true })
    .filter((entry) => existsSync(`lib/brokers/${entry.name}/adapter.ts`))
    .map((entry) => ({ file: `lib/brokers/${entry.name}/open.ts`, registry: 'lib/brokers/registry.ts' })),
  ...sources
    .filter(({ file, text }) => /^lib\/workers\/[\w-]+\.ts$/.test(file) && /: Worker<'/.test(text))
    .map(({ file }) => ({ file, registry: 'lib/workers/registry.ts' })),
];

function membersIn(folder: string, registry: string, beside: string[]) {
  return readdirSync(folder)
    .filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && ![registry, ...beside].includes(file),
    )
    .map((file) => ({ file: `${folder}/${file}`, registry: `${folder}/${registry}` }));
}

describe('a member of an extension point', () => {
  it.each(MEMBERS)('$file is named by its registry alone', ({ file, registry }) => {
    expect(existsSync(file)).toBe(true);
    expect(importersOf(file)).toEqual([registry]);
  });
});
