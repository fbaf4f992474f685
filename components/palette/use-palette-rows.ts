import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { readRecent } from '@/lib/client/recent';
import { failurePath, groupPath, topicPath } from '@/lib/contract/paths';
import type { FailureRow } from '@/lib/contract/failures';
import type { SearchAnswer, SearchHit } from '@/lib/contract/search';
import { visibleName } from '@/lib/values/visible-name';
import { PLACES, SECTIONS } from '@/components/page/places';

/** One line of the palette: where it leads or what it does, its label, and what it shows. */
export interface PaletteLine {
  /** The path it leads to; for an action, which leads nowhere, `#` and its name. */
  href: string;
  act?: () => void;
  label: string;
  hit?: SearchHit;
  failure?: FailureRow;
  group?: SearchAnswer['groups'][number];
}

export interface PaletteSection {
  name: 'messages' | 'groups' | 'topics' | 'failures' | 'similar' | 'recent' | 'pages' | 'actions' | 'goOn';
  rows: PaletteLine[];
  /** Number of the section's first line among all lines. */
  first: number;
}

/** Returns a function that builds the sections for a typed text: results, or suggestions before anything is typed. */
export function usePaletteRows(
  actionsFor: (typed: string) => PaletteLine[],
): (text: string, answer: SearchAnswer | undefined) => PaletteSection[] {
  const t = useTranslations('palette');
  const nav = useTranslations('nav');
  const [recent] = useState(readRecent);
  const pages = SECTIONS.flatMap((section) => section.places).map((place) => ({
    href: PLACES[place].href,
    label: nav(place),
  }));
  return (text, answer) => {
    const typed = text.trim();
    if (typed === '')
      return filled([
        { name: 'recent', rows: recent },
        { name: 'pages', rows: pages },
      ]);
    if (!answer) return [];
    const messageLine = (hit: SearchHit): PaletteLine => ({
      href: `/messages/${hit.id}`,
      label: [hit.type, hit.key].filter(Boolean).join(' ') || hit.id,
      hit,
    });
    const groups: Omit<PaletteSection, 'first'> = {
      name: 'groups',
      rows: answer.groups.map((group) => ({
        href: groupPath(group.name),
        label: visibleName(group.name),
        group,
      })),
    };
    // Who types the whole name of a group means that group, before the messages that it has.
    const isGroup = answer.readAs.length === 1 && answer.readAs[0]?.as === 'group';
    return filled([
      ...(isGroup ? [groups] : []),
      { name: 'messages', rows: answer.hits.map(messageLine) },
      { name: 'similar', rows: answer.similar.map(messageLine) },
      {
        name: 'failures',
        rows: answer.failures.map((failure) => ({
          href: failurePath(failure),
          label: t('failureOf', { error: failure.error ?? t('unnamedError'), group: failure.group }),
          failure,
        })),
      },
      ...(isGroup ? [] : [groups]),
      {
        name: 'topics',
        rows: answer.topics.map((topic) => ({ href: topicPath(topic), label: topic })),
      },
      {
        name: 'pages',
        rows: pages.filter((page) => page.label.toLowerCase().startsWith(typed.toLowerCase())),
      },
      { name: 'actions', rows: actionsFor(typed) },
      {
        name: 'goOn',
        rows:
          answer.hits.length > 1
            ? [
                {
                  href: listPath(answer),
                  label: t('showAll', {
                    count: answer.count,
                    isAll: String(answer.searched.looked === null && answer.count <= answer.hits.length),
                  }),
                },
              ]
            : [],
      },
    ]);
  };
}

/**
 * The line that opens when Enter was pressed before the answer was there: the message of that very id, or the only result.
 * Undefined where a person has to choose.
 */
export function unmistakable(sections: PaletteSection[], answer: SearchAnswer): PaletteLine | undefined {
  const results = sections
    // The failure of a message that was found is no other result; and nothing is done that was not seen to be offered.
    .filter(
      ({ name }) =>
        name !== 'similar' &&
        name !== 'goOn' &&
        name !== 'actions' &&
        !(name === 'failures' && answer.hits.length > 0),
    )
    .flatMap(({ rows }) => rows);
  const [word, ...others] = answer.readAs.map((item) => item.word);
  const ofThatId = others.length === 0 ? results.find(({ hit }) => hit && hit.id === word) : undefined;
  return ofThatId ?? (results.length === 1 ? results[0] : undefined);
}

function filled(sections: Omit<PaletteSection, 'first'>[]): PaletteSection[] {
  const shown = sections.filter((section) => section.rows.length > 0);
  return shown.map((section, at) => ({
    ...section,
    first: shown.slice(0, at).reduce((sum, item) => sum + item.rows.length, 0),
  }));
}

/** The list of messages with the same words as filters. */
function listPath(answer: SearchAnswer): string {
  const query = new URLSearchParams();
  for (const { word, as } of answer.readAs) {
    if (as === 'group' || as === 'topic' || as === 'type' || as === 'status')
      query.set(as, exactName(answer, word, as));
    else query.append('q', word);
  }
  const words = query.getAll('q').join(' ');
  if (words) query.set('q', words);
  return `/messages?${query}`;
}

/** A name as it is spelled, where the word was typed in another case. */
function exactName(answer: SearchAnswer, word: string, as: 'group' | 'topic' | 'type' | 'status'): string {
  if (as === 'status') return word.toUpperCase();
  const [hit] = answer.hits;
  const spelled =
    as === 'type'
      ? hit?.type
      : as === 'topic'
        ? hit?.topic
        : answer.groups.find((group) => group.name.toLowerCase() === word.toLowerCase())?.name;
  return spelled ?? word;
}
