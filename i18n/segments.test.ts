import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVERYWHERE, WORDS, type WordFile } from './words';

const FILE_OF = new Map(
  Object.entries(WORDS.en).flatMap(([file, words]) =>
    Object.keys(words).map((namespace) => [namespace, file as WordFile] as const),
  ),
);
const EXTENSIONS = ['.tsx', '.ts', '/index.ts'];

function resolve(from: string, specifier: string): string | undefined {
  const base = specifier.startsWith('@/')
    ? specifier.slice(2)
    : path.join(path.dirname(from), specifier).replaceAll(path.sep, '/');
  return EXTENSIONS.map((extension) => base + extension).find((file) => sources.has(file));
}

const sources = new Map(
  ['app', 'components']
    .flatMap((room) => readdirSync(room, { recursive: true }).map((file) => path.join(room, String(file))))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => [file, readFileSync(file, 'utf8')]),
);

/** A file of the console with all that it loads, at once or later. */
function closure(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, specifier = ''] of (sources.get(file) ?? '').matchAll(
    /(?:from |import\()'((?:@\/|\.{1,2}\/)[^']+)'/g,
  )) {
    const target = resolve(file, specifier);
    if (target) closure(target, seen);
  }
  return seen;
}

/** Files of words that a page needs in the browser. */
function needed(page: string): Set<WordFile> {
  const namespaces = [...closure(page)]
    .filter((file) => file.startsWith('components/'))
    .flatMap((file) => [...(sources.get(file) ?? '').matchAll(/useTranslations\(\s*'(\w+)/g)])
    .map(([, namespace = '']) => namespace);
  return new Set(
    namespaces.map((namespace) => {
      const file = FILE_OF.get(namespace);
      if (!file) throw new Error(`${page} uses the words ${namespace}, which stand in no file.`);
      return file;
    }),
  );
}

/** Files of words that the layouts around a page send, without those that are everywhere. */
function sent(page: string): WordFile[] {
  const folders = path.dirname(page).split('/');
  return folders.flatMap((_, depth) => {
    return sentBy(`${folders.slice(0, depth + 1).join('/')}/layout.tsx`);
  });
}

/** Files of words that one layout sends. */
function sentBy(layout: string): WordFile[] {
  const list = /<Words of=\{\[([^\]]*)\]\}>/.exec(sources.get(layout) ?? '')?.[1] ?? '';
  return [...list.matchAll(/'(\w+)'/g)].map(([, file]) => file as WordFile);
}

const pages = [...sources.keys()].filter((file) => /\/(page|layout|error|not-found)\.tsx$/.test(file));

describe('words of pages', () => {
  it.each(pages)('%s has the words that it uses', (page) => {
    const has = new Set<WordFile>([...EVERYWHERE, ...sent(page)]);
    expect([...needed(page)].filter((file) => !has.has(file))).toEqual([]);
  });

  it('are sent to no segment that uses none of them', () => {
    const layouts = pages.filter((file) => file.endsWith('layout.tsx') && sentBy(file).length > 0);
    for (const layout of layouts) {
      const folder = path.dirname(layout);
      const uses = new Set(
        pages.filter((page) => page.startsWith(`${folder}/`)).flatMap((page) => [...needed(page)]),
      );
      expect(
        sentBy(layout).filter((file) => !uses.has(file)),
        layout,
      ).toEqual([]);
    }
  });
});
