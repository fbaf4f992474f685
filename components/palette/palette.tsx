'use client';

import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconClipboardText, IconSearch } from '@tabler/icons-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState, type KeyboardEvent } from 'react';
import { usePhone } from '@/components/ui/use-phone';
import { rememberRecent } from '@/lib/client/recent';
import { useSearch } from '@/lib/client/use-messages';
import type { SearchAnswer } from '@/lib/contract/search';
import { useGo } from '@/components/page/link';
import { PaletteFoot } from './palette-foot';
import { PaletteRow } from './palette-row';
import classes from './palette.module.css';
import { useEarlyEnter } from './use-early-enter';
import { usePaletteActions } from './use-palette-actions';
import { unmistakable, usePaletteRows } from './use-palette-rows';

const MAX_CHARACTERS = 2_000;

/** The front door: paste an id, a key or a place; the results already carry the answer. */
export function Palette({
  text,
  onText,
  onClose,
  onHelp,
}: {
  text: string;
  onText: (text: string) => void;
  onClose: () => void;
  onHelp: () => void;
}) {
  const t = useTranslations('palette');
  const go = useGo();
  const [asked] = useDebouncedValue(text, 90);
  const [chosen, setChosen] = useState(0);
  const { data, error, isFetching, isPlaceholderData } = useSearch(asked);
  const current = asked === text && text.trim() !== '' ? data : undefined;
  const rowsFor = usePaletteRows(usePaletteActions(onHelp));
  const sections = rowsFor(text, current);
  const rows = sections.flatMap((section) => section.rows);
  const open = (row: (typeof rows)[number] | undefined) => {
    if (!row) return;
    onClose();
    if (row.act) return row.act();
    rememberRecent({ href: row.href, label: row.label, found: true });
    go(row.href);
  };
  const openWhenAnswered = useEarlyEnter(text, (answer) => open(unmistakable(rowsFor(text, answer), answer)));
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((at) => Math.min(Math.max(at + step, 0), Math.max(0, rows.length - 1)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // The rows shown may still be the answer to fewer letters.
      if (text.trim() === '' || (current && !isPlaceholderData)) open(rows[chosen] ?? rows[0]);
      else openWhenAnswered();
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
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': t('title') } }}
      classNames={{ content: classes.content, inner: classes.inner }}
    >
      <div className={classes.head}>
        <IconSearch size={16} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-label={t('title')}
          aria-expanded={rows.length > 0}
          aria-controls="palette-list"
          aria-activedescendant={rows.length > 0 ? `palette-${chosen}` : undefined}
          placeholder={t('placeholder')}
          value={text}
          maxLength={MAX_CHARACTERS}
          onChange={(event) => {
            onText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKey}
          spellCheck={false}
          autoComplete="off"
        />
        <span className={classes.readAs}>{current ? <ReadAs answer={current} /> : ''}</span>
        <PasteButton
          onPaste={(pasted) => {
            onText(pasted);
            setChosen(0);
          }}
        />
        <button type="button" className={classes.escape} onClick={onClose}>
          {t('close')}
        </button>
      </div>
      <Results sections={sections} chosen={chosen} onOpen={open} />
      <div className={classes.foot} aria-live="polite">
        <PaletteFoot
          text={text}
          answer={current}
          busy={isFetching && (!current || isPlaceholderData)}
          error={error}
          onClose={onClose}
        />
      </div>
    </Modal>
  );
}

/** How each word of the search was read. */
function ReadAs({ answer }: { answer: SearchAnswer }) {
  const t = useTranslations('palette');
  const format = useFormatter();
  if (answer.readAs.length === 0) return null;
  const words = answer.readAs.map(({ as, also }) =>
    format.list([as, ...also].map((item) => t(`readAs.${item}`))),
  );
  return t('readWords', { words: words.join(' + ') });
}

type Section = ReturnType<ReturnType<typeof usePaletteRows>>[number];

function Results({
  sections,
  chosen,
  onOpen,
}: {
  sections: Section[];
  chosen: number;
  onOpen: (row: Section['rows'][number]) => void;
}) {
  const t = useTranslations('palette');
  return (
    <div id="palette-list" role="listbox" aria-label={t('results')} className={classes.list}>
      {sections.map((section) => (
        <div key={section.name} role="group" aria-label={t(`section.${section.name}`)}>
          <div className={classes.section} aria-hidden>
            <span>{t(`section.${section.name}`)}</span>
            {section.name === 'messages' && section.rows.length > 1 ? <span>{t('troubleFirst')}</span> : null}
          </div>
          {section.rows.map((row, index) => (
            <PaletteRow
              key={`${section.name} ${row.href}`}
              id={`palette-${section.first + index}`}
              row={row}
              chosen={section.first + index === chosen}
              onOpen={() => onOpen(row)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

/** On the phone, where pasting by hand takes three touches; browsers offer it only to pages from a safe origin. */
function PasteButton({ onPaste }: { onPaste: (text: string) => void }) {
  const t = useTranslations('palette');
  const isPhone = usePhone();
  if (!isPhone || !('clipboard' in navigator)) return null;
  const paste = async () => {
    const text = await navigator.clipboard.readText().catch(() => '');
    if (text.trim() !== '') onPaste(text.trim().slice(0, MAX_CHARACTERS));
  };
  return (
    <button type="button" className={classes.paste} onClick={() => void paste()}>
      <IconClipboardText size={16} aria-hidden /> {t('paste')}
    </button>
  );
}
