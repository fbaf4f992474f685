import type { ReadWord } from '@/lib/domain/search-words';
import { STATUSES, type Status } from '@/lib/domain/status';
import type { ReadAs, SearchAnswer } from '@/lib/domain/search-views';
import type { MessageListRow } from '@/lib/domain/views';
import { listMessages } from '@/lib/store/messages/list';
import type { Call } from '../operation';
import { EMPTY_FILTER } from './filter';
import { knownNames } from './known-names';
import { rowsWithDeliveries } from './list-rows';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const MOST_NAMED = 4;

export interface Named {
  groups: SearchAnswer['groups'];
  topics: SearchAnswer['topics'];
  failures: SearchAnswer['failures'];
  /** What each word names; null where it names nothing. */
  readAs: (ReadAs | null)[];
  /** Newest messages that all the names fit, trouble with them; null where a word names nothing. */
  filter: ((limit: number) => Promise<MessageListRow[]>) | null;
}

/** Groups, topics, types, statuses and failures that the words of a search name. */
export async function findNamed(call: Call, words: ReadWord[]): Promise<Named> {
  const texts = words.map((word) => word.text.toLowerCase());
  const { names, groups, failures } = await knownNames(call);
  const exact = (list: readonly string[], text: string) => list.find((one) => one.toLowerCase() === text);
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
  const named = (as: ReadAs, list: readonly string[]) => {
    const at = readAs.indexOf(as);
    return at < 0 ? null : (exact(list, texts[at] ?? '') ?? null);
  };
  const fits = (...said: (string | null)[]) =>
    texts.every((text) => said.some((one) => one?.toLowerCase().includes(text) ?? false));
  const status = named('status', STATUSES) as Status | null;
  const filter = readAs.every((as) => as !== null)
    ? async (limit: number) => {
        const group = named('group', names.groups);
        const topic = named('topic', names.topics);
        const messages = await listMessages(
          call.store,
          call.partitions,
          {
            ...EMPTY_FILTER,
            clusterId: call.cluster.id,
            statuses: status ? [status] : [],
            groupId: group === null ? null : await call.catalog.findGroup(group),
            topicId: topic === null ? null : await call.catalog.findTopic(topic),
            type: named('type', names.types),
          },
          LAST_ID,
          limit,
        );
        return rowsWithDeliveries(call, messages, group);
      }
    : null;
  return {
    groups: groups
      .filter((group) => fits(group.name))
      .slice(0, MOST_NAMED)
      .map(({ name, verdict, lag }) => ({ name, verdict, lag })),
    topics: names.topics.filter((topic) => fits(topic)).slice(0, MOST_NAMED),
    failures: failures
      .filter((one) => fits(one.group, one.error, one.type, one.message))
      .slice(0, MOST_NAMED),
    readAs,
    filter,
  };
}
