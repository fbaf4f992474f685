import type { ReadWord } from '@/lib/domain/search/words';
import { STATUSES, type Status } from '@/lib/domain/messages/status';
import type { ReadAs, SearchAnswer, SearchHit } from '@/lib/contract/search';
import type { MessageFilter } from '@/lib/store/messages/filter';
import type { Call } from '../operation';
import { nameContains } from '@/lib/store/names/catalog';
import { knownNames } from './known-names';

const MAX_NAMED = 4;

export interface Named {
  groups: SearchAnswer['groups'];
  topics: SearchAnswer['topics'];
  failures: SearchAnswer['failures'];
  /** What each word names; null where it names nothing. */
  readAs: (ReadAs | null)[];
  /** The names of those words as a filter. @param used which words are taken as names */
  filter(used: boolean[]): Promise<NamedFilter>;
}

/** What names narrow a list of messages to. */
export interface NamedFilter extends Pick<MessageFilter, 'statuses' | 'groupId' | 'topicId'> {
  type: string | null;
  group: string | null;
}

/** Groups, topics, types, statuses and failures that the words of a search name. */
export async function findNamed(call: Call, words: ReadWord[]): Promise<Named> {
  const texts = words.map((word) => word.text.toLowerCase());
  const { names, groups, failures } = await knownNames(call);
  const exact = (list: readonly string[], text: string) => list.find((item) => item.toLowerCase() === text);
  const readAs = texts.map((text): ReadAs | null =>
    exact(STATUSES, text)
      ? 'status'
      : exact(names.groups, text)
        ? 'group'
        : exact(names.topics, text)
          ? 'topic'
          : exact(names.types, text)
            ? 'type'
            : null,
  );
  const fits = (...said: (string | null)[]) =>
    texts.every((text) => said.some((item) => item !== null && nameContains(item.toLowerCase(), text)));
  const filter = async (used: boolean[]): Promise<NamedFilter> => {
    const named = (as: ReadAs, list: readonly string[]) => {
      const at = readAs.findIndex((item, index) => item === as && used[index]);
      return at < 0 ? null : (exact(list, texts[at] ?? '') ?? null);
    };
    const status = named('status', STATUSES) as Status | null;
    const group = named('group', names.groups);
    const topic = named('topic', names.topics);
    return {
      group,
      statuses: status ? [status] : [],
      groupId: group === null ? null : await call.catalog.findGroup(group),
      topicId: topic === null ? null : await call.catalog.findTopic(topic),
      type: named('type', names.types),
    };
  };
  return {
    groups: groups
      .filter((group) => fits(group.name))
      .slice(0, MAX_NAMED)
      .map(({ name, verdict, lag }) => ({ name, verdict, lag })),
    topics: names.topics.filter((topic) => fits(topic)).slice(0, MAX_NAMED),
    failures: failures
      .filter((failure) => fits(failure.group, failure.error, failure.type, failure.message))
      .slice(0, MAX_NAMED),
    readAs,
    filter,
  };
}

/** Failures that messages which were found are part of. */
export async function failuresOf(call: Call, hits: SearchHit[]): Promise<SearchAnswer['failures']> {
  const { failures } = await knownNames(call);
  const isOf = (hit: SearchHit, item: SearchAnswer['failures'][number]) =>
    hit.group === item.group && hit.type === item.type && hit.error !== null && hit.error.type === item.error;
  return failures.filter((failure) => hits.some((hit) => isOf(hit, failure))).slice(0, MAX_NAMED);
}
