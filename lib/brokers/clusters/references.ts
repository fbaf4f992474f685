import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Replaces `${env:NAME}` and `${file:/path}` by their values, so that settings need not contain secrets. Of a file
 * the last line break is left out.
 * @param folder that relative paths start from
 * @param problem takes a sentence, without the full stop, where something is missing
 */
export function resolveReferences(
  text: string,
  environment: Record<string, string | undefined>,
  folder: string,
  problem: (sentence: string) => void,
): string {
  return text.replace(/\$\{(env|file):([^}]+)\}/g, (_, kind: string, name: string) => {
    if (kind === 'env') {
      const value = environment[name];
      if (value === undefined) problem(`the variable ${name} is not set`);
      return value ?? '';
    }
    try {
      return readFileSync(path.resolve(folder, name), 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      problem(`the file ${name} cannot be read (${code})`);
      return '';
    }
  });
}
