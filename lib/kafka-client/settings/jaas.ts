/** The content of a `sasl.jaas.config` line. */
export interface JaasLine {
  /** Class name of the login module, without its package. */
  module: string;
  options: Record<string, string>;
}

const TOKEN =
  /\s+|\/\/[^\n]*|#[^\n]*|\/\*[^]*?\*\/|"((?:\\[^]|[^"\\])*)"|'((?:\\[^]|[^'\\])*)'|([=;])|([^\s"'=;/]+(?:\/[^\s"'=;/]+)*)/gy;

type Token = { word: string } | { sign: '=' | ';' };

/**
 * Reads one JAAS line as Kafka's `JaasConfig` does, which uses java.io.StreamTokenizer:
 * `<LoginModule> required name="value" ... ;`.
 * @throws Error with the place of the mistake; never with text of the line, which holds a password
 */
export function parseJaas(line: string): JaasLine {
  const tokens = tokensOf(line);
  const wordAt = (index: number): string | null => {
    const token = tokens[index];
    return token && 'word' in token ? token.word : null;
  };
  const loginModule = wordAt(0);
  if (loginModule === null || !/^(required|requisite|sufficient|optional)$/i.test(wordAt(1) ?? ''))
    throw new Error('it must begin with a login module and "required", then name="value" pairs and ";"');
  const options: Record<string, string> = {};
  let at = 2;
  for (; at < tokens.length && !isSign(tokens[at], ';'); at += 3) {
    const [name, value] = [wordAt(at), wordAt(at + 2)];
    if (name === null || value === null || !isSign(tokens[at + 1], '='))
      throw new Error(`after the login module it needs name="value" pairs; pair ${(at + 1) / 3} is none`);
    options[name] = value;
  }
  if (at >= tokens.length) throw new Error('it must end with ";"');
  if (at + 1 < tokens.length) throw new Error('it must hold one login module, and nothing after ";"');
  return { module: loginModule.split('.').at(-1) ?? loginModule, options };
}

function tokensOf(line: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(line);
    if (!match) throw new Error(`it is malformed at character ${at + 1}`);
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) tokens.push({ word: unescape(quoted) });
    else if (match[3] === '=' || match[3] === ';') tokens.push({ sign: match[3] });
    else if (match[4] !== undefined) tokens.push({ word: match[4] });
  }
  return tokens;
}

function isSign(token: Token | undefined, sign: '=' | ';'): boolean {
  return token !== undefined && 'sign' in token && token.sign === sign;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b' };

function unescape(text: string): string {
  return text.replace(/\\([0-7]{1,3}|[^])/g, (_, escaped: string) =>
    /^[0-7]/.test(escaped) ? String.fromCharCode(Number.parseInt(escaped, 8)) : (ESCAPES[escaped] ?? escaped),
  );
}
