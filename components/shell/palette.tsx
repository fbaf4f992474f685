'use client';

import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState, type KeyboardEvent } from 'react';
import { StatusText } from '@/components/messages/status-chip';
import { useGo } from './link';
import { useFormat } from '@/components/ui/use-format';
import { useSearch } from '@/lib/client/use-messages';
import type { SearchAnswer, SearchHit } from '@/lib/domain/views';
import classes from './palette.module.css';

const PAGES = [
  { href: '/messages', word: 'messages' },
  { href: '/groups', word: 'groups' },
] as const;

/** The front door: paste an id, a key or a place; the results already carry the answer. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useTranslations('palette');
  const nav = useTranslations('nav');
  const go = useGo();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text, 120);
  const [chosen, setChosen] = useState(0);
  const { data, isError, isFetching } = useSearch(asked);
  const current = asked === text && text.trim() !== '' ? data : undefined;
  const hits = current ? [...current.hits, ...current.similar] : [];
  const targets =
    text.trim() === '' ? PAGES.map((page) => page.href) : hits.map((hit) => `/messages/${hit.id}`);
  const open = (path: string | undefined) => {
    if (!path) return;
    onClose();
    go(path);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((at) => Math.min(Math.max(at + step, 0), Math.max(0, targets.length - 1)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(targets[chosen] ?? targets[0]);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={880}
      yOffset={88}
      padding={0}
      radius={10}
      attributes={{ content: { 'aria-label': t('title') } }}
      classNames={{ content: classes.content, inner: classes.inner }}
    >
      <div className={classes.head}>
        <IconSearch size={16} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-label={t('title')}
          aria-expanded={targets.length > 0}
          aria-controls="palette-list"
          aria-activedescendant={targets.length > 0 ? `palette-${chosen}` : undefined}
          placeholder={t('placeholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKey}
          spellCheck={false}
          autoComplete="off"
        />
        <span className={classes.readAs}>
          {current && current.readAs !== 'nothing' ? t(`readAs.${current.readAs}`) : ''}
        </span>
        <button type="button" className={classes.escape} onClick={onClose}>
          {t('close')}
        </button>
      </div>
      <div id="palette-list" role="listbox" aria-label={t('results')} className={classes.list}>
        {text.trim() === ''
          ? PAGES.map((page, at) => (
              <div
                key={page.href}
                id={`palette-${at}`}
                role="option"
                aria-selected={at === chosen}
                className={classes.page}
                onClick={() => open(page.href)}
              >
                {nav(page.word)}
              </div>
            ))
          : hits.map((hit, at) => (
              <Hit
                key={hit.id}
                hit={hit}
                at={at}
                chosen={at === chosen}
                onOpen={() => open(`/messages/${hit.id}`)}
              />
            ))}
      </div>
      <div className={classes.foot} aria-live="polite">
        <Foot text={text} answer={current} busy={isFetching} failed={isError} />
      </div>
    </Modal>
  );
}

function Hit({
  hit,
  at,
  chosen,
  onOpen,
}: {
  hit: SearchHit;
  at: number;
  chosen: boolean;
  onOpen: () => void;
}) {
  const t = useTranslations('palette');
  const format = useFormat();
  return (
    <div id={`palette-${at}`} role="option" aria-selected={chosen} className={classes.hit} onClick={onOpen}>
      <div className={classes.line}>
        <strong>{hit.type ?? t('noType')}</strong>
        {hit.key ? <code className={classes.key}>{hit.key}</code> : null}
        <StatusText status={hit.status} detail={hit.detail} />
        <span className={classes.at}>{format.time(hit.at, true)}</span>
      </div>
      <div className={classes.second}>
        {hit.error ? (
          <>
            <b>{hit.group}</b> <code>{hit.error.type}</code> {hit.error.message} ·{' '}
          </>
        ) : null}
        {t('handledOf', { handled: hit.handled, total: hit.total })} · {hit.topic}
      </div>
    </div>
  );
}

function Foot({
  text,
  answer,
  busy,
  failed,
}: {
  text: string;
  answer: SearchAnswer | undefined;
  busy: boolean;
  failed: boolean;
}) {
  const t = useTranslations('palette');
  if (text.trim() === '') return <>{t('hint')}</>;
  if (failed) return <>{t('failed')}</>;
  if (!answer) return <>{busy ? t('searching') : ''}</>;
  const what = answer.searched.what.map((one) => t(`what.${one}`)).join(', ');
  const searched = t('searched', {
    what,
    from: answer.searched.from ?? t('theBegin'),
    milliseconds: answer.searched.milliseconds,
  });
  if (answer.hits.length > 0) return <>{searched}</>;
  return (
    <>
      <strong>{t('notFound', { text: text.trim().slice(0, 80) })}</strong> {searched}{' '}
      {answer.similar.length > 0 ? t('similar', { count: answer.similar.length }) : t('notSearched')}
    </>
  );
}
