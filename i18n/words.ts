import enConnection from '../messages/en/connection.json';
import enEpisodes from '../messages/en/episodes.json';
import enFailures from '../messages/en/failures.json';
import enGroups from '../messages/en/groups.json';
import enMessages from '../messages/en/messages.json';
import enOverview from '../messages/en/overview.json';
import enPage from '../messages/en/page.json';
import enRetries from '../messages/en/retries.json';
import enSettings from '../messages/en/settings.json';
import enShell from '../messages/en/shell.json';
import enStatus from '../messages/en/status.json';
import enTopics from '../messages/en/topics.json';
import enTrouble from '../messages/en/trouble.json';
import zhConnection from '../messages/zh-CN/connection.json';
import zhEpisodes from '../messages/zh-CN/episodes.json';
import zhFailures from '../messages/zh-CN/failures.json';
import zhGroups from '../messages/zh-CN/groups.json';
import zhMessages from '../messages/zh-CN/messages.json';
import zhOverview from '../messages/zh-CN/overview.json';
import zhPage from '../messages/zh-CN/page.json';
import zhRetries from '../messages/zh-CN/retries.json';
import zhSettings from '../messages/zh-CN/settings.json';
import zhShell from '../messages/zh-CN/shell.json';
import zhStatus from '../messages/zh-CN/status.json';
import zhTopics from '../messages/zh-CN/topics.json';
import zhTrouble from '../messages/zh-CN/trouble.json';

const EN = {
  connection: enConnection,
  episodes: enEpisodes,
  failures: enFailures,
  groups: enGroups,
  messages: enMessages,
  overview: enOverview,
  page: enPage,
  retries: enRetries,
  settings: enSettings,
  shell: enShell,
  status: enStatus,
  topics: enTopics,
  trouble: enTrouble,
};

/** The words of each noun, by language. */
export const WORDS: Record<'en' | 'zh-CN', typeof EN> = {
  en: EN,
  'zh-CN': {
    connection: zhConnection,
    episodes: zhEpisodes,
    failures: zhFailures,
    groups: zhGroups,
    messages: zhMessages,
    overview: zhOverview,
    page: zhPage,
    retries: zhRetries,
    settings: zhSettings,
    shell: zhShell,
    status: zhStatus,
    topics: zhTopics,
    trouble: zhTrouble,
  },
};

export type WordFile = keyof typeof EN;
export type AllWords = (typeof EN)[WordFile] extends infer File
  ? (File extends unknown ? (file: File) => void : never) extends (file: infer All) => void
    ? All
    : never
  : never;

/** Files of words that every page has. */
export const EVERYWHERE = ['shell', 'page', 'status'] as const satisfies WordFile[];

/** The words of some nouns, as next-intl takes them. */
export function wordsOf(locale: keyof typeof WORDS, files: readonly WordFile[]): Partial<AllWords> {
  return Object.assign({}, ...files.map((file) => WORDS[locale][file])) as Partial<AllWords>;
}

/** All words of a language: what the server renders from. */
export function allWords(locale: keyof typeof WORDS): AllWords {
  return wordsOf(locale, Object.keys(EN) as WordFile[]) as AllWords;
}
