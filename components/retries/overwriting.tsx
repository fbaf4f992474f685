import { TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import type { ManyPreview } from '@/lib/contract/retries';
import { parsePosition } from '@/lib/protocol/position';
import classes from './retries.module.css';

/** What a retry leaves out on one topic since newer records of the same keys are there. */
export type OverwritingTopic = ManyPreview['overwriting'][number];

/** Keys that are named; the rest is counted. */
const MAX_NAMED = 5;

/** Names what sending older records all the same would replace, and takes the typed name of the topic that agrees to it. */
export function Overwriting({
  topics,
  typed,
  onTyped,
}: {
  topics: OverwritingTopic[];
  typed: string;
  onTyped: (text: string) => void;
}) {
  const t = useTranslations('retries');
  const code = (chunks: React.ReactNode) => <code>{chunks}</code>;
  const [first] = topics;
  if (!first) return null;
  const kind = topics.some(({ isCompacted }) => isCompacted) ? 'compacted' : 'ordered';
  return (
    <section className={classes.overwriting} aria-label={t('overwriting.title')}>
      {topics.map(({ topic, isCompacted, count, some }) => (
        <div key={topic}>
          <p>
            <IconAlertTriangle size={16} aria-hidden className={classes.warned} />
            <span>
              {t.rich(`overwriting.${isCompacted ? 'compacted' : 'ordered'}`, { topic, count, code })}
            </span>
          </p>
          <ul>
            {some.slice(0, MAX_NAMED).map(({ messageId, key, position }) => (
              <li key={messageId}>
                <code>{key ?? t('overwriting.noKey')}</code>{' '}
                {position === null ? t('overwriting.unread') : <Newest position={position} />}
              </li>
            ))}
            {count > MAX_NAMED ? (
              <li className="quiet">{t('overwriting.more', { count: count - MAX_NAMED })}</li>
            ) : null}
          </ul>
        </div>
      ))}
      <TextInput
        label={t.rich(`typeToOverwrite.${kind}`, { topic: first.topic, code })}
        value={typed}
        onChange={(event) => onTyped(event.target.value)}
        autoComplete="off"
      />
    </section>
  );
}

/** The newest record of a key, which its page shows. */
function Newest({ position }: { position: string }) {
  const t = useTranslations('retries');
  const place = parsePosition(position);
  if (!place) return null;
  const href = `/topics/${encodeURIComponent(place.topic)}/${place.partition}/${place.offset}`;
  return t.rich('overwriting.newest', { position, link: (chunks) => <Link href={href}>{chunks}</Link> });
}
