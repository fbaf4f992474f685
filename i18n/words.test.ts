import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allWords } from './words';

type Words = { [key: string]: string | Words };

function flat(words: Words, before = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${before}${key}`, value] as [string, string]]
      : flat(value, `${before}${key}.`),
  );
}

const placeholders = (text: string) =>
  [
    ...new Set(
      [...text.matchAll(/(?<!(?:\b(?:one|other|none|true)|=\d+) )\{(\w+)[,}]/g)].map((match) => match[1]),
    ),
  ].sort();

function sources(folder: string): string {
  return readdirSync(folder)
    .map((name) => path.join(folder, name))
    .map((file) =>
      statSync(file).isDirectory() ? sources(file) : /\.tsx?$/.test(file) ? readFileSync(file, 'utf8') : '',
    )
    .join('\n');
}

describe('words', () => {
  const english = new Map(flat(allWords('en')));
  const chinese = new Map(flat(allWords('zh-CN')));

  it('are the same in both languages, with the same placeholders', () => {
    expect([...chinese.keys()]).toEqual([...english.keys()]);
    for (const [key, text] of english) {
      const other = chinese.get(key) ?? '';
      const named = placeholders(text).filter((name) => !/^(one|other)$/.test(name ?? ''));
      for (const name of named)
        expect(other.includes(`{${name}`) || key === 'groups.messages', `${key}: {${name}}`).toBe(true);
    }
  });

  it('write numbers as numbers in both languages, so that none stands without its separators', () => {
    const numeric = (text: string) =>
      [...text.matchAll(/\{(\w+), (?:plural|number)/g)].map((match) => match[1] ?? '');
    for (const [key, text] of english) {
      const other = chinese.get(key) ?? '';
      for (const name of new Set([...numeric(text), ...numeric(other)]))
        expect(text.includes(`{${name}}`) || other.includes(`{${name}}`), `${key}: {${name}}`).toBe(false);
    }
  });

  it('use no word that the writing rules forbid', () => {
    for (const [key, text] of english)
      expect(text, key).not.toMatch(/\b(please|sorry|oops|successfully)\b|!/i);
    for (const [key, text] of chinese) expect(text, key).not.toMatch(/您|请(?!求)|成功地|！/);
  });

  it('are all used by a page', () => {
    const code = sources('components') + sources('app');
    const unused = [...english.keys()].filter((key) => {
      const last = key.split('.').at(-1) ?? '';
      const parent = key.split('.').at(-2) ?? '';
      // A key is used by name, or its parent by a template such as t(`state.${one}`) or a namespace.
      return (
        !code.includes(`'${last}'`) &&
        !code.includes(`.${last}'`) &&
        !code.includes(`${parent}.\${`) &&
        !code.includes(`'${parent}.${last}'`)
      );
    });
    // Asked for by a value that comes from the API.
    const dynamic = [
      'units.',
      'status.',
      'verdict.',
      'nav.',
      'payload.absent.',
      'connection.found.',
      'topics.unread.',
      'headers.as.',
      'connection.cause.',
      'trouble.main.',
      'trouble.retry.',
      'workers.name.',
    ];
    expect(unused.filter((key) => !dynamic.some((prefix) => key.startsWith(prefix)))).toEqual([]);
  });
});
