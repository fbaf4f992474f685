'use client';

import { Modal } from '@mantine/core';
import { useTranslations } from 'next-intl';
import classes from './help.module.css';
import { NOUNS } from '@/components/page/noun';
import { PLACES, type Place } from '@/components/page/places';

const KEYS = ['search', 'move', 'open', 'choose', 'refresh', 'help'] as const;

/** Keys and words, behind `?`: each noun of the console in one sentence. */
export function Help({ onClose }: { onClose: () => void }) {
  const t = useTranslations('help');
  const nav = useTranslations('nav');
  const nouns = useTranslations('noun');
  const places = Object.entries(PLACES) as [Place, (typeof PLACES)[Place]][];
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('title')}
      size={640}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <div className={classes.help}>
        <section>
          <h2>{t('words')}</h2>
          <dl>
            {NOUNS.map((noun) => (
              <div key={noun}>
                <dt>{nouns(`${noun}.name`)}</dt>
                <dd>{nouns(`${noun}.sentence`)}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h2>{t('keys')}</h2>
          <dl>
            {KEYS.map((key) => (
              <div key={key}>
                <dt>
                  <kbd>{t(`key.${key}`)}</kbd>
                </dt>
                <dd>{t(`does.${key}`)}</dd>
              </div>
            ))}
            {places.map(([place, { letter }]) => (
              <div key={place}>
                <dt>
                  <kbd>g {letter}</kbd>
                </dt>
                <dd>{nav(place)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  );
}
